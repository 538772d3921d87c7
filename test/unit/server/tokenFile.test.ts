import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nullLogger } from '../../../src/base/logger';
import { TokenFile } from '../../../src/server/tokenFile';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';

const ONE = 'the-first-token-of-all';
const TWO = 'another-token/with+signs=';
const soon = { deadlineMs: 5_000, pollMs: 1 };

describe('a file of tokens', () => {
  const folder = temporaryFolder('tokens');
  const file = join(folder.path, 'tokens');
  let clock: FakeClock;
  let tokens: TokenFile | undefined;
  let logged: string[];
  const logger = {
    ...nullLogger,
    info: (message: string) => void logged.push(message),
    error: (message: string) => void logged.push(message),
  };

  after(() => folder.remove());
  beforeEach(() => {
    clock = new FakeClock();
    logged = [];
  });
  afterEach(() => {
    tokens?.dispose();
    tokens = undefined;
    assert.equal(clock.pendingTimers, 0);
  });
  trackLeaks();

  async function open(content: string): Promise<TokenFile> {
    writeFileSync(file, content);
    tokens = await TokenFile.open(file, clock, logger);
    return tokens;
  }
  /** Looks at the file as often as it takes for a change to count. */
  async function look(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      await until('the next look is due', () => clock.pendingTimers === 1, soon);
      await clock.advance(2_000);
    }
    await until('the look is over', () => clock.pendingTimers === 1, soon);
  }

  it('lets in by each of its lines, and by nothing else', async () => {
    const { check } = { check: (token: string) => tokens?.check(token) };
    await open(`# who may\n${ONE}\r\n\n  ${TWO}  \n`);
    assert.ok(check(ONE) !== undefined);
    assert.ok(check(TWO) !== undefined);
    for (const wrong of ['', '# who may', `${ONE} `, ONE.slice(1), ONE.toUpperCase(), 'x'.repeat(100_000)]) {
      assert.equal(check(wrong), undefined, wrong.slice(0, 30));
    }
  });

  for (const [what, content, message] of [
    ['no token', '# nothing\n\n', /holds no token/],
    ['a short one', `${ONE}\nshort\n`, /^line 2 of the token file has fewer than 16 characters$/],
    [
      'one that looks like a ticket',
      `ticket-1-${ONE}\n`,
      /^line 1 of the token file begins as a ticket does$/,
    ],
    ['one that no header can carry', `${ONE} and more\n`, /^line 1 of the token file has characters/],
  ] as const) {
    it(`is refused with ${what}, without saying it`, async () => {
      await assert.rejects(open(content), { name: 'StartError', message });
    });
  }

  it('is refused where there is none', async () => {
    const missing = join(folder.path, 'missing');
    await assert.rejects(TokenFile.open(missing, clock, logger), {
      name: 'StartError',
      message: /cannot be read: ENOENT/,
    });
  });

  it('revokes what is taken out of it, and lets in by what is put into it', async () => {
    const opened = await open(`${ONE}\n${TWO}\n`);
    const revoked: string[] = [];
    using listening = new DisposableStack();
    for (const token of [ONE, TWO]) {
      const listener = opened.check(token)?.onEnded(() => revoked.push(token));
      listening.defer(() => listener?.dispose());
    }
    writeFileSync(file, `${TWO}\na-third-token-that-is-new\n`);
    await look();
    assert.deepEqual(revoked, [ONE]);
    assert.equal(opened.check(ONE), undefined);
    assert.ok(opened.check('a-third-token-that-is-new') !== undefined);
    assert.deepEqual(logged, ['The token file changed and holds 2 tokens now']);
    writeFileSync(file, '');
    await look();
    assert.deepEqual(revoked, [ONE, TWO]);
    assert.equal(opened.check(TWO), undefined);
  });

  it('does not count before it was the same twice, since it may be half written', async () => {
    const opened = await open(`${ONE}\n`);
    writeFileSync(file, `${TWO}\n`);
    await clock.advance(2_000);
    await until('the look is over', () => clock.pendingTimers === 1, soon);
    assert.ok(opened.check(ONE) !== undefined);
    writeFileSync(file, `${ONE}\n`);
    await look();
    assert.ok(opened.check(ONE) !== undefined);
    assert.equal(opened.check(TWO), undefined);
    assert.deepEqual(logged, []);
  });

  it('stays as it was while it cannot be read or used, and says so once', async () => {
    const opened = await open(`${ONE}\n`);
    rmSync(file);
    await look();
    await look();
    assert.ok(opened.check(ONE) !== undefined);
    assert.deepEqual(logged.splice(0), ['The token file cannot be read (ENOENT): its last tokens stay good']);
    writeFileSync(file, 'short\n');
    await look();
    await look();
    assert.ok(opened.check(ONE) !== undefined);
    assert.deepEqual(logged, [
      'The token file can be read again',
      'The token file changed and cannot be used, its last tokens stay good: line 1 of the token file has fewer than 16 characters',
    ]);
  });
});
