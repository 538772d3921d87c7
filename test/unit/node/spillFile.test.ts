import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fstatSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { unsharedBytes } from '../../../src/logs/allocateBytes';
import type { SpilledBytes } from '../../../src/logs/logSpill';
import { checkSpillFolder, SpillFile, spillInto } from '../../../src/node/spillFile';
import { FakeClock } from '../../support/fakeClock';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';

const SLOT = 64 * 1024;
const SOON = { deadlineMs: 10_000, pollMs: 10 };
const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 7 + (index >> 8)) & 0xff);
const shared = (byteLength: number): SharedArrayBuffer => new SharedArrayBuffer(byteLength);

describe('the file for lines that leave memory', () => {
  let folder: TemporaryFolder;
  let clock: FakeClock;
  let file: SpillFile;

  beforeEach(() => {
    folder = temporaryFolder('spill');
    clock = new FakeClock();
    file = new SpillFile({ folder: folder.path, clock, maxBytes: () => 20 * SLOT });
  });
  afterEach(() => {
    file.dispose();
    folder.remove();
  });

  async function put(bytes: Uint8Array): Promise<SpilledBytes> {
    const spilled = file.write(bytes);
    assert.ok(spilled);
    await spilled.written;
    return spilled;
  }
  /** The descriptors that this process has open in the folder. */
  const opened = (): number[] =>
    readdirSync('/proc/self/fd')
      .map(Number)
      .filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder.path);
        } catch {
          return false;
        }
      });

  it('gives back what was written, whole and in parts, also into shared memory', async () => {
    const bytes = bytesOf(3 * SLOT + 17, 1);
    const text = new Uint8Array(shared(bytes.length));
    text.set(bytes);
    await put(bytesOf(100, 9));
    const spilled = await put(text);
    assert.equal(spilled.size, 4 * SLOT);
    for (const [from, to] of [
      [0, bytes.length],
      [SLOT - 3, 2 * SLOT + 5],
      [7, 8],
      [SLOT, SLOT],
    ] as const) {
      const read = await spilled.read(from, to, shared);
      assert.deepEqual([...read], [...bytes.subarray(from, to)]);
      assert.ok(read.buffer instanceof SharedArrayBuffer);
    }
  });

  it('has no name, can be read by its owner alone, and is made when it is needed', async () => {
    assert.deepEqual(opened(), []);
    await put(bytesOf(10, 1));
    assert.deepEqual(readdirSync(folder.path), []);
    const [fd] = opened();
    assert.ok(fd !== undefined);
    assert.equal(fstatSync(fd).mode & 0o777, 0o600);
    file.dispose();
    await until('it is closed', () => opened().length === 0, SOON);
  });

  it('uses its room again, and grows no further than it may', async () => {
    const kept = await put(bytesOf(SLOT, 1));
    for (let round = 0; round < 30; round += 1) {
      const spilled = await put(bytesOf(5 * SLOT, round));
      spilled.dispose();
      spilled.dispose();
    }
    assert.equal(file.usedBytes, SLOT);
    assert.equal(file.write(bytesOf(20 * SLOT, 1)), undefined, 'there is no room');
    const rest = await put(bytesOf(19 * SLOT, 2));
    const [fd = -1] = opened();
    assert.ok(fstatSync(fd).size <= 20 * SLOT);
    assert.deepEqual([...(await kept.read(0, SLOT, unsharedBytes))], [...bytesOf(SLOT, 1)]);
    rest.dispose();
    assert.equal(file.usedBytes, SLOT);
  });

  it('holds each text as it was, whatever is written, read and let go meanwhile', async () => {
    const action = fc.record({ slots: fc.integer({ min: 1, max: 4 }), letGo: fc.nat(6), read: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), async (actions) => {
        file.dispose();
        file = new SpillFile({ folder: folder.path, clock, maxBytes: () => 20 * SLOT });
        const there: { spilled: SpilledBytes; bytes: Uint8Array }[] = [];
        const pending: Promise<unknown>[] = [];
        for (const [seed, { slots, letGo, read }] of actions.entries()) {
          const bytes = bytesOf(slots * SLOT - 5, seed);
          const spilled = file.write(bytes);
          if (spilled !== undefined) {
            there.push({ spilled, bytes });
            pending.push(spilled.written);
          }
          const asked = there[read];
          if (asked !== undefined) {
            pending.push(
              asked.spilled.written
                .then(() => asked.spilled.read(10, SLOT - 5, unsharedBytes))
                .then(
                  (text) => assert.ok(Buffer.from(text).equals(asked.bytes.subarray(10, SLOT - 5))),
                  (error: unknown) => assert.match(String(error), /let go/),
                ),
            );
          }
          // Perhaps while it is being written or read.
          const [gone] = read === letGo ? [] : there.splice(letGo, 1);
          gone?.spilled.dispose();
        }
        await Promise.all(pending);
        for (const { spilled, bytes } of there) {
          const text = await spilled.read(0, bytes.length, unsharedBytes);
          assert.ok(Buffer.from(text).equals(bytes));
          spilled.dispose();
        }
        assert.equal(file.usedBytes, 0);
      }),
      { numRuns: 20 },
    );
  });

  it('says why nothing can be written, without a path, and tries again later', async () => {
    const wrong = join(folder.path, 'file');
    writeFileSync(wrong, '');
    const broken = new SpillFile({ folder: wrong, clock, maxBytes: () => 20 * SLOT });
    const spilled = broken.write(bytesOf(10, 1));
    await assert.rejects(spilled?.written ?? Promise.resolve());
    assert.equal(broken.problem?.code, 'internal');
    assert.ok(!broken.problem.detail.includes(folder.path), broken.problem.detail);
    assert.equal(broken.write(bytesOf(10, 1)), undefined);
    await clock.advance(60_000);
    folder.remove();
    const again = broken.write(bytesOf(10, 2));
    await again?.written;
    assert.deepEqual([...((await again?.read(0, 10, unsharedBytes)) ?? [])], [...bytesOf(10, 2)]);
    assert.equal(broken.problem, undefined);
    broken.dispose();
  });

  it('takes no more than can wait to be written', () => {
    const large = new SpillFile({ folder: folder.path, clock, maxBytes: () => 1e9 });
    const bytes = new Uint8Array(16 * 1024 * 1024);
    const taken = Array.from({ length: 5 }, () => large.write(bytes));
    taken.forEach((spilled) => void spilled?.written.catch(() => undefined));
    assert.deepEqual(
      taken.map((spilled) => spilled !== undefined),
      [true, true, true, true, false],
    );
    assert.match(large.problem?.detail ?? '', /too slow/);
    large.dispose();
  });

  it('removes what a process left there that is gone, and nothing else', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    const left = `logs-${child.pid}-abc.spill`;
    const others = [`logs-${process.pid}-abc.spill`, 'notes.txt'];
    [left, ...others].forEach((name) => writeFileSync(join(folder.path, name), ''));
    spillInto(folder.path, clock)(() => 0).dispose();
    await until('it is gone', () => !readdirSync(folder.path).includes(left), SOON);
    assert.deepEqual(readdirSync(folder.path).sort(), others.sort());
  });

  it('is found out to be impossible before it is needed', async () => {
    await checkSpillFolder(join(folder.path, 'new'));
    assert.deepEqual(readdirSync(folder.path), ['new']);
    writeFileSync(join(folder.path, 'file'), '');
    await assert.rejects(checkSpillFolder(join(folder.path, 'file')), { code: 'EEXIST' });
  });
});
