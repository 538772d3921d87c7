import * as vscode from 'vscode';
import type { DemoScene } from '../../demo/demoScene';
import type { Hub } from '../../hub/hub';
import type { Source } from '../../hub/source';
import type { ClusterPersona } from '../../persona/clusterPersona';
import type { Metric, MetricPoint } from '../../protocol/metric';
import type { SummaryRow } from '../../protocol/summaryRow';
import { alertCountText } from '../../texts/alertText';
import { awayHeadline } from '../../texts/changeText';
import { countText } from '../../texts/countText';
import { cutText } from '../../base/cutText';
import { freshnessTexts } from '../../texts/freshnessText';
import { listProblemText } from '../../texts/problemText';
import { nextTryText, stateText } from '../../texts/stateText';
import { demoSceneText } from '../demoSceneText';
import { personaIconId, stateIconId } from '../icons';
import type { HubAddress } from '../configuration/decodeSettings';
import type { KubeconfigContext } from '../platform';
import { appendPlain } from '../markdownText';
import { problemOf } from '../sourceFacts';
import { appendStatusCard } from './statusCardMarkdown';

/** A tooltip is for a glance. */
const MAX_NAMES = 10;
const MAX_FACT_CHARS = 120;
/** Many more than it draws. */
const MAX_POINTS = 1_000;

export interface SourceOrigin {
  readonly context: KubeconfigContext | undefined;
  /** The hub through which it is followed. */
  readonly hub: HubAddress | undefined;
  /** What a demo cluster plays. */
  readonly scene: DemoScene | undefined;
  /** Alerts that last, of the source and its personas. */
  readonly alertCount: number;
}

/** A source in a few lines: its state and age, what is wrong and what to do, where it comes from. */
export function sourceTooltip(
  source: Source,
  { context, hub, scene, alertCount }: SourceOrigin,
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
    const text = listProblemText(problem, status.label, status.kind);
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
  if (hub !== undefined) {
    markdown.appendMarkdown('\n\n');
    appendPlain(markdown, vscode.l10n.t('Through the hub {0}', hub.url));
  }
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

/** A cluster as a small status card. `now` is wall milliseconds. */
export function personaTooltip(
  hub: Pick<Hub, 'alerts' | 'metrics'>,
  source: Source,
  persona: ClusterPersona,
  row: SummaryRow,
  now: number,
): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(undefined, true);
  const key = { source: source.id, name: row.name };
  const pointsOf = (metric: Metric): readonly MetricPoint[] =>
    hub.metrics.read({ ...key, metric, from: 0, limit: MAX_POINTS }).points;
  const facts = {
    persona,
    status: source.status(),
    icon: personaIconId(row.phase, row.health),
    alerts: hub.alerts.list(key).alerts,
    cpu: pointsOf('cpuPercent'),
    memory: pointsOf('memoryPercent'),
    change: source.away.get(row.name),
  };
  appendStatusCard(markdown, facts, now);
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

function appendFact(markdown: vscode.MarkdownString, label: string, value: string | undefined): void {
  if (value !== undefined && value !== '') {
    markdown.appendMarkdown('  \n');
    appendPlain(markdown, `${label}: ${cutText(value, MAX_FACT_CHARS)}`);
  }
}
