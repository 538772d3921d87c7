import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A folder outside the clone whose name changes when any of `keyFiles` (or `salt`) changes, so that a tool
 * built from them is built once per machine and never out of date.
 *
 * Follows the XDG Base Directory Specification: `$XDG_CACHE_HOME`, else `~/.cache`. The folder itself is not made.
 */
export function cacheFolder(name: string, keyFiles: readonly string[], salt = ''): string {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n${salt}\n`);
  for (const file of keyFiles) {
    hash.update(readFileSync(file));
  }
  const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'clusterpersona', `${name}-${hash.digest('hex').slice(0, 16)}`);
}

/**
 * Fills `folder` through a temporary neighbour and a rename: it exists completely or not at all, also when two
 * processes fill it at once (the first one wins) or one is killed half way.
 */
export async function fillCacheFolder(
  folder: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  if (existsSync(folder)) {
    return;
  }
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.partial-`);
  try {
    await fill(temporary);
    try {
      renameSync(temporary, folder);
    } catch (error) {
      if (!existsSync(folder)) {
        throw error;
      }
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
