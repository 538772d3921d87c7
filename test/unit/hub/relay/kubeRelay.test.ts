import assert from 'node:assert/strict';
import { KubeTransportError, type KubeFetch } from '../../../../src/base/kubeFetch';
import { toDisposable } from '../../../../src/base/disposable';
import { EVERYBODY, type Access, type Guest } from '../../../../src/hub/guest';
import { GuestHub } from '../../../../src/hub/guestHub';
import { KubeRelay } from '../../../../src/hub/relay/kubeRelay';
import { ProblemError, type Problem, type ProblemCode } from '../../../../src/protocol/problem';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { ScriptedBody, scriptedKube, type Answer } from '../../kube/scriptedKube';
import { withHub, type HubFixture } from '../hubFixture';

const LOG = '/api/v1/namespaces/shop/pods/cart/log?follow=true';
const PODS = '/api/v1/namespaces/shop/pods?limit=100';
const NODES = '/apis/metrics.k8s.io/v1beta1/nodes';
const { signal } = new AbortController();

/** A live source whose cluster answers for personas, and as told for everything that is handed on. */
async function relayed(fixture: HubFixture, ...answers: Answer[]) {
  return relayedTo(EVERYBODY, fixture, ...answers);
}

async function relayedTo(guest: Guest, fixture: HubFixture, ...answers: Answer[]) {
  const server = new FaultServer();
  const { fetch: other, asked } = scriptedKube(...answers);
  const fetch: KubeFetch = (path, request) =>
    path === LOG || path === PODS || path === NODES ? other(path, request) : server.fetch(path, request);
  await fixture.goLive(fixture.addServer(server, 's', fetch));
  const { hub, clock, owned } = fixture;
  const relay = owned.add(new KubeRelay({ hub: new GuestHub(hub, guest), clock }));
  const open = (path: string, stream = 0) => relay.open({ source: 's', path, stream }, signal);
  return { relay, asked, open };
}

