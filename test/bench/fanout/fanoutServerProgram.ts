import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { nodeLoadMeter } from '../../../src/node/nodeLoadMeter';
import { HubServer } from '../../../src/server/hubServer';
import { parseServerArguments } from '../../../src/server/serverArguments';
import { serverSources } from '../../../src/server/serverSources';
import { memoryAfterCollection } from '../method/memory';
import { serveProgram } from '../method/serveProgram';
import { serveParams } from './fanoutParams';
import { ServerMeter } from './serverMeter';

/** The stand-alone hub, as src/server/main.ts starts it. */

const meter = new ServerMeter();

/** Answers its URL. */
async function start(params: unknown): Promise<string> {
  const { kubeconfig, args } = v.parse(serveParams, params);
  const parsed = parseServerArguments(['--kubeconfig', kubeconfig, '--listen', '127.0.0.1:0', ...args]);
  if (typeof parsed === 'string') {
    throw new TypeError(`the hub would print its ${parsed}`);
  }
  const parts = { clock: systemClock, random: systemRandom, logger: nullLogger };
  const sources = await serverSources(parsed.sources, { ...parts, version: 'bench' });
  const server = await HubServer.start({ arguments: parsed, sources, ...parts, loadMeter: nodeLoadMeter });
  return server.url;
}

serveProgram({
  start,
  begin: () => meter.begin(),
  end: () => meter.end(),
  memory: () => memoryAfterCollection(),
});
