import type { Bench } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { withProgram } from '../method/program';
import { interleave } from '../method/rounds';
import { median, medianOfRounds } from '../method/statistics';
import { routeMeasurement, type RouteMeasurement, type RouteParams } from './routerParams';

const EVENTS = 1_000_000;
/** Twice as many, since they take a fraction of the time. */
const SCALE_EVENTS = 2_000_000;

const TARGETS = {
  throughputOfEventEmitter2: { atLeast: 2 },
  costOf10000Of10: { atMost: 1.5 },
} as const;

/** What routing takes, and whether it grows with those who do not listen. */
export const routerBench: Bench = {
  name: 'router',
  summary: '1,000,000 events to 100 subscribers against eventemitter2; 10,000 subscribers of which 10 match',
  async run(context) {
    const side = (params: Omit<RouteParams, 'isMemoryAsked'>) => (round: number) =>
      withProgram('routerProgram', ['--expose-gc'], (program) =>
        program.ask('measure', { ...params, isMemoryAsked: round === 0 }, routeMeasurement),
      );
    const rounds = await context.measuring(() =>
      interleave({
        ours: side({ router: 'ours', subscribers: 'mixed', events: EVENTS }),
        eventEmitter2: side({ router: 'eventemitter2', subscribers: 'mixed', events: EVENTS }),
        few: side({ router: 'ours', subscribers: 'few', events: SCALE_EVENTS }),
        many: side({ router: 'ours', subscribers: 'many', events: SCALE_EVENTS }),
      }),
    );
    return outcomeOf(rounds);
  },
};

type Side = 'ours' | 'eventEmitter2' | 'few' | 'many';

function outcomeOf(rounds: Readonly<Record<Side, readonly RouteMeasurement[]>>): Outcome {
  const { ours, eventEmitter2, few, many } = rounds;
  const sides = [
    { name: 'ours, 100 subscribers', events: EVENTS, measured: ours },
    { name: 'eventemitter2, 100 subscribers', events: EVENTS, measured: eventEmitter2 },
    { name: 'ours, 10 that match', events: SCALE_EVENTS, measured: few },
    { name: 'ours, the same 10 of 10,000', events: SCALE_EVENTS, measured: many },
  ];
  const callsOf = (measured: readonly RouteMeasurement[]): Set<number> =>
    new Set(measured.map(({ calls }) => calls));
  const callCounts = callsOf([...ours, ...eventEmitter2]);
  const scaleCounts = callsOf([...few, ...many]);
  return {
    figures: {
      eventsPerSecond: perSecond(EVENTS, ours),
      eventEmitter2EventsPerSecond: perSecond(EVENTS, eventEmitter2),
      throughputOfEventEmitter2: medianOfRounds(eventEmitter2, ours, (a, b) => a.cpuMs / b.cpuMs),
      costOf10000Of10: medianOfRounds(many, few, (a, b) => a.cpuMs / b.cpuMs),
      callsAnEvent: (ours[0]?.calls ?? Number.NaN) / EVENTS,
      heapKb: heapKb(ours),
      eventEmitter2HeapKb: heapKb(eventEmitter2),
      heapKbOf10000: heapKb(many),
    },
    targets: TARGETS,
    doubts: [
      ...doubtsOf(
        'the control',
        sides.flatMap(({ measured }) => measured.map(({ controlMs }) => controlMs)),
      ),
      ...(callCounts.size === 1 && scaleCounts.size === 1
        ? []
        : [`the sides did not call the same handlers: ${[...callCounts, ...scaleCounts].join(', ')}`]),
    ],
    table: [
      ['median of five rounds', 'events/s', 'ns an event', 'calls an event', 'heap kB'],
      ...sides.map(({ name, events, measured }) => [
        name,
        perSecond(events, measured).toFixed(0),
        (median(measured.map(({ cpuMs }) => cpuMs)) * (1e6 / events)).toFixed(0),
        ((measured[0]?.calls ?? Number.NaN) / events).toFixed(1),
        heapKb(measured).toFixed(0),
      ]),
      ['limit', '2 × eventemitter2', '10,000: 1.5 × 10', '', ''],
    ],
  };
}

/** Of CPU time. */
function perSecond(events: number, measured: readonly RouteMeasurement[]): number {
  return (events / median(measured.map(({ cpuMs }) => cpuMs))) * 1_000;
}

function heapKb(measured: readonly RouteMeasurement[]): number {
  return (measured[0]?.heap ?? Number.NaN) / 1_000;
}
