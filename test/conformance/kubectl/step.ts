/** `stranger` shows a token that the server does not know. */
export type User = 'admin' | 'viewer' | 'nobody' | 'stranger';

/** How two answers are compared: as texts, or by how many lines and columns they have. */
export type Comparison = 'text' | 'shape';

interface Invocation {
  /** A sentence: the name of the test. */
  readonly does: string;
  /** Default: admin. */
  readonly as?: User;
  readonly args: readonly string[];
  /** Default: text. */
  readonly compare?: Comparison;
}

/** Runs kubectl to its end. */
export interface RunStep extends Invocation {
  readonly type: 'run';
  readonly stdin?: string;
  /** A shell command that changes the file whose name follows it; for `edit`. */
  readonly editor?: string;
  /** Both sides must end with it. Default: 0. */
  readonly exit?: number;
}

/** Starts a kubectl that goes on, and waits until it printed `lines` lines. */
export interface BeginStep extends Invocation {
  readonly type: 'begin';
  readonly stream: string;
  readonly lines: number;
}

/** Waits until a kubectl that was begun has printed `lines` lines in all, ends it, and compares what it printed. */
export interface EndStep {
  readonly type: 'end';
  readonly does: string;
  readonly stream: string;
  readonly lines: number;
  readonly compare?: Comparison;
}

export type Step = RunStep | BeginStep | EndStep;

type RunOptions = Omit<RunStep, 'type' | 'does' | 'args'>;

/** `args` in one text are parted at its spaces. */
export function run(does: string, args: string | readonly string[], options: RunOptions = {}): RunStep {
  return { type: 'run', does, args: parted(args), ...options };
}

export function begin(
  does: string,
  args: string,
  options: Pick<BeginStep, 'stream' | 'lines' | 'as'>,
): BeginStep {
  return { type: 'begin', does, args: parted(args), ...options };
}

export function end(does: string, options: Pick<EndStep, 'stream' | 'lines' | 'compare'>): EndStep {
  return { type: 'end', does, ...options };
}

function parted(args: string | readonly string[]): readonly string[] {
  return typeof args === 'string' ? args.split(' ') : args;
}
