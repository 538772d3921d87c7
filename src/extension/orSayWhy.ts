import * as vscode from 'vscode';
import { failureText } from './failureText';

/** For what a button began that nobody waits for: where it fails it is said, as VS Code says it of a command. Never rejects. */
export async function orSayWhy(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    void vscode.window.showErrorMessage(failureText(error));
  }
}
