import { parseArgs } from 'node:util';
import { DEMO_SCENES, type DemoScene } from '../src/demo/demoScene';

export interface DemoClusterArguments {
  readonly port: number;
  readonly personas?: number;
  readonly ratePerSecond?: number;
  readonly seed: number;
  readonly scene?: DemoScene;
  readonly kubeconfig?: string;
  readonly isPlainHttp: boolean;
  readonly isChaos: boolean;
}

/** The command line cannot be understood; the message says which part of it. */
export class ArgumentError extends Error {
  readonly code = 'argument';

  constructor(message: string) {
    super(message);
    this.name = 'ArgumentError';
  }
}

/** Any number would do; it is told so that a story can be told again. */
const DEFAULT_SEED = 20260101;

export const USAGE = `Usage: npm run demo-cluster -- [OPTION]…

  --port N           listen on this port of 127.0.0.1 (default: any that is free)
  --personas N       hold so many ClusterPersonas (default: the made-up fleet's dozen)
  --rate N/s         write so many changes a second (default: what the scene brings)
  --seed N           the same seed tells the same story (default: ${DEFAULT_SEED})
  --scene NAME       ${DEMO_SCENES.join(', ')} (default: calm)
  --kubeconfig FILE  write the kubeconfig there and leave it there (default: a temporary file)
  --http             plain HTTP, where every program on this machine is admin, instead of HTTPS with three users
  --chaos            let it fail at random, and say how
  --help             print this`;

const MAX_PERSONAS = 50_000;
const MAX_RATE = 10_000;
const MAX_SEED = 2 ** 32 - 1;
const MAX_PORT = 65_535;

/** Throws {@link ArgumentError}; 'help' when only the usage is asked for. */
export function parseDemoClusterArguments(args: readonly string[]): DemoClusterArguments | 'help' {
  const values = parse(args);
  if (values.help === true) {
    return 'help';
  }
  const { kubeconfig } = values;
  if (kubeconfig === '') {
    throw new ArgumentError('--kubeconfig needs the name of a file');
  }
  const personas = numberOf('--personas', values.personas, MAX_PERSONAS);
  const ratePerSecond = numberOf('--rate', values.rate?.replace(/\/s$/, ''), MAX_RATE);
  const scene = values.scene === undefined ? undefined : sceneOf(values.scene);
  return {
    port: numberOf('--port', values.port, MAX_PORT) ?? 0,
    seed: numberOf('--seed', values.seed, MAX_SEED) ?? DEFAULT_SEED,
    isPlainHttp: values.http === true,
    isChaos: values.chaos === true,
    ...(personas !== undefined && { personas }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(scene !== undefined && { scene }),
    ...(kubeconfig !== undefined && { kubeconfig }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        personas: { type: 'string' },
        rate: { type: 'string' },
        seed: { type: 'string' },
        scene: { type: 'string' },
        kubeconfig: { type: 'string' },
        http: { type: 'boolean' },
        chaos: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function numberOf(option: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (!/^\d{1,12}$/.test(text) || Number(text) > max) {
    throw new ArgumentError(`${option} takes a whole number from 0 to ${max}, not "${text}"`);
  }
  return Number(text);
}

function sceneOf(text: string): DemoScene {
  const scene = DEMO_SCENES.find((candidate) => candidate === text);
  if (scene === undefined) {
    throw new ArgumentError(`--scene is one of ${DEMO_SCENES.join(', ')}, not "${text}"`);
  }
  return scene;
}
