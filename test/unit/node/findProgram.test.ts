import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { findProgram, programSearch } from '../../../src/node/findProgram';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';

describe('a program on the PATH', () => {
  let folder: TemporaryFolder;
  let path: string;

  before(() => {
    folder = temporaryFolder('path');
    const [empty, plain, good] = ['empty', 'plain', 'good'].map((name) => join(folder.path, name));
    for (const one of [empty, plain, good]) {
      mkdirSync(one ?? '');
    }
    writeFileSync(join(plain ?? '', 'tool'), '');
    chmodSync(join(plain ?? '', 'tool'), 0o644);
    mkdirSync(join(empty ?? '', 'tool'));
    writeFileSync(join(good ?? '', 'tool'), '');
    chmodSync(join(good ?? '', 'tool'), 0o755);
    writeFileSync(join(good ?? '', 'other.EXE'), '');
    chmodSync(join(good ?? '', 'other.EXE'), 0o755);
    path = [empty, plain, '', good].join(delimiter);
  });
  after(() => folder.remove());

  it('is a file that may be run, of the first folder that has one', async () => {
    assert.equal(await findProgram('tool', { path, endings: '' }), join(folder.path, 'good', 'tool'));
    assert.equal(await findProgram('none', { path, endings: '' }), undefined);
    assert.equal(await findProgram('tool', { path: '', endings: '' }), undefined);
  });

  it('has one of the endings of programs where there are such', async () => {
    const search = { path, endings: '.COM;.EXE' };
    assert.equal(await findProgram('other', search), join(folder.path, 'good', 'other.EXE'));
    assert.equal(await findProgram('tool', search), undefined);
    assert.deepEqual(programSearch({ PATH: 'a', PATHEXT: '.X' }, 'win32'), { path: 'a', endings: '.X' });
    assert.deepEqual(programSearch({ PATH: 'a', PATHEXT: '.X' }, 'linux'), { path: 'a', endings: '' });
  });
});
