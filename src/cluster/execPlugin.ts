import { createHash } from 'node:crypto';
import * as path from 'node:path';
import type { ExecEntry } from './kubeconfigEntries';

/** An entry that names its program. */
export type NamedExecEntry = ExecEntry & { readonly command: string };

/**
 * What a person is asked to allow. `commandLine` is for that question alone: arguments may hold secrets, so everything
 * else shows `program`.
 */
export interface ExecPluginQuestion {
  /** The program's name without its folder. */
  readonly program: string;
  /** Program and arguments in printable ASCII: nothing in it can hide, reorder or imitate something else. */
  readonly commandLine: string;
  /** Variables that the kubeconfig sets for the program, without their values. */
  readonly environmentNames: readonly string[];
  /** SHA-256, in hexadecimal digits, of all that is run: program, arguments, environment and folder. */
  readonly fingerprint: string;
}

/** How exactly a plugin is started. Arguments and values may be secrets. */
export interface ExecLaunch {
  /** Absolute where the kubeconfig gives a path; a bare name is looked for in the PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  /** Absent for a bare name: Windows would look for the program in this folder before the PATH. */
  readonly cwd?: string;
}

/** A command with a path separator is relative to the folder of the kubeconfig, which then is its working folder. */
export function execLaunch({ command, args, env }: NamedExecEntry, userPath: string): ExecLaunch {
  const given = { args, env: env.map(({ name, value }) => ({ name, value: value ?? '' })) };
  if (!/[\\/]/.test(command)) {
    return { command, ...given };
  }
  const folder = path.dirname(userPath);
  return { command: path.resolve(folder, command), ...given, cwd: folder };
}

export function execPluginQuestion({ command, args, env, cwd }: ExecLaunch): ExecPluginQuestion {
  const all = [command, args, env.map(({ name, value }) => [name, value]), cwd ?? null];
  return {
    program: programName(command),
    commandLine: [command, ...args].map(quoted).join(' '),
    environmentNames: [...new Set(env.map(({ name }) => printable(name)))],
    fingerprint: createHash('sha256').update(JSON.stringify(all)).digest('hex'),
  };
}

const MAX_PROGRAM_CHARS = 60;

/** The name of a command without folder or arguments, fit to be shown and logged. */
export function programName(command: string): string {
  // Nothing that looks like an argument is part of a name, even where somebody wrote a whole line as the command.
  const name = command.replace(/\s+-.*$/s, '').replace(/^.*[\\/]/s, '');
  return printable(name).slice(0, MAX_PROGRAM_CHARS);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : printable(JSON.stringify(word));
}

/** Also of several spaces only the first stays one: a long run of them would push what follows out of sight. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]|(?<= ) /gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Shorter values would take ordinary words apart, and are no secrets worth the name. */
const MIN_SECRET_CHARS = 4;
const OPTION = /^-[^=\s]*$/;

/**
 * What a plugin said, without what it was given: arguments and the values of its environment. Names of options and words
 * that look like subcommands stay, since a complaint is not understood without them.
 */
export function withoutGivenValues(text: string, launch: ExecLaunch): string {
  return (
    [...new Set(givenValues(launch))]
      .flatMap((value) => [
        value,
        JSON.stringify(value).slice(1, -1),
        encodeURIComponent(value.toWellFormed()),
      ])
      .filter((value) => value.length >= MIN_SECRET_CHARS)
      // Longest first, so that nothing is left of a long one that begins like a short one.
      .toSorted((a, b) => b.length - a.length)
      .reduce((rest, value) => rest.replaceAll(value, () => '‹redacted›'), text)
  );
}

function* givenValues({ args, env }: ExecLaunch): Generator<string> {
  for (const { value } of env) {
    yield value;
    yield* unusualWords(value);
  }
  for (const [index, argument] of args.entries()) {
    const assigned = /^-[^=\s]*=(.*)$/s.exec(argument)?.[1];
    const isOption = OPTION.test(argument);
    const isOfOption = !isOption && OPTION.test(args[index - 1] ?? '');
    // -pVALUE
    const value = assigned ?? (isOption ? argument.slice(2) : argument);
    if (assigned !== undefined || isOfOption || !isPlainWord(value)) {
      yield value;
      yield* unusualWords(value);
    }
  }
}

/** A script that is given as one argument may be quoted in parts. */
function unusualWords(value: string): string[] {
  return value.split(/[\s="'`;,]+/).filter((word) => !isPlainWord(word) && !OPTION.test(word));
}

/** Such as a subcommand, or the name of an option without its dashes. */
function isPlainWord(word: string): boolean {
  return /^-?[a-z]+(?:-[a-z]+)*$/.test(word);
}
