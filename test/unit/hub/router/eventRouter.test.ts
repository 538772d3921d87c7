import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Disposable } from '../../../../src/base/disposable';
import { EventRouter } from '../../../../src/hub/router/eventRouter';
import { trackLeaks } from '../../../support/leakTracker';
import { patterns, topics } from '../../protocol/arbitraryTopics';
import { standsFor } from '../../protocol/naiveMatcher';

interface Told {
  readonly topic: string;
  readonly number: number;
}

function open() {
  const errors: unknown[] = [];
  const router = new EventRouter<Told>((error) => errors.push(error));
  let number = 0;
  const publish = (topic: string): void => {
    number += 1;
    router.publish({ topic, number });
  };
  return { router, errors, publish };
}

describe('EventRouter', () => {
  trackLeaks();

  it('tells higher priorities first, then in the order of subscription, and each once', () => {
    const { router, publish } = open();
    const told: string[] = [];
    router.subscribe(['a.*', '**', 'a.b'], () => told.push('first'));
    router.subscribe(['a.b'], () => told.push('urgent'), { priority: 2 });
    router.subscribe(['a.**'], () => told.push('second'));
    router.subscribe(['**'], () => told.push('last'), { priority: -1 });
    router.subscribe([], () => told.push('never'));
    publish('a.b');
    assert.deepEqual(told, ['urgent', 'first', 'second', 'last']);
    router.dispose();
    publish('a.b');
    assert.equal(told.length, 4);
    router.subscribe(['**'], () => told.push('too late'));
    publish('a.b');
    assert.equal(told.length, 4);
  });

  it('knows whether anybody could be told, as long as somebody could', () => {
    const { router } = open();
    assert.equal(router.couldTell('metric.a'), false);
    const first = router.subscribe(['metric.a.*'], () => {});
    const second = router.subscribe(['**.z'], () => {});
    assert.deepEqual(['metric.a', 'metric.b', 'node'].map((prefix) => router.couldTell(prefix)), [true, true, true]); // prettier-ignore
    second.dispose();
    assert.deepEqual(['metric.a', 'metric.b', 'node'].map((prefix) => router.couldTell(prefix)), [true, false, false]); // prettier-ignore
    first.dispose();
    assert.equal(router.couldTell('metric.a'), false);
    router.dispose();
  });

  it('filters, and tells what a transform makes of it', () => {
    const { router, publish } = open();
    const told: string[] = [];
    router.subscribe(['**'], (text: string) => told.push(text), {
      filter: ({ number }) => number % 2 === 0,
      transform: ({ topic, number }) => `${topic} ${number}`,
    });
    for (const topic of ['a', 'b', 'c', 'd']) {
      publish(topic);
    }
    assert.deepEqual(told, ['b 2', 'd 4']);
    router.dispose();
  });

  it('keeps what one throws from the others', () => {
    const { router, errors, publish } = open();
    const told: string[] = [];
    const fail = (what: string) => (): never => {
      throw new Error(what);
    };
    router.subscribe(['a'], fail('handler'));
    router.subscribe(['a'], () => told.push('filtered'), { filter: fail('filter') });
    router.subscribe(['a'], () => told.push('transformed'), { transform: fail('transform') });
    router.subscribe(['a'], () => told.push('told'));
    publish('a');
    assert.deepEqual(told, ['told']);
    assert.deepEqual(errors.map(String), ['Error: handler', 'Error: filter', 'Error: transform']);
    router.dispose();
  });

  it('goes on where even the error cannot be told', () => {
    const router = new EventRouter<Told>(() => {
      throw new Error('nobody listens');
    });
    const told: string[] = [];
    router.subscribe(['a'], () => {
      throw new Error('handler');
    });
    router.subscribe(['a'], () => told.push('told'));
    router.publish({ topic: 'a', number: 1 });
    router.publish({ topic: 'a', number: 2 });
    assert.deepEqual(told, ['told', 'told']);
    router.dispose();
  });

  it('routes what a handler publishes after what is being routed, the same order for all', () => {
    const { router, publish } = open();
    const told: string[] = [];
    const note =
      (who: string) =>
      ({ topic }: Told): number =>
        told.push(`${who} ${topic}`);
    router.subscribe(['**'], note('first'));
    router.subscribe(['a'], () => {
      publish('b');
      publish('c');
    });
    router.subscribe(['b'], () => publish('d'));
    router.subscribe(['**'], note('last'));
    publish('a');
    assert.deepEqual(told, [
      'first a',
      'last a',
      'first b',
      'last b',
      'first c',
      'last c',
      'first d',
      'last d',
    ]);
    router.dispose();
  });

  it('ends a circle of events that beget each other', () => {
    const { router, errors, publish } = open();
    router.subscribe(['a'], () => publish('a'));
    publish('a');
    assert.match(String(errors), /begot each other, the last one a/);
    assert.equal(errors.length, 1);
    const told: string[] = [];
    router.subscribe(['b'], ({ topic }) => told.push(topic));
    publish('b');
    assert.deepEqual(told, ['b']);
    router.dispose();
  });

  it('stops in the middle of an event when it is disposed', () => {
    const { router, publish } = open();
    const told: string[] = [];
    router.subscribe(['a'], () => {
      publish('b');
      router.dispose();
    });
    router.subscribe(['**'], ({ topic }) => told.push(topic));
    publish('a');
    assert.deepEqual(told, []);
  });

  it('agrees with a plain model, also where handlers subscribe, dispose and publish meanwhile', () => {
    const subscribing = fc.record({
      patterns: fc.array(patterns, { minLength: 1, maxLength: 3 }),
      priority: fc.integer({ min: -1, max: 1 }),
    });
    const action = fc.oneof(
      fc.record({ type: fc.constant('subscribe' as const), subscribing }),
      fc.record({ type: fc.constant('dispose' as const), which: fc.nat() }),
      fc.record({ type: fc.constant('publish' as const), topic: topics }),
      fc.record({ type: fc.constant('nothing' as const) }),
    );
    type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;
    /** The first calls of a handler take one action each: the run of both sides is the same as long as they agree. */
    fc.assert(
      fc.property(
        fc.array(action, { minLength: 5, maxLength: 40 }),
        fc.array(action, { maxLength: 30 }),
        (script, reactions) => {
          const run = (bus: Bus): string[] => {
            const calls: string[] = [];
            const subscriptions: Disposable[] = [];
            let reacted = 0;
            const act = (each: Action): void => {
              if (each.type === 'subscribe') {
                const name = subscriptions.length;
                subscriptions.push(
                  bus.subscribe(each.subscribing, (event) => {
                    calls.push(`${name} ${event}`);
                    const reaction = reactions[reacted];
                    reacted += 1;
                    if (reaction !== undefined) {
                      act(reaction);
                    }
                  }),
                );
              } else if (each.type === 'dispose') {
                subscriptions[each.which % Math.max(1, subscriptions.length)]?.dispose();
              } else if (each.type === 'publish') {
                bus.publish(each.topic);
              }
            };
            for (const each of script) {
              act(each);
            }
            for (const each of subscriptions) {
              each.dispose();
            }
            return calls;
          };
          assert.deepEqual(run(routerBus()), run(modelBus()));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

interface Bus {
  subscribe(
    options: { readonly patterns: readonly string[]; readonly priority: number },
    handler: (event: string) => void,
  ): Disposable;
  publish(topic: string): void;
}

function routerBus(): Bus {
  const { router, publish } = open();
  return {
    publish,
    subscribe: ({ patterns: subscribed, priority }, handler) =>
      router.subscribe(subscribed, ({ topic, number }) => handler(`${number} ${topic}`), { priority }),
  };
}

/** The contract in the plainest words: every subscription is asked about every event. */
function modelBus(): Bus {
  interface Subscribed {
    readonly patterns: readonly string[];
    readonly priority: number;
    readonly since: number;
    readonly handler: (event: string) => void;
  }
  let subscribed: Subscribed[] = [];
  let published = 0;
  const waiting: { readonly topic: string; readonly number: number }[] = [];
  return {
    subscribe({ patterns: wanted, priority }, handler) {
      const entry = { patterns: wanted, priority, since: published, handler };
      subscribed.push(entry);
      return {
        dispose: () => {
          subscribed = subscribed.filter((other) => other !== entry);
        },
      };
    },
    publish(topic) {
      published += 1;
      waiting.push({ topic, number: published });
      if (waiting.length > 1) {
        return;
      }
      for (let event = waiting[0]; event !== undefined; event = waiting[0]) {
        const { number } = event;
        const told = [...subscribed].sort((a, b) => b.priority - a.priority);
        for (const entry of told) {
          const isMatch = entry.patterns.some((pattern) => standsFor(pattern, event?.topic ?? ''));
          if (isMatch && entry.since < number && subscribed.includes(entry)) {
            entry.handler(`${number} ${event.topic}`);
          }
        }
        waiting.shift();
      }
    },
  };
}
