import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { repositoryRoot } from '../support/testbed/repositoryRoot';

describe('The files of the packaged extension', function () {
  this.timeout(60_000);

  it('are those that it runs, and neither the stand-alone hub nor source maps', () => {
    const root = repositoryRoot();
    const vsce = path.join(root, 'node_modules', '.bin', 'vsce');
    const listed = execFileSync(vsce, ['ls', '--no-dependencies'], { cwd: root, encoding: 'utf8' });
    const files = listed.split('\n').filter((line) => line.startsWith('dist/'));
    assert.deepEqual(files.toSorted(), [
      'dist/checks.js',
      'dist/cluster.js',
      'dist/demo.js',
      'dist/doctor.js',
      'dist/extension.browser.js',
      'dist/extension.js',
      'dist/informer.js',
      'dist/kubeconfigs.js',
      'dist/panels.js',
      'dist/remote.js',
      'dist/webview/codicon.ttf',
      'dist/webview/detail.css',
      'dist/webview/detail.js',
      'dist/webview/logs.css',
      'dist/webview/logs.js',
    ]);
  });
});
