import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, fillCacheFolder } from './cacheFolder';
import { CommandError, runCommand } from './command';
import { executableOnPath } from './executableOnPath';
import { repositoryRoot } from './repositoryRoot';
import { type Report, type ToolState, reported } from './toolState';

/** Programs that a Go module in `go/` names as its tools. */
export interface GoTools {
  readonly name: string;
  readonly linkerFlags: string;
  /** For people. */
  readonly what: string;
}

// 3:40 and 1:02 minutes were seen on two cold cores; a slow or shared machine may take several times that.
const buildDeadlineMs = 40 * 60_000;

function moduleFolder(name: string): string {
  return join(repositoryRoot(), 'test', 'support', 'testbed', 'go', name);
}

/** Where they are, or will be, in the user's cache. */
export function goToolsFolder({ name, linkerFlags }: GoTools): string {
  const module = moduleFolder(name);
  return cacheFolder(name, [join(module, 'go.mod'), join(module, 'go.sum')], linkerFlags);
}

export function areBuilt(tools: GoTools): boolean {
  return existsSync(goToolsFolder(tools));
}

/** Builds with Go what is not there yet. Minutes when cold, nothing when cached. */
export async function buildGoTools(all: readonly GoTools[], report: Report): Promise<ToolState<void>> {
  const missing = all.filter((tools) => !areBuilt(tools));
  if (missing.length === 0) {
    return { type: 'ready', tool: undefined };
  }
  const go = executableOnPath('go');
  if (go === undefined) {
    return { type: 'missing', reason: 'Go is not installed' };
  }
  try {
    for (const tools of missing) {
      await reported(report, `Building ${tools.what} with Go (minutes the first time)`, () =>
        fillCacheFolder(goToolsFolder(tools), (folder) => build(go, tools, folder)),
      );
    }
  } catch (error) {
    if (error instanceof CommandError) {
      return { type: 'missing', reason: `Go could not build it: ${error.message}` };
    }
    throw error;
  }
  return { type: 'ready', tool: undefined };
}

async function build(go: string, { name, linkerFlags }: GoTools, folder: string): Promise<void> {
  // No C compiler is asked for, and the paths of this machine stay out of the binaries.
  await runCommand(go, ['build', '-trimpath', '-ldflags', linkerFlags, '-o', `${folder}/`, 'tool'], {
    cwd: moduleFolder(name),
    env: { ...process.env, CGO_ENABLED: '0' },
    deadlineMs: buildDeadlineMs,
  });
  // Go names a program after the last part of its path, and etcd's is `go.etcd.io/etcd/server/v3`.
  const server = join(folder, 'server');
  if (existsSync(server)) {
    renameSync(server, join(folder, 'etcd'));
  }
}
