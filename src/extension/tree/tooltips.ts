import * as vscode from 'vscode';
import type { DemoScene } from '../../demo/demoScene';
import type { Source } from '../../hub/source';
import type { ClusterPersona } from '../../persona/clusterPersona';
import type { SummaryRow } from '../../protocol/summaryRow';
import { alertCountText } from '../../texts/alertText';
import { awayCertainty, awayHeadline, fieldChangeText } from '../../texts/changeText';
import { countText } from '../../texts/countText';
import { cutText } from '../../base/cutText';
import { freshnessTexts } from '../../texts/freshnessText';
import { environmentText, phaseText } from '../../texts/personaText';
import { listProblemText } from '../../texts/problemText';
import { nextTryText, stateText } from '../../texts/stateText';
import { demoSceneText } from '../demoSceneText';
import { personaIconId, stateIconId } from '../icons';
import type { KubeconfigContext } from '../platform';
import { appendPlain } from '../markdownText';
import { nodesText, problemOf } from '../sourceFacts';

/** A tooltip is for a glance. */
const MAX_FIELDS = 5;
const MAX_NAMES = 10;
const MAX_FACT_CHARS = 120;

export interface SourceOrigin {
  readonly context: KubeconfigContext | undefined;
  /** What a demo cluster plays. */
  readonly scene: DemoScene | undefined;
  /** Alerts that last, of the source and its personas. */
  readonly alertCount: number;
}

/** A source in a few lines: its state and age, what is wrong and what to do, where it comes from. */
export function sourceTooltip(
  source: Source,
  { context, scene, alertCount }: SourceOrigin,
  now: number,
): vscode.MarkdownString {
  const status = source.status();
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.appendMarkdown(`$(${stateIconId(status.state, status.kind)}) **`);
  appendPlain(markdown, status.label);
  markdown.appendMarkdown('** ');
  const nextTry = nextTryText(status.state, now);
  appendPlain(
    markdown,
    [stateText(status.state, now), ...(nextTry === undefined ? [] : [nextTry])].join(', '),
  );
  const problem = problemOf(status.state);
  if (problem !== undefined) {
    const text = listProblemText(problem, status.label);
    markdown.appendMarkdown('\n\n');
    appendPlain(markdown, text.what);
    markdown.appendMarkdown('\n\n');
    appendPlain(markdown, text.remedy);
  }
  for (const text of freshnessTexts(status, now)) {
    markdown.appendMarkdown('  \n');
    appendPlain(markdown, text);
  }
  if (status.count > 0) {
    markdown.appendMarkdown('\n\n');
    appendPlain(
      markdown,
      countText(
        status.count,
        vscode.l10n.t('1 ClusterPersona'),
        vscode.l10n.t('{0} ClusterPersonas', status.count),
      ),
    );
  }
  if (alertCount > 0) {
    markdown.appendMarkdown('  \n');
    appendPlain(markdown, alertCountText(alertCount));
  }
  appendAway(markdown, source);
  if (context !== undefined) {
    appendFact(markdown, vscode.l10n.t('Server'), context.server);
    appendFact(markdown, vscode.l10n.t('Kubeconfig'), context.path);
    appendFact(markdown, vscode.l10n.t('Signs in with'), context.execCommand);
  }
  if (scene !== undefined) {
    appendFact(markdown, vscode.l10n.t('Scene'), demoSceneText(scene).word);
  }
  return markdown;
}

/** A cluster in a few lines: phase, environment, nodes, add-ons, version, and how old the data is. */
export function personaTooltip(
  source: Source,
  persona: ClusterPersona,
  row: SummaryRow,
  now: number,
): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(undefined, true);
  markdown.appendMarkdown(`$(${personaIconId(row.phase, row.health)}) **`);
  appendPlain(markdown, row.name);
  markdown.appendMarkdown('** ');
  appendPlain(
    markdown,
    [phaseText(row.phase), row.environment === undefined ? undefined : environmentText(row.environment)]
      .filter((part) => part !== undefined)
      .join(' · '),
  );
  if (persona.spec.description !== undefined) {
    markdown.appendMarkdown('\n\n');
    appendPlain(markdown, persona.spec.description);
  }
  const unknown = vscode.l10n.t('unknown');
  appendFact(markdown, vscode.l10n.t('Nodes ready'), nodesText(row) ?? unknown);
  appendFact(markdown, vscode.l10n.t('Platform'), persona.status?.platform ?? unknown);
  appendFact(markdown, vscode.l10n.t('Kubernetes'), persona.status?.kubernetesVersion ?? unknown);
  const change = source.away.get(row.name);
  if (change !== undefined) {
    markdown.appendMarkdown('\n\n');
    appendPlain(markdown, `${awayHeadline(change)}, ${awayCertainty(change.how)}`);
    for (const field of change.fields.slice(0, MAX_FIELDS)) {
      markdown.appendMarkdown('  \n');
      appendPlain(markdown, fieldChangeText(field));
    }
  }
  markdown.appendMarkdown('\n\n');
  appendPlain(markdown, stateLine(source, now));
  return markdown;
}

/** Names of those that changed unseen: some are gone, and have no row of their own to say so. */
function appendAway(markdown: vscode.MarkdownString, source: Source): void {
  const names = source.away.unseen();
  for (const name of names.slice(0, MAX_NAMES)) {
    const change = source.away.get(name);
    if (change !== undefined) {
      markdown.appendMarkdown('  \n');
      appendPlain(markdown, `${name}: ${awayHeadline(change)}`);
    }
  }
  if (names.length > MAX_NAMES) {
    markdown.appendMarkdown('  \n');
    appendPlain(markdown, vscode.l10n.t('and {0} more', names.length - MAX_NAMES));
  }
}

function stateLine(source: Source, now: number): string {
  const status = source.status();
  return [stateText(status.state, now), ...freshnessTexts(status, now)].join(' · ');
}

function appendFact(markdown: vscode.MarkdownString, label: string, value: string | undefined): void {
  if (value !== undefined && value !== '') {
    markdown.appendMarkdown('  \n');
    appendPlain(markdown, `${label}: ${cutText(value, MAX_FACT_CHARS)}`);
  }
}
