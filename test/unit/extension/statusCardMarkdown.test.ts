import assert from 'node:assert/strict';
import { appendStatusCard, type StatusCardFacts } from '../../../src/extension/tree/statusCardMarkdown';
import { decodePersona } from '../../../src/persona/clusterPersona';
import type { Alert } from '../../../src/protocol/alert';
import type { SourceState } from '../../../src/protocol/sourceState';

const NOW = Date.UTC(2026, 0, 1);

function markdownOf(change: Partial<StatusCardFacts> = {}, state: SourceState = { type: 'live' }): string {
  let markdown = '';
  const sink = { appendMarkdown: (text: string) => (markdown += text) };
  const facts: StatusCardFacts = {
    persona: persona({}),
    status: { source: 's', kind: 'kubeconfig', label: 'kind-eu', state, asOf: NOW - 2_000, count: 1 },
    icon: 'warning',
    alerts: [],
    cpu: [],
    memory: [],
    change: undefined,
    ...change,
  };
  appendStatusCard(sink, facts, NOW);
  return markdown;
}

function persona(status: object, spec: object = {}): StatusCardFacts['persona'] {
  return decodePersona({
    metadata: { name: 'eu' },
    spec: { environment: 'production', ...spec },
    status: {
      phase: 'Degraded',
      platform: 'EKS',
      nodes: [{ name: 'a', ready: true }, { name: 'b' }],
      resourceSummary: { cpuUtilization: '31%' },
      ...status,
    },
  });
}

/** As it is read: without the signs that keep Markdown from being made of it. */
function linesOf(markdown: string): readonly string[] {
  return markdown
    .replaceAll(/\\([^\\])/g, '$1')
    .split(/ {2}\n|\n\n/)
    .map((line) => line.trim());
}

function alert(change: Partial<Alert>): Alert {
  return {
    source: 's',
    name: 'eu',
    fingerprint: 'f',
    severity: 'warning',
    rule: 'nodeNotReady',
    raisedAt: NOW - 240_000,
    ...change,
  };
}

describe('the status card in a tooltip', () => {
  it('says phase, environment, nodes, use, platform and how true that is', () => {
    assert.deepEqual(linesOf(markdownOf()), [
      '$(warning) **eu** Degraded · production',
      'Nodes: 1 of 2 ready',
      'CPU: 31%',
      'Memory: unknown',
      'Platform: EKS',
      'Kubernetes: unknown',
      'live · as of 2 s ago · no watch open',
    ]);
  });

  it('draws how the use went, with dots where nothing is known', () => {
    const cpu = [0, 1, 2, 3].map((minute) => ({ at: NOW - minute * 60_000, value: 60 }));
    const [line] = linesOf(markdownOf({ cpu })).filter((text) => text.startsWith('CPU'));
    assert.equal(line, `CPU: 60% ${'·'.repeat(14)}${'▅'.repeat(6)}`);
  });

  it('says the figure in which the line ends', () => {
    assert.ok(
      linesOf(markdownOf({ memory: [{ at: NOW, value: 64 }] })).includes(`Memory: 64% ${'·'.repeat(19)}▆`),
    );
  });

  it('has the worst alerts, each with a shape of its own, and says how many more there are', () => {
    const alerts = [
      alert({ severity: 'info', rule: 'phaseDegraded', resolvedAt: NOW }),
      alert({ severity: 'info', rule: 'discoveryOld', value: 7_200_000 }),
      alert({ subject: 'a' }),
      alert({ subject: 'b' }),
      alert({ severity: 'critical', rule: 'phaseUnknown' }),
      alert({ subject: 'over', resolvedAt: NOW }),
    ];
    assert.deepEqual(linesOf(markdownOf({ alerts })).slice(1, 5), [
      '$(error) The operator reports Unknown · 4 min ago',
      '$(warning) Node a is not ready · 4 min ago',
      '$(warning) Node b is not ready · 4 min ago',
      '$(info) The last discovery was 2 h ago · 4 min ago',
    ]);
    assert.deepEqual(linesOf(markdownOf({ alerts: [...alerts, alert({ subject: 'c' })] })).slice(1, 5), [
      '$(error) The operator reports Unknown · 4 min ago',
      '$(warning) Node a is not ready · 4 min ago',
      '$(warning) Node b is not ready · 4 min ago',
      'and 2 more',
    ]);
  });

  it('says that alerts may have ended where nothing is heard', () => {
    const stale = { type: 'stale', since: NOW - 60_000 } as const;
    assert.match(markdownOf({ alerts: [alert({ subject: 'a' })] }, stale), /may have ended/);
    assert.doesNotMatch(markdownOf({}, stale), /may have ended/);
    assert.doesNotMatch(markdownOf({ alerts: [alert({ subject: 'a' })] }), /may have ended/);
  });

  it('draws no icon and no link of what a cluster says, and is short whatever it says', () => {
    const hostile = `$(error) **b** [x](command:workbench.action.quit) <img src=x>\n# ${'y'.repeat(100_000)}`;
    const markdown = markdownOf({
      persona: persona({ platform: hostile, kubernetesVersion: hostile }, { description: hostile }),
      alerts: [alert({ subject: hostile }), alert({ rule: 'conditionFalse', subject: '__proto__' })],
    });
    // Only the icons and the emphasis of the card itself are left when what is escaped is taken away.
    const unescaped = markdown.replaceAll(/\\\\\\\$|\\./g, '');
    assert.deepEqual(unescaped.match(/\$\([a-z]+\)/g), ['$(warning)', '$(warning)', '$(warning)']);
    assert.deepEqual(unescaped.match(/\*\*|[[<#`]/g), ['**', '**']);
    assert.ok(linesOf(markdown).every((line) => line.length < 450));
    assert.match(linesOf(markdown).find((line) => line.includes('Node')) ?? '', /^.{100,140}… · 4 min ago$/);
    assert.ok(markdown.length < 4_000, `${markdown.length} characters`);
  });
});
