import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { runCommand } from '../../support/testbed/command';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import { ACTIVATIONS_FILE, activationSchema, type Activation } from './activation';

const BUILD_DEADLINE_MS = 2 * 60_000;

/** What is shipped beside the bundles. */
const SHIPPED = ['package.json', 'package.nls.json', 'media', 'l10n', 'deploy'] as const;

/** Takes the place of the manifest's `main`. */
const METERED_MAIN = 'meteredMain.js';

export interface MeteredExtension {
  /** An extension's folder. */
  readonly path: string;
  /** Of all starts so far, the oldest first. */
  activations(): readonly Activation[];
  remove(): void;
}

/** Builds the extension as it is shipped into a folder of its own, round it a `main` that measures how it starts. */
export async function buildMeteredExtension(): Promise<MeteredExtension> {
  const folder = temporaryFolder('activate');
  const within = (...names: string[]): string => join(folder.path, ...names);
  try {
    const root = repositoryRoot();
    await runCommand(process.execPath, ['esbuild.mjs', '--production', `--outdir=${within('dist')}`], {
      cwd: root,
      deadlineMs: BUILD_DEADLINE_MS,
    });
    for (const name of SHIPPED) {
      cpSync(join(root, name), within(name), { recursive: true });
    }
    cpSync(join(__dirname, 'meteredMainProgram.js'), within(METERED_MAIN));
    const manifest = v.parse(
      v.record(v.string(), v.unknown()),
      JSON.parse(readFileSync(within('package.json'), 'utf8')),
    );
    writeFileSync(within('package.json'), JSON.stringify({ ...manifest, main: `./${METERED_MAIN}` }));
    return {
      path: folder.path,
      activations: () => readActivations(within(ACTIVATIONS_FILE)),
      remove: () => folder.remove(),
    };
  } catch (error) {
    folder.remove();
    throw error;
  }
}

function readActivations(file: string): Activation[] {
  if (!existsSync(file)) {
    return [];
  }
  // What follows the last line's end is not written wholly yet.
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => v.parse(activationSchema, JSON.parse(line)));
}
