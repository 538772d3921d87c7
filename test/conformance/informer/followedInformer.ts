import assert from 'node:assert/strict';
import type { Clock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import type { KubeObject } from '../../../src/base/kubeObject';
import type { Logger } from '../../../src/base/logger';
import type { Random } from '../../../src/base/random';
import type { InformerHandler } from '../../../src/informer/delivery';
import { Informer } from '../../../src/informer/informer';
import type { InitialState } from '../../../src/informer/initialState';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import type { Problem } from '../../../src/protocol/problem';
import type { SourceState } from '../../../src/protocol/sourceState';

export interface FollowedInformerOptions {
  readonly fetch: KubeFetch;
  readonly clock: Clock;
  /** By default the middle of every range: a first back-off of 400 ms, then 800, 1600 …; slow retries after 15 s. */
  readonly random?: Random;
  /** Absent where credentials cannot be renewed. */
  readonly refreshCredentials?: () => Promise<void>;
  readonly initialState?: InitialState;
}

const MIDDLE: Random = { next: () => 0.5 };

/** An informer of ClusterPersonas, and everything that it said. */
export class FollowedInformer {
  readonly informer: Informer;
  /** Released at the end. */
  readonly subscriptions = new DisposableStore();
  /** e.g. `added a@1001`, `deleted a@1002 observed`. */
  readonly notifications: string[] = [];
  /** The notifications, added up. */
  readonly fold = new Map<string, KubeObject>();
  readonly states: SourceState[] = [];
  readonly problems: Problem[] = [];
  readonly logged: string[] = [];
  /** Notifications that cannot have followed those before them. */
  readonly violations: string[] = [];
  proofs = 0;
  renewals = 0;
  /** Runs inside each notification, after it was noted. */
  onNotification: (text: string) => void = () => {};

  constructor(options: FollowedInformerOptions) {
    const { fetch, clock, random = MIDDLE, initialState, refreshCredentials } = options;
    const log = (message: string, cause?: unknown): void => {
      this.logged.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
    };
    const logger: Logger = { debug: log, info: log, warn: log, error: log };
    const renew = (refresh: () => Promise<void>): Promise<void> => {
      this.renewals += 1;
      return refresh();
    };
    this.informer = new Informer({
      fetch,
      path: CLUSTER_PERSONA.path,
      clock,
      random,
      logger,
      ...(initialState !== undefined && { initialState }),
      ...(refreshCredentials === undefined ? {} : { refreshCredentials: () => renew(refreshCredentials) }),
    });
    const { informer, subscriptions } = this;
    subscriptions.add(informer);
    subscriptions.add(informer.addHandler(this.handler));
    subscriptions.add(informer.onStateChanged((state) => this.states.push(state)));
    subscriptions.add(informer.onProblem((problem) => this.problems.push(problem)));
    subscriptions.add(informer.onProof(() => (this.proofs += 1)));
  }

  readonly handler: InformerHandler = {
    added: (object) => {
      this.#check(!this.fold.has(object.metadata.name), `${object.metadata.name} was added twice`);
      this.fold.set(object.metadata.name, object);
      this.#note(`added ${nameAndVersion(object)}`);
    },
    updated: (before, after) => {
      this.#check(
        this.fold.get(after.metadata.name) === before,
        `${after.metadata.name} was updated from another state`,
      );
      this.fold.set(after.metadata.name, after);
      this.#note(`updated ${nameAndVersion(before)} → ${nameAndVersion(after)}`);
    },
    deleted: (last, how) => {
      this.#check(this.fold.delete(last.metadata.name), `${last.metadata.name} was deleted unheard of`);
      this.#note(`deleted ${nameAndVersion(last)} ${how}`);
    },
    replaced: () => {
      this.fold.clear();
      this.#note('replaced');
    },
  };

  /** Noted and checked at the end, since what a handler throws reaches the log alone. */
  #check(isRight: boolean, fault: string): void {
    if (!isRight) {
      this.violations.push(fault);
    }
  }

  #note(text: string): void {
    this.notifications.push(text);
    this.onNotification(text);
  }

  /** The types of the states since the last call. */
  takeStates(): string[] {
    return this.states.splice(0).map((state) => state.type);
  }

  takeNotifications(): string[] {
    return this.notifications.splice(0);
  }

  /** The notifications so far without versions, e.g. `added a`, `updated a`, `deleted a observed`. */
  get told(): string[] {
    return this.notifications.map((text) => text.replace(/@[^ ]+( → .*)?/, ''));
  }

  /** The same; the next call tells what comes after. */
  takeTold(): string[] {
    const { told } = this;
    this.takeNotifications();
    return told;
  }

  /** The present state, which has to be of this type. */
  expectState<Type extends SourceState['type']>(type: Type): Extract<SourceState, { type: Type }> {
    const { state } = this.informer;
    assert.ok(isOfType(state, type), `expected ${type}, not ${JSON.stringify(state)}`);
    return state;
  }

  get heldNames(): string[] {
    return [...this.informer.store.values()].map((object) => object.metadata.name);
  }

  /** What the Store holds as `name@resourceVersion`, in the order of names. */
  get held(): string[] {
    return [...this.informer.store.values()].map(nameAndVersion).toSorted();
  }

  /** What the notifications add up to, likewise. */
  get folded(): string[] {
    return [...this.fold.values()].map(nameAndVersion).toSorted();
  }
}

function isOfType<Type extends SourceState['type']>(
  state: SourceState,
  type: Type,
): state is Extract<SourceState, { type: Type }> {
  return state.type === type;
}

export function nameAndVersion({ metadata }: KubeObject): string {
  return `${metadata.name}@${metadata.resourceVersion ?? '-'}`;
}
