import assert from 'node:assert/strict';
import { EVERYBODY } from '../../../src/hub/guest';
import { GuestHub } from '../../../src/hub/guestHub';
import { withHub } from './hubFixture';

describe('FrameMaker', () => {
  it(
    'makes one frame for all who are told the same at the same time',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a', 'b');
      const { hub, events } = fixture;
      const all = new GuestHub(hub, EVERYBODY);
      const told = events.filter(({ type }) => type === 'cluster.added');
      assert.equal(told.length, 2);
      const frame = hub.frames.make([...told], [], all);
      assert.equal(hub.frames.make([...told], [], all), frame);
      assert.deepEqual(
        frame.events.map(({ topic, cursor }) => ({ topic, cursor })),
        told.map(({ topic }) => ({ topic, cursor: hub.cursor('s') })),
      );
      const [first] = told;
      assert.ok(first !== undefined);
      assert.equal(hub.frames.make([first], [], all).events.length, 1, 'fewer events');
      server.put('c');
      await fixture.clock.advance(10);
      const later = hub.frames.make([...told], [], all);
      assert.notEqual(later.events[0]?.cursor, frame.events[0]?.cursor, 'the hub went on');
    }),
  );

  it(
    'makes frames of their own for those for whom something else waits',
    withHub(async (fixture) => {
      await fixture.liveServer('a', 'b');
      const { hub, events } = fixture;
      const all = new GuestHub(hub, EVERYBODY);
      const told = events.filter(({ type }) => type === 'cluster.added');
      const shared = hub.frames.make(told, [], all);
      const behind = hub.frames.make(told, told, all);
      assert.notEqual(behind.events[0]?.cursor, shared.events[0]?.cursor);
      assert.deepEqual(
        hub.frames.make(told, undefined, all).events.map(({ cursor }) => cursor),
        ['', ''],
      );
      assert.equal(hub.frames.make(told, [], all), shared);
    }),
  );

  it(
    'shares frames only among those who may be told the same',
    withHub(async (fixture) => {
      await fixture.liveServer('a', 'b');
      const { hub, events } = fixture;
      const told = events.filter(({ type }) => type === 'cluster.added');
      const guest = (sight: string, mayHear: boolean) => {
        const refused = { problem: { code: 'forbidden', detail: 'no' } as const, retryAt: 0 };
        return new GuestHub(hub, {
          ...EVERYBODY,
          sight,
          refusal: () => (mayHear ? undefined : refused),
        });
      };
      const [everybody, one, same, other] = [
        new GuestHub(hub, EVERYBODY),
        guest('x', true),
        guest('x', true),
        guest('y', false),
      ];
      const frame = hub.frames.make(told, [], one);
      assert.equal(hub.frames.make(told, [], same), frame);
      assert.notEqual(hub.frames.make(told, [], everybody), frame);
      assert.deepEqual(
        frame.events.map(({ cursor }) => cursor),
        told.map(() => one.cursorFor(hub.cursor('s'))),
      );
      assert.deepEqual(hub.frames.make(told, [], other).events, []);
    }),
  );
});
