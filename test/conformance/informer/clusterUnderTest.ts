import type { KubeFetch } from '../../../src/base/kubeFetch';
import type { JumpingClock } from '../../../src/demo/faults/jumpingClock';

/** Ends what lasts. Resolves once it is over. */
export type End = () => Promise<void>;

/** Writes to the cluster that a test wants done while nobody is told of them. */
export type Writes = () => Promise<void>;

/**
 * What can happen to a cluster, and to the way to it. Each resolves once it has happened, or has begun where it returns an
 * {@link End}. No server can play all of them.
 */
export interface Faults {
  /** Open watches end cleanly, as when their time is up. */
  endWatches(): Promise<void>;
  /** Every connection breaks; new ones are possible. */
  cutConnections(): Promise<void>;
  /** Every connection breaks, and new ones are refused. */
  refuseConnections(): Promise<End>;
  /** The server takes connections and says nothing, as a stopped process does. */
  goSilent(): Promise<End>;
  /** A network between client and server swallows what either sends; connections stand, and new ones are accepted. */
  swallowPackets(): Promise<End>;
  /** Open watches miss the writes and end; the next one is refused with status 410. */
  expireByStatus(missed: Writes): Promise<void>;
  /** Open watches miss the writes and end; the next one is told 410 by its first event. */
  expireByEvent(missed: Writes): Promise<void>;
  /** Open watches miss the writes and are told 410 in their streams, which ends them. */
  expireOpenWatches(missed: Writes): Promise<void>;
  /** Open watches miss the writes; the server is killed and started again. */
  restart(missed: Writes): Promise<void>;
  /** The next `count` requests with a continue token are refused with 410. */
  expireContinueTokens(count: number): Promise<void>;
  /** Open watches are sent a line that is no JSON. */
  sendGarbage(): Promise<void>;
  /** Every request is answered 429 with this Retry-After. */
  throttle(retryAfterSeconds: number): Promise<End>;
  /** Every request is answered 500. */
  failInternally(): Promise<End>;
  /** Every new request is answered 403; open watches go on. */
  revokePermission(): Promise<End>;
  /** Every new request is answered 401, at the latest after some seconds; open watches go on. */
  revokeCredentials(): Promise<void>;
  /** The CRD is deleted, and every object with it; in the end it is created again. */
  removeDefinition(): Promise<End>;
  /** The CRD is changed in what no object shows. */
  updateDefinition(): Promise<void>;
  /** In the end the storage is what it is now, older revisions included, and every connection breaks. */
  takeBackup(): Promise<End>;
  /** Another cluster, which holds other objects, answers at the same address from now on; every connection breaks. */
  switchCluster(): Promise<void>;
  /** Lets more time pass than a test could wait for, in milliseconds. */
  passLong(ms: number): Promise<void>;
  /** An object's fields as the server sends them, `metadata` alone. */
  readMetadata(name: string): Promise<Readonly<Record<string, unknown>>>;
  /** TCP connections that the informer's requests have opened so far. */
  countConnections(): Promise<number>;
}

export type Fault = keyof Faults;

/** A running cluster and one client's way to it. */
export interface ClusterUnderTest {
  /** What the informer is given. */
  readonly fetch: KubeFetch;
  readonly refreshCredentials: () => Promise<void>;
  /** The informer's clock; its wall time can be made to jump. */
  readonly clock: JumpingClock;
  readonly faults: Partial<Faults>;
  /** How late a timer may come, in milliseconds: what a busy machine adds to every limit. */
  readonly latenessMs: number;
  /** Creates an object or changes its text, past every fault. */
  put(name: string, text: string): Promise<void>;
  /** Past every fault. */
  delete(name: string): Promise<void>;
  /** What it holds as `name@resourceVersion`, in the order of names, asked past every fault. */
  held(): Promise<readonly string[]>;
  /** Lets time pass, in milliseconds. */
  pass(ms: number): Promise<void>;
  /** Resolves as soon as it is so, and fails when it is not within the time. */
  until(what: string, isSo: () => boolean, withinMs: number): Promise<void>;
  /** Called when the informer was disposed: ends the client's way, and fails when anything of the informer is still open. */
  release(): Promise<void>;
  /** Ends all of it, in whatever state it is. */
  stop(): Promise<void>;
}

/** A kind of cluster that the rules are proven on. */
export interface ServerUnderTest {
  readonly name: string;
  /** Why it cannot play a fault: a half-sentence for each that its clusters lack. */
  readonly cannot: Partial<Readonly<Record<Fault, string>>>;
  /** A cluster that is empty and has the CRD. `needs` are the faults that will be played. */
  start(needs: readonly Fault[]): Promise<ClusterUnderTest>;
}
