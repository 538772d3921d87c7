import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

const folders = new Set<string>();

// One handler for all: a suite has more of them than a process takes listeners without a warning.
process.on('exit', () => folders.forEach(removeFolder));

function removeFolder(path: string): void {
  folders.delete(path);
  rmSync(path, { recursive: true, force: true, maxRetries: 3 });
}

/** A new folder in the system's temporary folder, removed by `remove()` or at the latest when this process ends. */
export function temporaryFolder(name: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `clusterpersona-${name}-`));
  folders.add(path);
  return { path, remove: () => removeFolder(path) };
}
