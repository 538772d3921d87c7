import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import { GuestHub } from '../hub/guestHub';
import type { Hub } from '../hub/hub';
import { Session } from '../hub/session';
import { prioritySchema } from '../protocol/hubEvent';
import { ProblemError } from '../protocol/problem';
import { cursorsOf } from '../protocol/streamMessages';
import { parsePattern } from '../protocol/topicPattern';
import { scopeOfPattern } from '../protocol/topics';
import { ServerSseChannel } from '../transport/node/serverSseChannel';
import { SharedSseFrame } from '../transport/node/sharedSseFrame';
import { apiRoute, listOf, NO_BODY, NO_PARAMETERS } from './apiRoute';
import type { HubCommands } from './hubCommands';
import type { SseClients } from './sseClients';

export interface StreamFaceOptions {
  readonly hub: Hub;
  readonly commands: HubCommands;
  readonly clients: SseClients;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** As many as one subscription of the own protocol takes. */
const MAX_PATTERNS = 100;

const LAST_EVENT_ID =
  'the last id that was told, or one of each source with commas between: what was missed is told';

const streamQuery = v.object({
  topics: listOf(v.pipe(v.string(), v.description('patterns of topics, with commas between'))),
  priority: v.exactOptional(v.pipe(prioritySchema, v.description('only what is at least as urgent'))),
});

/**
 * The hub's events for whoever can read an answer: a stream of server-sent events. It is a session of the own protocol whose
 * client subscribes once and then listens.
 */
export function addStreamRoute(app: FastifyInstance, options: StreamFaceOptions): void {
  const { hub, clients, random } = options;
  // What a client does wrong is told to it, and must not fill the log.
  const logger: Logger = { ...options.logger, warn: (message) => options.logger.debug(message) };
  const frames = new SharedSseFrame();
  const route = apiRoute(
    {
      id: 'streamEvents',
      summary: 'What happens, as server-sent events',
      path: NO_PARAMETERS,
      query: streamQuery,
      body: NO_BODY,
      headers: { 'Last-Event-ID': LAST_EVENT_ID },
      answer: { description: 'Events without end', type: 'text/event-stream' },
    },
    async ({ query: { topics, priority }, request, reply }) => {
      clients.requireOpen();
      const patterns = patternsOf(topics);
      const source = onlySourceOf(patterns);
      const lastEventId = lastEventIdOf(request.headers);
      const { guest } = request.visit;
      await guest.learn();
      clients.requireOpen();
      const guestHub = new GuestHub(hub, guest);
      const channel = new ServerSseChannel({
        response: clients.open(request, reply),
        frames,
        random,
        logger,
        patterns,
        priority,
        cursors: lastEventId === undefined ? undefined : cursorsOf(lastEventId),
        cursor: () => guestHub.cursorFor(hub.cursor(source)),
      });
      // It ends with its channel.
      void new Session({
        ...options,
        guest,
        logger,
        channel,
        hello: () => ({ language: 'en', texts: {} }),
        runCommand: options.commands.runnerFor(guest),
        // No log is followed over it.
        logTailLines: () => 0,
      });
      channel.start();
    },
  );
  app.get('/api/v1/stream', route);
}

/** Undefined where there is none, and where it says nothing. */
export function lastEventIdOf(headers: NodeJS.Dict<string | string[]>): string | undefined {
  const value = [headers['last-event-id'] ?? []].flat().join(',').trim();
  return value === '' ? undefined : value;
}

/** Throws {@link ProblemError} `badRequest` where they cannot be subscribed to. */
function patternsOf(topics: readonly string[]): string[] {
  const patterns = topics.flatMap((value) => value.split(',')).filter((pattern) => pattern !== '');
  if (patterns.length === 0 || patterns.length > MAX_PATTERNS) {
    throw new ProblemError({
      code: 'badRequest',
      detail: `topics takes 1 to ${MAX_PATTERNS} patterns, e.g. topics=cluster.*.*,alert.*.*`,
    });
  }
  patterns.forEach(parsePattern);
  return patterns;
}

/** The source that all patterns are of, so that another hub can go on from where this one was. */
function onlySourceOf(patterns: readonly string[]): string | undefined {
  const sources = new Set(patterns.map((pattern) => scopeOfPattern(pattern)?.source));
  const [source] = sources;
  return sources.size === 1 ? source : undefined;
}
