import { isRecord } from '../base/jsonRecord';
import { loadAll, YAMLException } from 'js-yaml';
import { readFileBounded, systemErrorCode } from './readFileBounded';
import { SharedReads } from './sharedReads';

/** Why a kubeconfig file gives no contexts. */
export interface KubeconfigFileFault {
  readonly path: string;
  readonly reason: 'missing' | 'unreadable' | 'malformed' | 'empty';
  /** One technical line: a system error's code or a position, never the file's content. */
  readonly detail: string;
}

/** One entry of a kubeconfig's lists, undecoded. */
export interface KubeconfigEntry {
  readonly value: unknown;
  /** The file that defines it: its relative paths start from that file's folder. */
  readonly path: string;
}

/** A kubeconfig, or several merged into one: entries by name, the first definition of a name wins. */
export interface Kubeconfig {
  readonly currentContext?: string;
  readonly contexts: ReadonlyMap<string, KubeconfigEntry>;
  readonly clusters: ReadonlyMap<string, KubeconfigEntry>;
  readonly users: ReadonlyMap<string, KubeconfigEntry>;
}

export type KubeconfigFileReading =
  | { readonly ok: true; readonly kubeconfig: Kubeconfig }
  | { readonly ok: false; readonly problem: KubeconfigFileFault };

/** 1,000 contexts with embedded certificates were seen to take 5.4 MB; what is much longer is no kubeconfig. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;
/**
 * Parsing takes about 2 µs a node: this keeps the worst file near 0.2 s. 1,000 contexts have some 16,000 nodes. Nodes are
 * counted as line feeds, commas and opening brackets, of which there cannot be fewer than nodes by much.
 */
const MAX_NODES = 100_000;
/** A kubeconfig nests about six levels deep; the limit keeps hostile nesting off the stack. */
const MAX_DEPTH = 50;
/** Aliases are rare in kubeconfigs; each costs nothing by itself, as nothing here walks what they point to. */
const MAX_ALIASES = 10_000;

/** What was made of a file's bytes when it was read last. */
interface ParsedFile {
  readonly bytes: Buffer;
  readonly reading: KubeconfigFileReading;
}

const parsedFiles = new Map<string, ParsedFile>();
const reads = new SharedReads(readAndParse);

/**
 * Reads one file. Anything that can be wrong with it is a value; never throws. A file may hold a thousand contexts, and each
 * of them asks for it: those who ask at the same time share a read, and bytes that are the same are parsed once.
 */
export function readKubeconfigFile(path: string): Promise<KubeconfigFileReading> {
  return reads.read(path);
}

async function readAndParse(path: string): Promise<KubeconfigFileReading> {
  let bytes: Buffer;
  try {
    bytes = await readFileBounded(path, MAX_FILE_BYTES);
  } catch (error) {
    parsedFiles.delete(path);
    const code = systemErrorCode(error);
    const reason = code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
    return { ok: false, problem: { path, reason, detail: code } };
  }
  const known = parsedFiles.get(path);
  if (known?.bytes.equals(bytes) === true) {
    return known.reading;
  }
  const reading = parseKubeconfig(path, bytes.toString('utf8').replace(/^\uFEFF/, ''));
  parsedFiles.set(path, { bytes, reading });
  return reading;
}

function parseKubeconfig(path: string, text: string): KubeconfigFileReading {
  if (hasMoreNodesThan(text, MAX_NODES)) {
    return { ok: false, problem: { path, reason: 'malformed', detail: `more than ${MAX_NODES} entries` } };
  }
  let document: unknown;
  try {
    // kubectl, too, reads the first document only and lets a repeated key win over the earlier one.
    [document] = loadAll(text, { json: true, maxDepth: MAX_DEPTH, maxAliases: MAX_ALIASES });
  } catch (error) {
    return { ok: false, problem: { path, reason: 'malformed', detail: positionOf(error) } };
  }
  if (document === undefined || document === null) {
    return { ok: false, problem: { path, reason: 'empty', detail: 'no content' } };
  }
  if (!isRecord(document)) {
    return { ok: false, problem: { path, reason: 'malformed', detail: 'not a mapping at the top' } };
  }
  const contexts = namedEntries(document.contexts, path);
  const clusters = namedEntries(document.clusters, path);
  const users = namedEntries(document.users, path);
  if (contexts === undefined || clusters === undefined || users === undefined) {
    const list = contexts === undefined ? 'contexts' : clusters === undefined ? 'clusters' : 'users';
    return { ok: false, problem: { path, reason: 'malformed', detail: `${list} is not a list` } };
  }
  const currentContext = nameOf(document['current-context']);
  return {
    ok: true,
    kubeconfig: { ...(currentContext === undefined ? {} : { currentContext }), contexts, clusters, users },
  };
}

/** Merges like kubectl: for each name, and for the current context, the first file that says something wins. */
export function mergeKubeconfigs(kubeconfigs: readonly Kubeconfig[]): Kubeconfig {
  const [only, second] = kubeconfigs;
  if (only !== undefined && second === undefined) {
    return only;
  }
  const contexts = new Map<string, KubeconfigEntry>();
  const clusters = new Map<string, KubeconfigEntry>();
  const users = new Map<string, KubeconfigEntry>();
  let currentContext: string | undefined;
  for (const kubeconfig of kubeconfigs) {
    addMissing(contexts, kubeconfig.contexts);
    addMissing(clusters, kubeconfig.clusters);
    addMissing(users, kubeconfig.users);
    currentContext ??= kubeconfig.currentContext;
  }
  return { ...(currentContext === undefined ? {} : { currentContext }), contexts, clusters, users };
}

function addMissing<T>(into: Map<string, T>, from: ReadonlyMap<string, T>): void {
  for (const [name, entry] of from) {
    if (!into.has(name)) {
      into.set(name, entry);
    }
  }
}

/** `undefined` when it is no list. Entries without a name are unreachable, and left out. */
function namedEntries(list: unknown, path: string): ReadonlyMap<string, KubeconfigEntry> | undefined {
  const entries = new Map<string, KubeconfigEntry>();
  if (list === undefined || list === null || list === '') {
    return entries;
  }
  if (!Array.isArray(list)) {
    return undefined;
  }
  const items: readonly unknown[] = list;
  for (const value of items) {
    const name = isRecord(value) ? nameOf(value.name) : undefined;
    if (name !== undefined && !entries.has(name)) {
      entries.set(name, { value, path });
    }
  }
  return entries;
}

/** Names that look like numbers come out of YAML as numbers. */
function nameOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function hasMoreNodesThan(text: string, limit: number): boolean {
  let nodes = 0;
  for (const _ of text.matchAll(/[\n,[{]/g)) {
    nodes += 1;
    if (nodes > limit) {
      return true;
    }
  }
  return false;
}

/** Where, and nothing of what: the parser's own message quotes the line, which may hold a token. */
function positionOf(error: unknown): string {
  const mark = error instanceof YAMLException ? error.mark : undefined;
  return mark === undefined || mark === null
    ? 'not valid YAML'
    : `not valid YAML at line ${mark.line + 1}, column ${mark.column + 1}`;
}
