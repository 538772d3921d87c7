/**
 * Text of a cluster or a kubeconfig within a notification: VS Code would make a link, even one to a command, of
 * `[label](target)`.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (');
}
