/**
 * Text of a cluster or a kubeconfig within a notification: VS Code would make a link, even one to a command, of
 * `[label](target)`.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (');
}

/** Text of a cluster or a kubeconfig in a pick list or the status bar, where `$(name)` would be drawn as an icon. */
export function plainLabel(text: string): string {
  return text.replaceAll('$(', String.raw`\$(`);
}
