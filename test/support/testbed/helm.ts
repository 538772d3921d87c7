import { join } from 'node:path';
import { runCommand } from './command';
import { areBuilt, buildGoTools, goToolsFolder, type GoTools } from './goTools';
import { temporaryFolder } from './temporaryFolder';
import type { Report, ToolState } from './toolState';

const HELM: GoTools = { name: 'helm', linkerFlags: '-s -w', what: 'helm' };

/** The program, if it was built already. */
export function findHelm(): ToolState<string> {
  return areBuilt(HELM)
    ? { type: 'ready', tool: join(goToolsFolder(HELM), 'helm') }
    : { type: 'missing', reason: `${HELM.what} not built` };
}

/** Builds it with Go, into the user's cache, where that was not done yet. */
export async function ensureHelm(report: Report): Promise<ToolState<string>> {
  const built = await buildGoTools([HELM], report);
  return built.type === 'ready' ? findHelm() : built;
}

/** Runs helm with folders of its own, so that nothing of its user counts. */
export async function runHelm(helm: string, args: readonly string[], stdin?: string): Promise<string> {
  const home = temporaryFolder('helm');
  try {
    return await runCommand(helm, args, {
      env: { PATH: process.env['PATH'], HOME: home.path },
      ...(stdin === undefined ? {} : { stdin }),
    });
  } finally {
    home.remove();
  }
}
