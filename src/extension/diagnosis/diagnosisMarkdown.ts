import * as l10n from '@vscode/l10n';
import { oneLine } from '../../base/oneLine';
import type { CheckResult, Diagnosis } from '../../doctor/diagnosis';
import type { RealtimeFigures, ViewFigures } from '../../doctor/realtimeFigures';
import { countText } from '../../texts/countText';
import { loadText, perSecondText, viewKindText } from '../flowText';
import { escapeMarkdown } from '../markdownText';
import { checkTitle, outcomeText, resultHeadline, resultText } from './checkText';

/** As long as the longest line that a check writes. */
const MAX_LINE_CHARS = 2_000;

/** The whole of a diagnosis in a sentence or two. */
export function verdictText({ results }: Diagnosis): string {
  const of = (outcome: CheckResult['outcome']) => results.filter((result) => result.outcome === outcome);
  const titles = (found: readonly CheckResult[]): string => found.map(({ id }) => checkTitle(id)).join(', ');
  const [failed, warned] = [of('failed'), of('warning')];
  const run = results.length - of('skipped').length;
  const blocked = results.filter(
    (result) => result.outcome === 'skipped' && result.reason.type === 'after',
  ).length;
  const parts: string[] = [];
  if (failed.length > 0) {
    parts.push(
      countText(
        failed.length,
        l10n.t('1 of {0} checks failed: {1}.', run, titles(failed)),
        l10n.t('{0} of {1} checks failed: {2}.', failed.length, run, titles(failed)),
      ),
    );
  }
  if (warned.length > 0) {
    parts.push(
      countText(
        warned.length,
        l10n.t('1 of {0} checks gave a warning: {1}.', run, titles(warned)),
        l10n.t('{0} of {1} checks gave a warning: {2}.', warned.length, run, titles(warned)),
      ),
    );
  }
  if (parts.length === 0) {
    parts.push(l10n.t('All {0} checks passed.', run));
  }
  if (blocked > 0) {
    parts.push(countText(blocked, l10n.t('1 could not be run.'), l10n.t('{0} could not be run.', blocked)));
  }
  return parts.join(' ');
}

/**
 * A diagnosis as Markdown. `head` are sentences that stand between the verdict and the table, in Markdown. What a cluster,
 * proxy or kubeconfig said is shown as it is and never as markup.
 */
export function diagnosisMarkdown(diagnosis: Diagnosis, head: readonly string[]): string {
  const { label, results, startedAt } = diagnosis;
  const time = new Date(startedAt).toISOString().replace(/\.\d+Z$/, 'Z');
  return [
    `# ${l10n.t('Connection to {0}', escapeMarkdown(label))}`,
    `**${escapeMarkdown(verdictText(diagnosis))}** ${time}`,
    ...head,
    ...troubleOf(results, label),
    `## ${l10n.t('Checks')}`,
    [
      `| ${l10n.t('Check')} | ${l10n.t('Result')} | ${l10n.t('Time')} |`,
      '| :-- | :-- | --: |',
      ...results.map(tableRow),
    ].join('\n'),
    ...realtimeOf(diagnosis.realtime),
    ...detailsOf(results),
    '',
  ].join('\n\n');
}

function troubleOf(results: readonly CheckResult[], label: string): string[] {
  return results.flatMap((result) => {
    const text = resultText(result, label);
    if (text === undefined) {
      return [];
    }
    const problem = 'problem' in result ? result.problem : undefined;
    return [
      `## ${outcomeText(result.outcome)}: ${checkTitle(result.id)}`,
      `${escapeMarkdown(text.what)} **${escapeMarkdown(text.remedy)}**`,
      // Said already where there is nothing more exact to say.
      ...(problem === undefined || text.what.includes(problem.detail)
        ? []
        : [codeBlock([`${problem.code}: ${problem.detail}`])]),
    ];
  });
}

function tableRow(result: CheckResult): string {
  const headline = resultHeadline(result);
  const outcome = outcomeText(result.outcome);
  const said = headline === undefined ? outcome : `${outcome}: ${escapeMarkdown(headline)}`;
  const time = result.outcome === 'skipped' ? '' : l10n.t('{0} ms', result.durationMs.toLocaleString());
  return `| ${checkTitle(result.id)} | ${said} | ${time} |`;
}

function realtimeOf(realtime: RealtimeFigures | undefined): string[] {
  if (realtime === undefined) {
    return [];
  }
  const { eventLoopUtilisation, heapFraction, views } = realtime;
  return [
    `## ${l10n.t('Realtime')}`,
    loadText(eventLoopUtilisation, heapFraction),
    views.length === 0
      ? l10n.t('No view is open.')
      : [
          `| ${[
            l10n.t('View'),
            l10n.t('Frames/s at most'),
            l10n.t('Frames sent'),
            l10n.t('Waiting'),
            l10n.t('Dropped'),
            l10n.t('Credits'),
            l10n.t('fps'),
          ].join(' | ')} |`,
          '| :-- | --: | --: | --: | --: | --: | --: |',
          ...views.map(viewRow),
        ].join('\n'),
  ];
}

function viewRow({ view, isVisible, rate, framesSent, queued, dropped, credits, fps }: ViewFigures): string {
  const kind = viewKindText(view);
  const cells = [
    isVisible ? kind : l10n.t('{0}, hidden', kind),
    perSecondText(rate),
    framesSent.toLocaleString(),
    queued.toLocaleString(),
    dropped.toLocaleString(),
    credits.toLocaleString(),
    perSecondText(fps),
  ];
  return `| ${cells.join(' | ')} |`;
}

function detailsOf(results: readonly CheckResult[]): string[] {
  const told = results.filter(({ details }) => details.length > 0);
  return told.length === 0
    ? []
    : [
        `## ${l10n.t('Details')}`,
        ...told.flatMap(({ id, details }) => [`${checkTitle(id)}:`, codeBlock(details)]),
      ];
}

/** Fenced by more backticks than there are in it. */
function codeBlock(lines: readonly string[]): string {
  const text = lines.map((line) => oneLine(line, MAX_LINE_CHARS)).join('\n');
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
