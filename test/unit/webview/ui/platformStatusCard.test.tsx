import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import { decodePersona } from '../../../../src/persona/clusterPersona';
import type { Alert } from '../../../../src/protocol/alert';
import { PlatformStatusCard, type PlatformStatusCardProps } from '../../../../webview/ui/PlatformStatusCard';
import type { Usage } from '../../../../webview/ui/VitalTiles';
import { fullPersona, NOW } from '../detail/detailFixture';

function show(props: Partial<PlatformStatusCardProps>): { readonly html: string; readonly text: string } {
  const html = renderToStaticMarkup(
    <PlatformStatusCard
      name="eu"
      persona={decodePersona(fullPersona())}
      status={{ source: 's', kind: 'kubeconfig', label: 'kind-eu', state: { type: 'live' }, count: 1 }}
      alerts={undefined}
      series={seriesOf([])}
      withNow={(render) => render(NOW)}
      {...props}
    />,
  );
  return { html, text: html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') };
}

function seriesOf(points: Usage['points'], latest?: number): PlatformStatusCardProps['series'] {
  return { cpu: { points, latest }, memory: { points: [], latest: undefined }, windowMs: 600_000 };
}

function alert(change: Partial<Alert>): Alert {
  return {
    source: 's',
    name: 'eu',
    fingerprint: `${change.subject}`,
    severity: 'warning',
    rule: 'nodeNotReady',
    raisedAt: NOW - 240_000,
    ...change,
  };
}

function withAlerts(active: readonly Alert[], isUnwatched = false): ReturnType<typeof show> {
  return show({ alerts: { active, isUnwatched, linkOf: () => undefined } });
}

const minutes = (values: readonly number[]): { readonly at: number; readonly value: number }[] =>
  values.map((value, place) => ({ at: NOW - (values.length - 1 - place) * 60_000, value }));

describe('PlatformStatusCard', () => {
  it('tells faults at its head as long as no alert is known', () => {
    assert.match(show({}).text, /Degraded · node node-b not ready · add-on ingress-nginx unhealthy/);
    assert.match(withAlerts([]).text, /Degraded · node node-b not ready/);
  });

  it('does not tell at its head what an alert tells', () => {
    const { text } = withAlerts([alert({ subject: 'node-b' })]);
    assert.match(text, /Degraded · add-on ingress-nginx unhealthy/);
    assert.match(text, /Node node-b is not ready warning · 4 min ago/);
    assert.doesNotMatch(text, /node node-b not ready/);
  });

  it('draws how CPU went instead of a bar, and says so in words', () => {
    const { html } = show({ series: seriesOf(minutes([20, 58, 31])) });
    assert.match(
      html,
      /<svg [^>]*role="img" aria-label="CPU, last 10 min: latest 31%, lowest 20%, highest 58%"/,
    );
    assert.equal(html.match(/<svg/g)?.length, 1);
    assert.doesNotMatch(html, /<meter[^>]*aria-label="CPU"/);
  });

  it('draws no line of points that cannot be read, nor of none', () => {
    const points = minutes([Number.NaN, -5, Number.POSITIVE_INFINITY]);
    const { html, text } = show({ series: seriesOf(points) });
    assert.doesNotMatch(html, /<svg|NaN|Infinity/);
    assert.match(text, /CPU 31% of 11.5 cores unknown/);
    assert.doesNotMatch(show({}).html, /<svg/);
  });

  it('has the figure in which the line ends, also where the cluster reports none', () => {
    assert.match(show({ series: seriesOf(minutes([20, 44]), 44) }).text, /CPU 44% of 11.5 cores/);
    const persona = fullPersona();
    persona['status'] = { phase: 'Ready', resourceSummary: { allocatableCPU: '4' } };
    const { text } = show({ persona: decodePersona(persona), series: seriesOf(minutes([20, 44]), 44) });
    assert.match(text, /CPU 44% of 4 cores/);
    assert.doesNotMatch(text, /use unknown/);
  });

  it('has at most three alerts, and says how many there are', () => {
    const many = Array.from({ length: 5_000 }, (_, place) => alert({ subject: `node-${place}` }));
    const { html, text } = withAlerts(many);
    assert.equal(html.match(/<li/g)?.length, 3);
    assert.match(text, /Show all 5,000/);
    assert.doesNotMatch(withAlerts(many.slice(0, 3)).text, /Show all/);
  });

  it('says that alerts may have ended where nobody watches', () => {
    assert.match(withAlerts([alert({ subject: 'a' })], true).text, /may have ended/);
    assert.doesNotMatch(withAlerts([alert({ subject: 'a' })]).text, /may have ended/);
    assert.doesNotMatch(withAlerts([], true).text, /may have ended/);
  });

  it('shows no strip where there is no alert, and is as loud as the worst', () => {
    assert.doesNotMatch(withAlerts([]).html, /<section[^>]*alerts/);
    const critical = alert({ severity: 'critical', rule: 'phaseUnknown' });
    assert.match(withAlerts([critical]).html, /notice-error/);
    assert.match(withAlerts([critical]).text, /The operator reports Unknown critical/);
  });

  it('announces no alert that was there before', () => {
    assert.match(
      withAlerts([alert({ severity: 'critical', subject: 'a' })]).html,
      /<span class="sr-only" role="alert"><\/span>/,
    );
  });

  it('shows a name alone where nothing else is known', () => {
    const { html, text } = show({ persona: undefined, status: undefined });
    assert.equal(text.trim(), 'eu');
    assert.doesNotMatch(html, /tiles/);
  });
});
