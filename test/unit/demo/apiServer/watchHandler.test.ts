import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/logger';
import { seededRandom } from '../../../../src/base/random';
import { CLUSTER_PERSONAS } from '../../../../src/demo/apiServer/apiResource';
import { parseListOptions } from '../../../../src/demo/apiServer/listOptions';
import type { WrittenForm } from '../../../../src/demo/apiServer/objectForm';
import { ObjectStorage } from '../../../../src/demo/apiServer/objectStorage';
import { ResponseBody } from '../../../../src/demo/apiServer/responseBody';
import { createWatchEncoder, type WatchEncoder } from '../../../../src/demo/apiServer/watchEncoder';
import { streamWatch, watchRequest } from '../../../../src/demo/apiServer/watchHandler';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';

const OBJECT_COUNT = 2_000;
const DATA = 'x'.repeat(1000);

describe('a watch of many objects', () => {
  const clock = new FakeClock();
  let storage: ObjectStorage;
  let encoded: number;
  let watch: { readonly body: ResponseBody; stop(): void } | undefined;

  beforeEach(() => {
    storage = new ObjectStorage({ logger: nullLogger, historyLimit: 10 * OBJECT_COUNT });
    encoded = 0;
    for (let index = 0; index < OBJECT_COUNT; index += 1) {
      put(`p${String(index).padStart(5, '0')}`, DATA);
    }
  });

  function put(name: string, data: string): void {
    storage.put(CLUSTER_PERSONAS, { metadata: { name }, data });
  }

  function start(query: string, form: WrittenForm = { type: 'object' }): ResponseBody {
    const options = parseListOptions(new URLSearchParams(`watch=1&${query}`));
    const request = watchRequest(storage, CLUSTER_PERSONAS, () => true, options, seededRandom(1));
    const encoder = createWatchEncoder(CLUSTER_PERSONAS, form, clock);
    const counting: WatchEncoder = {
      ...encoder,
      event(type, item) {
        encoded += 1;
        return encoder.event(type, item);
      },
    };
    const body = new ResponseBody(undefined, () => stream?.dispose());
    const stream = streamWatch(storage, clock, request, counting, body);
    watch = { body, stop: () => void body.return() };
    return body;
  }

  afterEach(() => watch?.stop());

  trackLeaks();

  async function events(body: ResponseBody, count: number): Promise<readonly string[]> {
    let text = '';
    while (text.split('\n').length <= count) {
      const { value } = await body.next();
      assert.ok(value, `the watch ended after ${text.split('\n').length - 1} events`);
      text += new TextDecoder().decode(value);
    }
    return text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const { type, object } = JSON.parse(line);
        return `${type} ${object.metadata.name ?? ''}`.trimEnd();
      });
  }

  const initial = Array.from({ length: OBJECT_COUNT }, (_, index) => `p${String(index).padStart(5, '0')}`);

  for (const [what, query, first, end] of [
    [
      'what there is',
      'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true',
      'ADDED',
      ['BOOKMARK'],
    ],
    ['what it missed', 'resourceVersion=1000', 'ADDED', []],
  ] as const) {
    it(`tells ${what} as it is read, and then what has happened meanwhile`, async () => {
      const body = start(query);
      assert.equal(encoded, 0);
      const { value } = await body.next();
      assert.ok(value);
      assert.ok(encoded > 0 && encoded < OBJECT_COUNT / 10, `${encoded} events were made for one read`);
      put('p00000', 'changed');
      put('new', 'added');
      const firstLines = new TextDecoder().decode(value).split('\n').length - 1;
      const rest = await events(body, OBJECT_COUNT + end.length + 2 - firstLines);
      assert.deepEqual(rest, [
        ...initial.slice(firstLines).map((name) => `${first} ${name}`),
        ...end,
        'MODIFIED p00000',
        'ADDED new',
      ]);
      put('later', 'added');
      assert.deepEqual(await events(body, 1), ['ADDED later']);
    });
  }

  it('writes what is for its client alone when that reads, bookmarks included, and in order', async () => {
    const body = start('resourceVersion=3000&allowWatchBookmarks=true', { type: 'partial', version: 'v1' });
    const first = events(body, 1);
    put('first', 'added');
    assert.deepEqual(await first, ['ADDED first']);
    await clock.advance(60_000);
    const before = encoded;
    put('second', 'added');
    put('second', 'changed');
    assert.equal(encoded, before);
    assert.deepEqual(await events(body, 3), ['BOOKMARK', 'ADDED second', 'MODIFIED second']);
  });

  it('may be behind for long, if it is never far behind', async () => {
    const body = start('resourceVersion=3000', { type: 'partial', version: 'v1' });
    const large = 'y'.repeat(1024 * 1024);
    for (let index = 0; index < 100; index += 1) {
      put('large', `${large}${index}`);
      put('large', `${large}${index}!`);
      await events(body, 2);
    }
  });

  it('ends when its time is over, though not everything was told', async () => {
    const body = start('timeoutSeconds=5');
    await body.next();
    put('new', 'added');
    await clock.advance(5000);
    assert.equal((await body.next()).done, true);
  });

  for (const form of [{ type: 'object' }, { type: 'partial', version: 'v1' }] as const) {
    it(`breaks where its reader is too far behind what happens, as ${form.type}`, async () => {
      const body = start('', form);
      await body.next();
      const large = 'y'.repeat(1024 * 1024);
      for (let index = 0; index < 65; index += 1) {
        put('large', `${large}${index}`);
      }
      await assert.rejects(body.next(), /too slow/);
    });
  }
});
