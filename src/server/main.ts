import { builtPage } from 'clusterpersona:page';
import { version } from '../../package.json';
import { systemClock } from '../base/clock';
import { systemRandom } from '../base/random';
import { nodeLoadMeter } from '../node/nodeLoadMeter';
import { checkSpillFolder, spillInto } from '../node/spillFile';
import { WorkerScanner } from '../node/workerScanner';
import { HubServer } from './hubServer';
import { HubsToFollow } from './hubsToFollow';
import { isLoopback, parseServerArguments, USAGE } from './serverArguments';
import { createServerLog, type ServerLog } from './serverLog';
import { serverSources } from './serverSources';
import { StartError } from './startError';

/** Of a command line that cannot be understood, or a start that failed. */
const EXIT_START = 2;
const EXIT_FAULT = 1;

/** Entry of the stand-alone hub. */
async function main(): Promise<void> {
  const parsed = parseServerArguments(process.argv.slice(2));
  if (typeof parsed === 'string') {
    process.stdout.write(`${parsed === 'help' ? USAGE : version}\n`);
    return;
  }
  const log = createServerLog(parsed.logFormat);
  const { logger } = log;
  const clock = systemClock;
  const random = systemRandom;
  process.on('uncaughtException', (error) => {
    logger.error('A fault of the hub', error);
    exit(log, EXIT_FAULT);
  });
  const sources = await serverSources(parsed.sources, { clock, random, logger, version });
  const { logSpill } = parsed;
  if (logSpill !== undefined) {
    await checkSpillFolder(logSpill.folder).catch((error: unknown) => {
      throw new StartError(
        `--log-spill takes a folder that this program can write to: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }
  const hubs = await HubsToFollow.open(parsed.hubs ?? [], { clock, random, logger });
  const server = await HubServer.start({
    arguments: parsed,
    sources,
    followHubs: (hub) => hubs.follow(hub),
    clock,
    random,
    logger,
    loadMeter: nodeLoadMeter,
    logScanner: new WorkerScanner(clock),
    ...(logSpill === undefined ? {} : { logSpill: spillInto(logSpill.folder, clock) }),
    page: builtPage,
  });
  if (parsed.auth.type === 'none' && !isLoopback(parsed.listen.host)) {
    logger.warn('Everybody who reaches this address can read the clusters');
  } else if (parsed.auth.type !== 'none' && parsed.tls === undefined && !isLoopback(parsed.listen.host)) {
    logger.warn('Tokens travel in the clear, unless something before this server speaks TLS');
  }
  if (parsed.auth.type === 'reviewed' && parsed.auth.tokens?.takesApiServerTokens === true) {
    logger.warn('Tokens for API servers are taken: whoever controls this hub can use them there');
  }
  logger.info(`Listening on ${server.url}`);
  const onSignal = (): void => {
    if (server.isStopping) {
      exit(log, EXIT_FAULT);
    }
    void server.stop().then(
      () => exit(log, 0),
      (error: unknown) => {
        logger.error('The shutdown failed', error);
        exit(log, EXIT_FAULT);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

function exit(log: ServerLog, code: number): void {
  log.flush();
  process.exit(code);
}

main().catch((error: unknown) => {
  const message = error instanceof StartError ? error.message : error instanceof Error ? error.stack : error;
  process.stderr.write(`clusterpersona-hub: ${String(message)}\n`);
  process.exit(EXIT_START);
});
