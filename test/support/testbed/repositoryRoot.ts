import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function isRoot(folder: string): boolean {
  const manifest = join(folder, 'package.json');
  return existsSync(manifest) && /"name":\s*"clusterpersona"/.test(readFileSync(manifest, 'utf8'));
}

/** The clone's top folder, found upwards from wherever this code was bundled to. */
export function repositoryRoot(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    if (isRoot(folder)) {
      return folder;
    }
    if (folder === dirname(folder)) {
      throw new Error(`No package.json of clusterpersona above ${__dirname}`);
    }
  }
}
