import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { systemClock } from '../src/base/clock';
import { DisposableStore } from '../src/base/disposable';
import { nullLogger, type Logger } from '../src/base/logger';
import { seededRandom } from '../src/base/random';
import { createDemoCluster } from '../src/demo/demoCluster';
import { startChaos } from '../src/demo/faults/chaos';
import { DemoFaults } from '../src/demo/faults/demoFaults';
import { JumpingClock } from '../src/demo/faults/jumpingClock';
import { CertificateAuthority } from '../src/demoServer/certificateAuthority';
import { startDemoHttpServer, type DemoHttpServer } from '../src/demoServer/demoHttpServer';
import {
  ForeignKubeconfigError,
  refuseForeignKubeconfig,
  writeDemoKubeconfig,
} from '../src/demoServer/demoKubeconfig';
import { temporaryFolder } from '../test/support/testbed/temporaryFolder';
import {
  ArgumentError,
  parseDemoClusterArguments,
  USAGE,
  type DemoClusterArguments,
} from './demoClusterArguments';

const say = (line: string): void => console.log(line);

const logger: Logger = {
  ...nullLogger,
  warn: (message) => console.error(message),
  error: (message, cause) => console.error(message, cause ?? ''),
};

/** Until Ctrl+C, a request to end, or the end of whoever started this. */
function interrupted(): Promise<void> {
  return new Promise((stop) => {
    // Both may come more than once: from the terminal, and handed on by the script that started this one.
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
    process.on('disconnect', stop);
  });
}

async function serve(args: DemoClusterArguments, file: string, until: Promise<void>): Promise<void> {
  const { seed, personas, ratePerSecond, scene } = args;
  const token = (): string => randomBytes(24).toString('base64url');
  const tokens = args.isPlainHttp ? undefined : { admin: token(), viewer: token(), nobody: token() };
  const clock = new JumpingClock(systemClock);
  const options = {
    clock,
    seed,
    logger,
    ...(personas !== undefined && { personas }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    ...(scene !== undefined && { scene }),
    ...(tokens !== undefined && { tokens }),
  };
  const owned = new DisposableStore();
  const cluster = owned.add(createDemoCluster(options));
  const random = seededRandom(seed);
  const faults = owned.add(
    new DemoFaults({
      fetch: cluster.fetch,
      clock: systemClock,
      random,
      compact: () => cluster.compact(),
    }),
  );
  const authority = args.isPlainHttp ? undefined : new CertificateAuthority('ClusterPersona demo cluster');
  let server: DemoHttpServer | undefined;
  try {
    server = await startDemoHttpServer({
      fetch: args.isChaos ? faults.fetch : cluster.fetch,
      port: args.port,
      ...(authority !== undefined && { tls: authority.server('demo-cluster') }),
    });
    const contexts = writeDemoKubeconfig(file, {
      url: server.url,
      ...(authority !== undefined && { caCertificate: authority.certificate }),
      ...(tokens !== undefined && { tokens }),
    });
    cluster.start();
    say(`The demo cluster is at ${server.url}`);
    say(`Its kubeconfig is ${file}`);
    say(`with the contexts ${contexts.join(', ')}. Try\n`);
    say(`  kubectl --kubeconfig ${file} get clusterpersonas --watch\n`);
    say('Press Ctrl+C to stop it.');
    if (args.isChaos) {
      const onEvent = (line: string): void => say(`${new Date().toISOString()} chaos: ${line}`);
      owned.add(startChaos({ faults, clock: systemClock, random, serverClock: clock, onEvent }));
    }
    await until;
  } finally {
    await server?.close();
    owned.dispose();
  }
}

async function main(): Promise<void> {
  const args = parseDemoClusterArguments(process.argv.slice(2));
  if (args === 'help') {
    say(USAGE);
    return;
  }
  const until = interrupted();
  if (args.kubeconfig !== undefined) {
    const file = resolve(args.kubeconfig);
    refuseForeignKubeconfig(file);
    await serve(args, file, until);
    return;
  }
  const folder = temporaryFolder('demo-cluster');
  try {
    await serve(args, join(folder.path, 'kubeconfig'), until);
  } finally {
    folder.remove();
  }
}

function report(error: unknown): void {
  if (error instanceof ArgumentError) {
    console.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else if (error instanceof ForeignKubeconfigError) {
    console.error(error.message);
    process.exitCode = 2;
  } else {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

main()
  .catch(report)
  // The channel to the script that started this one would keep it alive.
  .finally(() => process.channel?.unref());
