import type * as v from 'valibot';
import { decode, type ServerMessage } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import {
  isRequestMethod,
  REQUESTS,
  type RequestMethod,
  type RequestParams,
  type RequestResult,
  type ViewCommand,
} from '../protocol/requests';
import type { GuestHub } from './guestHub';
import type { LogStreams } from './logs/logStreams';
import type { KubeRelay } from './relay/kubeRelay';

/** How far a request is, for a person to read. */
export type RequestProgress = Pick<Extract<ServerMessage, { type: 'progress' }>, 'fraction' | 'text'>;

/** The views of logs that a client has open. */
export interface LogReader {
  readView(
    params: RequestParams<'logViews.read'>,
  ): RequestResult<'logViews.read'> | Promise<RequestResult<'logViews.read'>>;
  readLine(
    params: RequestParams<'logViews.line'>,
  ): RequestResult<'logViews.line'> | Promise<RequestResult<'logViews.line'>>;
}

/** Does what a client may have the composition root do; resolves when it is done, and says meanwhile how far it is. */
export type CommandRunner = (
  command: ViewCommand,
  signal: AbortSignal,
  onProgress: (progress: RequestProgress) => void,
  /** What the client follows; absent where it cannot follow any. */
  logs: (() => LogReader) | undefined,
) => Promise<void>;

export interface RequestContext {
  readonly hub: GuestHub;
  /** The logs that the client follows, made when first needed; absent where it has no connection that they could end with. */
  readonly logs: (() => LogStreams) | undefined;
  /** The same for what it reads of clusters itself. */
  readonly relay: (() => KubeRelay) | undefined;
  readonly runCommand: CommandRunner;
  /** Aborted when the client no longer wants the answer. */
  readonly signal: AbortSignal;
  /** Tells the client how far its request is; nothing after its answer. */
  readonly onProgress: (progress: RequestProgress) => void;
}

type Handler = (params: unknown, context: RequestContext) => Promise<unknown>;

/** Checks the parameters before `handle` sees them. */
function answering<P extends v.GenericSchema, R extends v.GenericSchema>(
  request: { readonly params: P; readonly result: R },
  handle: (
    params: v.InferOutput<P>,
    context: RequestContext,
  ) => Readonly<v.InferOutput<R>> | Promise<Readonly<v.InferOutput<R>>>,
): Handler {
  return async (params, context) => {
    const decoded = decode(request.params, params);
    if (!decoded.ok) {
      throw new ProblemError(decoded.problem);
    }
    return handle(decoded.value, context);
  };
}

const HANDLERS: Readonly<Record<RequestMethod, Handler>> = {
  'sources.list': answering(REQUESTS['sources.list'], async (_, { hub }) => ({
    sources: await hub.statuses(),
    hub: hub.hub.instance,
  })),
  'sources.get': answering(REQUESTS['sources.get'], ({ source }, { hub }) => hub.status(source)),
  'clusters.list': answering(REQUESTS['clusters.list'], (params, { hub }) => hub.listClusters(params)),
  'clusters.objects': answering(REQUESTS['clusters.objects'], (params, { hub }) => hub.listObjects(params)),
  'clusters.get': answering(REQUESTS['clusters.get'], (params, { hub }) => hub.getCluster(params)),
  'changes.get': answering(REQUESTS['changes.get'], async ({ source, name }, { hub }) => {
    const change = (await hub.source(source)).away.get(name);
    return change === undefined ? {} : { change };
  }),
  'changes.markSeen': answering(REQUESTS['changes.markSeen'], async ({ source, name, until }, { hub }) => {
    (await hub.source(source)).away.markSeen(name, until);
    return {};
  }),
  'changes.dismiss': answering(REQUESTS['changes.dismiss'], async ({ source, name, until }, { hub }) => {
    (await hub.source(source)).away.dismiss(name, until);
    return {};
  }),
  'alerts.list': answering(REQUESTS['alerts.list'], (params, { hub }) => hub.listAlerts(params)),
  'alerts.counts': answering(REQUESTS['alerts.counts'], (_, { hub }) => hub.countAlerts()),
  'components.list': answering(REQUESTS['components.list'], (params, { hub }) => hub.listComponents(params)),
  'metrics.read': answering(REQUESTS['metrics.read'], (params, { hub }) => hub.readMetrics(params)),
  'pods.list': answering(REQUESTS['pods.list'], (params, { hub, signal }) => hub.listPods(params, signal)),
  'logs.open': answering(REQUESTS['logs.open'], async (params, { hub, logs, signal }) => {
    await hub.requireLogs(params);
    signal.throwIfAborted();
    return { stream: required(logs).open(params) };
  }),
  'logs.read': answering(REQUESTS['logs.read'], ({ stream, from, limit }, { logs }) =>
    required(logs).read(stream, from, limit),
  ),
  'logs.close': answering(REQUESTS['logs.close'], ({ stream }, { logs }) => {
    required(logs).close(stream);
    return {};
  }),
  'logViews.open': answering(REQUESTS['logViews.open'], async (params, { hub, logs, signal }) => {
    await hub.requireLogView(params);
    signal.throwIfAborted();
    return { view: required(logs).openView(params) };
  }),
  'logViews.read': answering(REQUESTS['logViews.read'], (params, { logs }) =>
    required(logs).readView(params),
  ),
  'logViews.find': answering(REQUESTS['logViews.find'], (params, { logs }) => required(logs).find(params)),
  'logViews.marks': answering(REQUESTS['logViews.marks'], (params, { logs }) => required(logs).marks(params)),
  'logViews.line': answering(REQUESTS['logViews.line'], (params, { logs }) =>
    required(logs).readLine(params),
  ),
  'logViews.status': answering(REQUESTS['logViews.status'], ({ view }, { logs }) =>
    required(logs).status(view),
  ),
  'logViews.close': answering(REQUESTS['logViews.close'], ({ view }, { logs }) => {
    required(logs).closeView(view);
    return {};
  }),
  'kube.open': answering(REQUESTS['kube.open'], (params, { relay, signal }) =>
    required(relay).open(params, signal),
  ),
  'kube.read': answering(REQUESTS['kube.read'], ({ stream }, { relay, signal }) =>
    required(relay).read(stream, signal),
  ),
  'kube.close': answering(REQUESTS['kube.close'], ({ stream }, { relay }) => {
    required(relay).close(stream);
    return {};
  }),
  'command.run': answering(
    REQUESTS['command.run'],
    async ({ command }, { runCommand, signal, onProgress, logs }) => {
      await runCommand(command, signal, onProgress, logs);
      return {};
    },
  ),
};

function required<T>(followed: (() => T) | undefined): T {
  if (followed === undefined) {
    throw new ProblemError({
      code: 'unsupported',
      detail: 'this is followed over a connection, or as a stream',
    });
  }
  return followed();
}

/** Checks a request and answers it. Rejects with {@link ProblemError} for every expected trouble. */
export async function answerRequest(
  context: RequestContext,
  method: string,
  params: unknown,
): Promise<unknown> {
  if (!isRequestMethod(method)) {
    throw new ProblemError({ code: 'unknownMessage', detail: `no method ${method.slice(0, 100)}` });
  }
  return HANDLERS[method](params, context);
}
