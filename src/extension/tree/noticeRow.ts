import * as vscode from 'vscode';

/** A row that says something about the one above it. */
export function noticeRow(label: string, icon: vscode.ThemeIcon | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.contextValue = 'notice';
  if (icon !== undefined) {
    item.iconPath = icon;
  }
  return item;
}