async function codeOf(promise: Promise<unknown>): Promise<ProblemCode> {
  const error: unknown = await promise.then(
    () => assert.fail('it was answered'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProblemError, String(error));
  return error.problem.code;
}

describe('what a hub reads of a cluster for a client', () => {
  trackLeaks();

  it(
    'comes whole where it ends by itself, without what may be secret',
    withHub(async (fixture) => {
      const item = {
        metadata: { name: 'cart' },
        spec: { containers: [{ name: 'a', env: [{ value: 'x' }] }] },
      };
      const { open } = await relayed(fixture, JSON.stringify({ metadata: {}, items: [item] }));
      const { status, text, isEnd } = await open(PODS);
      assert.equal(status, 200);
      assert.ok(isEnd);
      const bare = { metadata: { name: 'cart' }, spec: { containers: [{ name: 'a' }] } };
      assert.deepEqual(JSON.parse(text), { metadata: {}, items: [bare] });
    }),
  );

  it(
    'comes in pieces where it goes on, each when it is asked for',
    withHub(async (fixture) => {
      const body = new ScriptedBody();
      const { open, relay } = await relayed(fixture, body);
      const opening = open(LOG);
      await fixture.clock.settle();
      assert.deepEqual(await settled(fixture, opening), { status: 200, text: '', isEnd: false });
      const reading = relay.read(0, signal);
      body.write('one\n');
      assert.deepEqual(await settled(fixture, reading), { text: 'one\n', isEnd: false });
      body.write('two\n').write('three\n').end();
      await fixture.clock.settle();
      assert.deepEqual(await relay.read(0, signal), { text: 'two\nthree\n', isEnd: true });
      assert.equal(await codeOf(relay.read(0, signal)), 'closed');
    }),
  );

  it(
    'says that nothing came before a proxy on the way loses its patience',
    withHub(async (fixture) => {
      const { open, relay } = await relayed(fixture, new ScriptedBody());
      await settled(fixture, open(LOG));
      const reading = relay.read(0, signal);
      await fixture.clock.advance(20_000);
      assert.deepEqual(await reading, { text: '', isEnd: false });
      relay.close(0);
    }),
  );

  it(
    'is read ahead of the client only so far',
    withHub(async (fixture) => {
      const body = new ScriptedBody();
      const piece = 'x'.repeat(100_000);
      for (let count = 0; count < 10; count += 1) {
        body.write(piece);
      }
      const { open, relay } = await relayed(fixture, body.end());
      const first = await settled(fixture, open(LOG));
      await fixture.clock.settle();
      const second = await relay.read(0, signal);
      assert.equal(second.text.length, 3 * piece.length, 'a quarter of a megabyte, and one chunk');
      let total = first.text.length + second.text.length;
      for (let { isEnd } = second; !isEnd;) {
        const next = await settled(fixture, relay.read(0, signal));
        total += next.text.length;
        ({ isEnd } = next);
      }
      assert.equal(total, 10 * piece.length);
    }),
  );

  it(
    'hands on what the cluster refuses, with when to come again',
    withHub(async (fixture) => {
      const refusal = { status: 403, body: '{"kind":"Status"}', headers: { 'retry-after': '7' } };
      const { open } = await relayed(fixture, refusal);
      assert.deepEqual(await settled(fixture, open(LOG)), {
        status: 403,
        retryAfter: '7',
        text: '{"kind":"Status"}',
        isEnd: true,
      });
    }),
  );

  it(
    'is the hub’s trouble where the cluster refuses the hub itself, or cannot be reached from it',
    withHub(async (fixture) => {
      const broken = new ScriptedBody();
      const { open, relay } = await relayed(
        fixture,
        { status: 401, body: '' },
        new KubeTransportError('tls', 'not trusted'),
        { status: 401, body: '' },
        broken,
      );
      assert.equal(await codeOf(open(LOG)), 'upstream');
      assert.equal(await codeOf(open(LOG)), 'upstream');
      assert.equal(await codeOf(open(NODES)), 'upstream');
      await settled(fixture, open(LOG));
      broken.write('last words').fail(new KubeTransportError('closed', 'cut'));
      await fixture.clock.settle();
      assert.deepEqual(await relay.read(0, signal), { text: 'last words', isEnd: false });
      assert.equal(await codeOf(relay.read(0, signal)), 'upstream');
    }),
  );

  it(
    'is nothing but pods, logs and what nodes use, of sources that are there',
    withHub(async (fixture) => {
      const { relay, asked, open } = await relayed(fixture);
      assert.equal(await codeOf(open('/api/v1/namespaces/shop/secrets')), 'forbidden');
      assert.equal(await codeOf(relay.open({ source: 'gone', path: PODS, stream: 1 }, signal)), 'closed');
      assert.deepEqual(asked, []);
    }),
  );

  it(
    'is what the guest may have, and for as long as they may',
    withHub(async (fixture) => {
      const asked: Access[] = [];
      let lose: (problem: Problem) => void = () => {};
      let held = 0;
      const guest: Guest = {
        ...EVERYBODY,
        require: (_, access) => {
          asked.push(access);
          return access.type === 'pods'
            ? Promise.reject(new ProblemError({ code: 'forbidden', detail: 'no pods for you' }))
            : Promise.resolve();
        },
        hold: (_, __, onLost) => {
          held += 1;
          lose = onLost;
          return toDisposable(() => {
            held -= 1;
          });
        },
      };
      const { relay, open, asked: requests } = await relayedTo(guest, fixture, new ScriptedBody());
      assert.equal(await codeOf(open(PODS)), 'forbidden');
      await settled(fixture, open(LOG, 1));
      assert.deepEqual(asked, [
        { type: 'pods', namespace: 'shop' },
        { type: 'logs', namespace: 'shop', pod: 'cart' },
      ]);
      assert.equal(requests.length, 1);
      assert.equal(held, 1);
      const reading = relay.read(1, signal);
      lose({ code: 'forbidden', detail: 'no longer' });
      assert.equal(await codeOf(reading), 'forbidden');
      assert.equal(requests[0]?.request?.signal?.aborted, true);
      assert.equal(held, 0);
    }),
  );

  it(
    'ends at the cluster when the client closes it, withdraws it or goes, and is bounded in number',
    withHub(async (fixture) => {
      const bodies = Array.from({ length: 129 }, () => new ScriptedBody());
      const { relay, asked, open } = await relayed(fixture, ...bodies);
      const isOver = (index: number): boolean | undefined => asked[index]?.request?.signal?.aborted;
      await settled(fixture, open(LOG, 0));
      relay.close(0);
      assert.equal(isOver(0), true);
      const abort = new AbortController();
      const opening = relay.open({ source: 's', path: LOG, stream: 1 }, abort.signal);
      abort.abort();
      assert.equal(await codeOf(opening), 'closed');
      assert.equal(asked.length, 1, 'it was not asked for');
      for (let stream = 0; stream < 127; stream += 1) {
        await settled(fixture, open(LOG, stream));
      }
      assert.equal(await codeOf(open(LOG, 0)), 'badRequest');
      relay.closeAll();
      assert.ok(asked.every((_, index) => isOver(index) === true));
    }),
  );

  it(
    'is asked of the cluster once where many clients want to know what its nodes use',
    withHub(async (fixture) => {
      const { asked, open } = await relayed(fixture, '{"items":[]}', '{"items":null}');
      const answers = await settled(fixture, Promise.all([open(NODES, 1), open(NODES, 2)]));
      assert.deepEqual(
        answers.map(({ text, isEnd }) => [text, isEnd]),
        [
          ['{"items":[]}', true],
          ['{"items":[]}', true],
        ],
      );
      await settled(fixture, open(NODES, 1));
      assert.equal(asked.length, 1);
      await fixture.clock.advance(5_000);
      assert.equal((await settled(fixture, open(NODES, 1))).text, '{"items":null}');
      assert.equal(asked.length, 2);
    }),
  );
});

/** Lets everything run that can run now. */
async function settled<T>({ clock }: HubFixture, promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  await clock.advance(0);
  await clock.settle();
  return promise;
}
