import * as vscode from 'vscode';
import { CLUSTER_PERSONA } from '../protocol/clusterPersonaResource';

/**
 * Opens the custom resource definition as a new, unsaved document, so that it can be read, saved and applied. Installing
 * it is the cluster admin's decision.
 */
export async function openCrd(context: vscode.ExtensionContext): Promise<void> {
  const uri = vscode.Uri.joinPath(context.extensionUri, 'deploy', 'crd', `${CLUSTER_PERSONA.plural}.yaml`);
  const bytes = await vscode.workspace.fs.readFile(uri);
  const document = await vscode.workspace.openTextDocument({
    language: 'yaml',
    content: new TextDecoder().decode(bytes),
  });
  await vscode.window.showTextDocument(document);
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      'This defines ClusterPersonas. Save it, check it, and apply it with "kubectl apply -f FILE" as somebody who may create custom resource definitions.',
    ),
  );
}
