import * as l10n from '@vscode/l10n';
import { cutText } from '../../base/cutText';
import { readSeries, type SeriesPoint } from '../../base/readSeries';
import { capacityOf } from '../../persona/capacity';
import type { ClusterPersona } from '../../persona/clusterPersona';
import { countNodes } from '../../persona/nodeCounts';
import type { Alert } from '../../protocol/alert';
import type { AwayChange } from '../../protocol/awayChange';
import type { SourceStatus } from '../../protocol/sourceState';
import { agoText } from '../../texts/ageText';
import { activeWorstFirst } from '../../protocol/alertOrder';
import { mayHaveEndedText } from '../../texts/mayHaveEndedText';
import { alertText } from '../../texts/alertText';
import { awayCertainty, awayHeadline, fieldChangeText } from '../../texts/changeText';
import { freshnessTexts } from '../../texts/freshnessText';
import { percentText } from '../../texts/percentText';
import { environmentText, phaseText } from '../../texts/personaText';
import { sparkText } from '../../texts/sparkText';
import { stateText } from '../../texts/stateText';
import { appendPlain, type MarkdownSink } from '../markdownText';
import { severityIconId } from '../severityIconId';

/** A tooltip is for a glance. One more stands in place of "and 1 more". */
const MAX_ALERTS = 3;
const MAX_FIELDS = 5;
const MAX_FACT_CHARS = 120;
/** What a line of a tooltip has room for beside a label and a figure. */
const SPARK_COLUMNS = 20;
const SPARK_WINDOW_MS = 600_000;

/** What the card in the tooltip tells of. */
export interface StatusCardFacts {
  readonly persona: ClusterPersona;
  readonly status: SourceStatus;
  /** Name of the codicon that stands for phase and health. */
  readonly icon: string;
  /** In any order; those that ended are left out. */
  readonly alerts: readonly Alert[];
  /** Percentages; empty where nobody told. */
  readonly cpu: readonly SeriesPoint[];
  readonly memory: readonly SeriesPoint[];
  /** What happened while nobody could watch. */
  readonly change: AwayChange | undefined;
}

/**
 * The status card as Markdown: phase, environment, alerts, nodes, CPU and memory and how they went, platform, and how true
 * all that is. `now` is wall milliseconds. Nothing that a cluster says is drawn as an icon or a link.
 */
export function appendStatusCard(markdown: MarkdownSink, facts: StatusCardFacts, now: number): void {
  const { persona, status, change } = facts;
  const { spec, status: found } = persona;
  markdown.appendMarkdown(`$(${facts.icon}) **`);
  appendPlain(markdown, persona.name);
  markdown.appendMarkdown('** ');
  const environment = spec.environment === undefined ? [] : [environmentText(spec.environment)];
  appendPlain(markdown, [phaseText(persona.phase), ...environment].join(' · '));
  if (spec.description !== undefined) {
    startParagraph(markdown);
    appendPlain(markdown, spec.description);
  }
  appendAlerts(markdown, facts, now);
  const { cpu, memory } = capacityOf(persona);
  const unknown = l10n.t('unknown');
  appendLines(markdown, [
    l10n.t('Nodes: {0}', nodesReadyText(persona) ?? unknown),
    l10n.t('CPU: {0}', usageText(cpu.utilizationPercent, facts.cpu, now)),
    l10n.t('Memory: {0}', usageText(memory.utilizationPercent, facts.memory, now)),
    l10n.t('Platform: {0}', cutText(found?.platform ?? unknown, MAX_FACT_CHARS)),
    l10n.t('Kubernetes: {0}', cutText(found?.kubernetesVersion ?? unknown, MAX_FACT_CHARS)),
  ]);
  if (change !== undefined) {
    appendLines(markdown, [
      `${awayHeadline(change)}, ${awayCertainty(change.how)}`,
      ...change.fields.slice(0, MAX_FIELDS).map(fieldChangeText),
    ]);
  }
  appendLines(markdown, [[stateText(status.state, now), ...freshnessTexts(status, now)].join(' · ')]);
}

function appendAlerts(markdown: MarkdownSink, { alerts, status }: StatusCardFacts, now: number): void {
  const active = activeWorstFirst(alerts);
  const shown = active.length > MAX_ALERTS + 1 ? active.slice(0, MAX_ALERTS) : active;
  for (const [place, alert] of shown.entries()) {
    markdown.appendMarkdown(`${place === 0 ? '\n\n' : '  \n'}$(${severityIconId(alert.severity)}) `);
    appendPlain(markdown, `${cutText(alertText(alert), MAX_FACT_CHARS)} · ${agoText(alert.raisedAt, now)}`);
  }
  const rest = [
    ...(active.length > shown.length ? [l10n.t('and {0} more', active.length - shown.length)] : []),
    ...(active.length > 0 && status.state.type !== 'live' ? [mayHaveEndedText()] : []),
  ];
  for (const text of rest) {
    markdown.appendMarkdown('  \n');
    appendPlain(markdown, text);
  }
}

/** "11 of 12 ready". */
function nodesReadyText(persona: ClusterPersona): string | undefined {
  const counts = countNodes(persona);
  return counts && l10n.t('{0} of {1} ready', counts.ready, counts.total);
}

/** "31%", and after it how it went, where that is known. */
function usageText(percent: number | undefined, points: readonly SeriesPoint[], now: number): string {
  const window = { from: now - SPARK_WINDOW_MS, until: now };
  const series = readSeries(points, window);
  const current = series?.latest ?? percent;
  return [
    current === undefined ? l10n.t('unknown') : percentText(current),
    ...(series === undefined ? [] : [sparkText(series, window, SPARK_COLUMNS)]),
  ].join(' ');
}

function appendLines(markdown: MarkdownSink, lines: readonly string[]): void {
  for (const [place, line] of lines.entries()) {
    if (place === 0) {
      startParagraph(markdown);
    } else {
      markdown.appendMarkdown('  \n');
    }
    appendPlain(markdown, line);
  }
}

function startParagraph(markdown: MarkdownSink): void {
  markdown.appendMarkdown('\n\n');
}
