import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import * as path from 'node:path';
import type { Problem } from '../protocol/problem';
import type { KubeconfigList } from './defaultKubeconfigList';
import { programName } from './execPlugin';
import { decodeContext } from './kubeconfigEntries';
import {
  mergeKubeconfigs,
  readKubeconfigFile,
  type Kubeconfig,
  type KubeconfigFileFault,
  type KubeconfigFileReading,
} from './kubeconfigFile';
import { resolveContext } from './resolvedContext';

/** One context of a kubeconfig: a source that can be connected to, or says why not. */
export interface KubeconfigContext {
  /** Short hash of path and context name: the same in every session. */
  readonly source: string;
  /** The file that defines the context. */
  readonly path: string;
  /** The files it was merged from, in kubectl's order, where there is more than the one. */
  readonly mergedPaths?: readonly string[];
  readonly context: string;
  /** Name of the cluster entry; empty where the context names none. */
  readonly cluster: string;
  readonly server?: string;
  readonly namespace?: string;
  readonly isCurrent: boolean;
  /** The program's name, where credentials come from an exec plugin; its arguments may hold secrets. */
  readonly execCommand?: string;
  /** Set when this context cannot be used as it stands. */
  readonly problem?: Problem;
}

/** Why a file gives no contexts. */
export interface KubeconfigFileProblem extends KubeconfigFileFault {
  /** Whether someone named this file; false for the default location, which may well be absent. */
  readonly isExplicit: boolean;
}

export interface KubeconfigReading {
  /** In the order of the files, and of the entries in them. */
  readonly contexts: readonly KubeconfigContext[];
  readonly problems: readonly KubeconfigFileProblem[];
  /** Absolute paths of all files that were looked at, the missing ones too: worth watching. */
  readonly files: readonly string[];
}

/**
 * Reads all contexts. A plain path stands for itself: its contexts use the clusters and users of that file alone, so that
 * unrelated files with equal names never lend each other credentials. A {@link KubeconfigList} is merged as kubectl does:
 * a context may use another file's cluster or user, and the first file to define a name wins. A file that appears twice
 * counts once, where it came first. `~` stands for `homeFolder`. Never throws: what is wrong with a file or context is
 * told beside the others.
 */
export async function readKubeconfigs(
  entries: readonly (string | KubeconfigList)[],
  homeFolder: string = homedir(),
): Promise<KubeconfigReading> {
  const contexts: KubeconfigContext[] = [];
  const problems: KubeconfigFileProblem[] = [];
  const files = new Set<string>();
  for (const entry of entries) {
    const list = typeof entry === 'string' ? { paths: [entry], isExplicit: true } : entry;
    const fresh = [...new Set(list.paths.map((file) => absolutePath(file, homeFolder)))].filter(
      (file) => !files.has(file),
    );
    const readings = await Promise.all(fresh.map((file) => readKubeconfigFile(file)));
    fresh.forEach((file) => files.add(file));
    const kubeconfigs = readings.flatMap((reading) => (reading.ok ? [reading.kubeconfig] : []));
    const found = contextsOf(mergeKubeconfigs(kubeconfigs), fresh);
    contexts.push(...found);
    problems.push(...problemsOf(readings, fresh, found.length > 0, list.isExplicit));
  }
  return { contexts, problems, files: [...files] };
}

function absolutePath(file: string, homeFolder: string): string {
  return path.resolve(
    homeFolder,
    file.replace(/^~(?=$|[\\/])/, () => homeFolder),
  );
}

/** A sound file may name no context where another of its list does; a list without any has nothing to offer. */
function problemsOf(
  readings: readonly KubeconfigFileReading[],
  files: readonly string[],
  hasContexts: boolean,
  isExplicit: boolean,
): KubeconfigFileProblem[] {
  return readings.flatMap((reading, index): KubeconfigFileProblem[] => {
    if (!reading.ok) {
      return [{ ...reading.problem, isExplicit }];
    }
    const file = files[index];
    return hasContexts || file === undefined
      ? []
      : [{ path: file, reason: 'empty', detail: 'names no context', isExplicit }];
  });
}

function contextsOf(kubeconfig: Kubeconfig, files: readonly string[]): KubeconfigContext[] {
  return [...kubeconfig.contexts].map(([name, entry]) => {
    const decoded = decodeContext(entry);
    const namespace = decoded.ok ? decoded.value.namespace : undefined;
    const resolution = resolveContext(kubeconfig, name);
    return {
      source: sourceId(entry.path, name),
      path: entry.path,
      ...(files.length > 1 ? { mergedPaths: files } : {}),
      context: name,
      cluster: (decoded.ok ? decoded.value.cluster : undefined) ?? '',
      ...(namespace === undefined ? {} : { namespace }),
      isCurrent: kubeconfig.currentContext === name,
      ...(resolution.ok
        ? {
            server: resolution.resolved.server,
            ...(resolution.resolved.exec === undefined
              ? {}
              : { execCommand: programName(resolution.resolved.exec.command) }),
          }
        : { problem: { code: 'kubeconfig', detail: resolution.detail } }),
    };
  });
}

/** 48 bits: among 10,000 contexts two share an id with a probability below 2 in 10 million. */
const SOURCE_ID_CHARS = 12;

function sourceId(file: string, context: string): string {
  return createHash('sha256').update(`${file}\0${context}`).digest('hex').slice(0, SOURCE_ID_CHARS);
}
