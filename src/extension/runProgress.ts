import * as vscode from 'vscode';
import type { CommandEnd, CommandRun } from '../hub/commandRun';
import type { CommandStep } from '../protocol/commandProgress';

export interface RunProgressOptions {
  readonly title: string;
  /** A notification can be cancelled, the line in the status bar cannot. */
  readonly location: vscode.ProgressLocation.Notification | vscode.ProgressLocation.Window;
  readonly message: (step: CommandStep) => string | undefined;
}

/** Shows a run for as long as it lasts; with its end. */
export function showRun(run: CommandRun, options: RunProgressOptions): Thenable<CommandEnd> {
  const { title, location, message } = options;
  const cancellable = location === vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ title, location, cancellable }, async (progress, cancellation) => {
    const cancelling = cancellation.onCancellationRequested(() => run.cancel());
    let shownPercent = 0;
    const show = (step: CommandStep): void => {
      const percent = (step.fraction ?? 0) * 100;
      const text = message(step);
      progress.report({
        increment: percent - shownPercent,
        ...(text === undefined ? {} : { message: text }),
      });
      shownPercent = percent;
    };
    const following = run.onStep(show);
    show(run.step);
    try {
      return await run.finished;
    } finally {
      following.dispose();
      cancelling.dispose();
    }
  });
}
