import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';
import { repositoryRoot } from '../support/testbed/repositoryRoot';

describe('the cluster bundle', () => {
  const bundle = path.join(repositoryRoot(), 'dist', 'cluster.js');
  const run = (code: string): unknown =>
    JSON.parse(
      execFileSync(process.execPath, ['-e', `const bundle = ${JSON.stringify(bundle)};\n${code}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
  const slots = `[1, 2].map((n) => globalThis[Symbol.for('undici.globalDispatcher.' + n)])`;

  it('loads by itself and gives out the one function', () => {
    assert.deepEqual(run(`console.log(JSON.stringify(Object.keys(require(bundle))));`), [
      'openClusterConnection',
    ]);
  });

  it('leaves the agent of the platform’s fetch alone, be it in use or not', () => {
    assert.deepEqual(
      run(`require(bundle); console.log(JSON.stringify(${slots}.map((slot) => typeof slot)));`),
      ['undefined', 'undefined'],
    );
    const isKept = run(
      `fetch('data:,x').then(() => { const before = ${slots}; require(bundle); console.log(JSON.stringify(${slots}.every((slot, n) => slot === before[n]))); });`,
    );
    assert.equal(isKept, true);
  });

  it('leaves the platform’s fetch working', () => {
    const text = run(
      `require(bundle); const server = require('node:http').createServer((_, response) => response.end('yes')).listen(0, '127.0.0.1', async () => { const response = await fetch('http://127.0.0.1:' + server.address().port); console.log(JSON.stringify(await response.text())); process.exit(); });`,
    );
    assert.equal(text, 'yes');
  });
});
