import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface ProgramSearch {
  /** Folders, as `PATH` lists them. */
  readonly path: string;
  /** Endings of names of programs, as Windows' `PATHEXT` lists them; empty elsewhere. */
  readonly endings: string;
}

/** Where this process looks for programs. */
export function programSearch(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): ProgramSearch {
  return {
    path: environment['PATH'] ?? '',
    endings: platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD;.BAT') : '',
  };
}

/** The first program of a name that is found, as a path; undefined where there is none. */
export async function findProgram(
  name: string,
  { path, endings }: ProgramSearch,
): Promise<string | undefined> {
  const files = endings === '' ? [name] : endings.split(';').map((ending) => name + ending);
  for (const folder of path.split(delimiter).filter((one) => one !== '')) {
    for (const file of files) {
      const found = join(folder, file);
      if (await isProgram(found)) {
        return found;
      }
    }
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
