import * as vscode from 'vscode';

/** Where the webviews' bundles lie; nothing else of the disk is readable for them. */
export function webviewRoot(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}

export interface WebviewPage {
  readonly webview: vscode.Webview;
  readonly extensionUri: vscode.Uri;
  /** Name of the bundle. */
  readonly bundle: 'detail' | 'logs';
  readonly title: string;
}

/**
 * The page a webview starts with: one script, by nonce, and the styles and fonts of its own folder. No connection to
 * anywhere: data comes by message only.
 */
export function webviewHtml({ webview, extensionUri, bundle, title }: WebviewPage): string {
  const uri = (file: string): vscode.Uri =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewRoot(extensionUri), file));
  const nonce = makeNonce();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeHtml(vscode.env.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${uri(`${bundle}.css`).toString()}">
<title>${escapeHtml(title)}</title>
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${uri(`${bundle}.js`).toString()}"></script>
</body>
</html>`;
}

/** 128 random bits: what the Content Security Policy specification asks for. */
function makeNonce(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
