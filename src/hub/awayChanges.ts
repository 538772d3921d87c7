import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { KubeObject } from '../base/kubeObject';
import type { ChangeKind } from '../informer/store';
import { TimeSlice } from '../informer/timeSlice';
import { diffPersonas, joinDiffs } from '../persona/personaDiff';
import type { AwayChange } from '../protocol/awayChange';

/**
 * A connected source is proven at least every 90 s. Where an event comes and the last proof is older than this, the machine
 * slept, whether or not anything noticed.
 */
const SLEPT_MS = 95_000;
/** What a cluster kept back follows the proof that it is alive within this time (see Freshness). */
const CATCH_UP_MS = 1_000;
/** With more entries than this, further ones say only that something changed: half a megabyte or so is enough. */
const MAX_DETAILED = 1_000;
/** With more entries than this the oldest are forgotten: names that come and go for ever would add up for ever. */
const MAX_KEPT = 20_000;

/** What is known of one persona's change while a gap lasts. */
interface GapEntry {
  readonly before: KubeObject | undefined;
  readonly after: KubeObject | undefined;
  readonly how: ChangeKind;
}

/**
 * What changed in one source while nobody could watch: while it was not live, while the machine slept, or between a watch
 * that was lost and the list that replaced it. Each persona's first state before the gap is compared with its last after
 * it; gaps that follow each other unseen are joined.
 */
export class AwayChanges implements Disposable {
  readonly #clock: Clock;
  readonly #onChanged: (name: string) => void;
  readonly #owned = new DisposableStore();
  readonly #closing = this.#owned.add(new DisposableStore());
  readonly #stopped = new AbortController();
  readonly #changes = new Map<string, AwayChange>();
  #gap: { readonly from: number; readonly entries: Map<string, GapEntry> } | undefined;
  /** Grows when everything is forgotten: what is still being compared then is of no use any more. */
  #epoch = 0;
  /** Of gaps that are over. */
  readonly #uncompared = new Set<Map<string, GapEntry>>();
  /** Gaps are compared one after the other. */
  #comparing: Promise<void> = Promise.resolve();
  #provenAt: number | undefined;
  /** When there was proof before the list that is now being told; undefined for the first one. */
  #provenBeforeList: number | undefined;
  #isLive = false;
  /** Since when the source is live: its proof may be older, for a long list is true at the moment when it began. */
  #liveSince = 0;
  #detailed = 0;
  #unseenCount = 0;

  /** `onChanged` is told of each persona for which `get` now answers something else. */
  constructor(clock: Clock, onChanged: (name: string) => void) {
    this.#clock = clock;
    this.#onChanged = onChanged;
    this.#owned.add({ dispose: () => this.#stopped.abort(new Error('the source is gone')) });
  }

  get(name: string): AwayChange | undefined {
    return this.#changes.get(name);
  }

  /** Names with changes that nobody has seen yet. */
  unseen(): string[] {
    return [...this.#changes].filter(([, change]) => !change.isSeen).map(([name]) => name);
  }

  /** Costs nothing to ask. */
  get unseenCount(): number {
    return this.#unseenCount;
  }

  /**
   * They were shown; they stay until there are others. With `until` only those that reach to there: others may have come
   * since they were shown.
   */
  markSeen(name: string, until?: number): void {
    const change = this.#changes.get(name);
    if (change?.isSeen === false && isSame(change, until)) {
      this.#put(name, { ...change, isSeen: true });
      this.#onChanged(name);
    }
  }

  /** They are not to be shown any more; `until` as with `markSeen`. */
  dismiss(name: string, until?: number): void {
    if (isSame(this.#changes.get(name), until) && this.#put(name, undefined)) {
      this.#onChanged(name);
    }
  }

  /** The data was true at `wallMs`, because a list says so or for another reason. To be told before what the list changed. */
  proven(wallMs: number, isList: boolean): void {
    this.#provenBeforeList = isList ? this.#provenAt : undefined;
    this.#provenAt = wallMs;
  }

  /** The source became live, or is no longer. */
  setLive(isLive: boolean): void {
    if (isLive && !this.#isLive) {
      this.#liveSince = this.#clock.now();
    }
    this.#isLive = isLive;
    if (!isLive && this.#provenAt !== undefined) {
      this.#open(this.#provenAt);
      this.#closing.clear();
    } else if (isLive && this.#gap !== undefined) {
      this.#scheduleClose();
    }
  }

  /** A persona is different now. Either state is undefined where there is none. */
  note(name: string, before: KubeObject | undefined, after: KubeObject | undefined, how: ChangeKind): void {
    const since = this.#gap === undefined ? this.#missedSince(before !== undefined, how) : undefined;
    if (since !== undefined) {
      this.#open(since);
    }
    if (this.#isLive && (since !== undefined || how === 'inferred') && this.#gap !== undefined) {
      // A long list is told in slices: the gap lasts until the last of them.
      this.#scheduleClose();
    }
    if (this.#gap === undefined && (before === undefined || after === undefined)) {
      this.#outlived(name);
    }
    const entries = this.#gap?.entries;
    const known = entries?.get(name);
    entries?.set(name, {
      before: known === undefined ? before : known.before,
      after,
      how: known?.how === 'inferred' ? 'inferred' : how,
    });
  }

  /** Everything held was dropped: it was another cluster's. */
  clear(): void {
    this.#epoch += 1;
    this.#gap = undefined;
    this.#provenAt = undefined;
    this.#provenBeforeList = undefined;
    this.#closing.clear();
    this.#uncompared.clear();
    for (const name of this.#changes.keys()) {
      this.dismiss(name);
    }
  }

  dispose(): void {
    this.#owned.dispose();
    this.#changes.clear();
    this.#gap = undefined;
  }

  #open(from: number): void {
    this.#gap ??= { from, entries: new Map() };
  }

  /** When the gap began whose end brings this change; undefined where nothing was missed, or nothing was held before. */
  #missedSince(wasHeld: boolean, how: ChangeKind): number | undefined {
    const provenAt = this.#provenAt;
    if (how === 'inferred') {
      return this.#provenBeforeList ?? (wasHeld ? provenAt : undefined);
    }
    return provenAt !== undefined && this.#clock.now() - Math.max(provenAt, this.#liveSince) > SLEPT_MS
      ? provenAt
      : undefined;
  }

  #scheduleClose(): void {
    this.#closing.clear();
    this.#closing.add(
      this.#clock.schedule(CATCH_UP_MS, () => {
        this.#closing.clear();
        this.#close();
      }),
    );
  }

  #close(): void {
    const gap = this.#gap;
    this.#gap = undefined;
    if (gap !== undefined && gap.entries.size > 0) {
      const until = this.#clock.now();
      const epoch = this.#epoch;
      this.#uncompared.add(gap.entries);
      this.#comparing = this.#comparing.then(() => this.#compare(epoch, gap.from, until, gap.entries));
    }
  }

  /** It came or went before everybody's eyes: what is known of another object under its name is of no use any more. */
  #outlived(name: string): void {
    for (const entries of this.#uncompared) {
      entries.delete(name);
    }
    this.dismiss(name);
  }

  /** Thousands may have changed: they are compared in slices. */
  async #compare(epoch: number, from: number, until: number, entries: Map<string, GapEntry>): Promise<void> {
    const { signal } = this.#stopped;
    const slice = new TimeSlice(this.#clock);
    for (const [name, entry] of entries) {
      if (signal.aborted || this.#epoch !== epoch) {
        return;
      }
      this.#record(name, from, until, entry);
      if (slice.isSpent) {
        try {
          await slice.yield(signal);
        } catch {
          return;
        }
      }
    }
    this.#uncompared.delete(entries);
  }

  #record(name: string, from: number, until: number, { before, after, how }: GapEntry): void {
    const earlier = this.#changes.get(name);
    const change = changeOf(before, after);
    if (change === undefined) {
      return;
    }
    const now: AwayChange = { ...change, how, from, until, isSeen: false };
    const joined = earlier === undefined || earlier.isSeen ? now : joinChanges(earlier, now);
    if (this.#put(name, undefined) || joined !== undefined) {
      this.#put(name, joined && this.#bounded(joined));
      this.#onChanged(name);
    }
    if (this.#changes.size > MAX_KEPT) {
      const [oldest] = this.#changes.keys();
      this.dismiss(oldest ?? name);
    }
  }

  #bounded(change: AwayChange): AwayChange {
    return this.#detailed < MAX_DETAILED
      ? change
      : { ...change, fields: [], more: change.more + change.fields.length };
  }

  /** Whether there was another one before. */
  #put(name: string, change: AwayChange | undefined): boolean {
    const before = this.#changes.get(name);
    for (const [counted, by] of [
      [before, -1],
      [change, 1],
    ] as const) {
      this.#detailed += counted !== undefined && counted.fields.length > 0 ? by : 0;
      this.#unseenCount += counted?.isSeen === false ? by : 0;
    }
    if (change === undefined) {
      this.#changes.delete(name);
    } else {
      this.#changes.set(name, change);
    }
    return before !== undefined;
  }
}

function isSame(change: AwayChange | undefined, until: number | undefined): boolean {
  return until === undefined || change?.until === until;
}

type Content = Pick<AwayChange, 'type' | 'fields' | 'more'>;

/** Undefined where there is nothing to tell. */
function changeOf(before: KubeObject | undefined, after: KubeObject | undefined): Content | undefined {
  if (before === undefined || after === undefined) {
    return before === after
      ? undefined
      : { type: before === undefined ? 'added' : 'deleted', fields: [], more: 0 };
  }
  const { fields, more } = diffPersonas(before, after);
  const content = { fields: [...fields], more };
  if (before.metadata.uid !== after.metadata.uid) {
    return { type: 'recreated', ...content };
  }
  return fields.length === 0 ? undefined : { type: 'updated', ...content };
}

/** Two changes of one persona, none of which was seen; undefined where the later undid the earlier. */
function joinChanges(earlier: AwayChange, later: AwayChange): AwayChange | undefined {
  const { fields, more } = joinDiffs(earlier, later);
  const joined: AwayChange = {
    ...later,
    from: earlier.from,
    how: earlier.how === 'inferred' ? 'inferred' : later.how,
    fields: [...fields],
    more,
  };
  if (later.type === 'deleted') {
    return earlier.type === 'added' ? undefined : { ...joined, fields: [], more: 0 };
  }
  if (earlier.type === 'deleted') {
    return { ...joined, type: 'recreated' };
  }
  if (earlier.type === 'added') {
    return { ...joined, type: 'added', fields: [], more: 0 };
  }
  if (earlier.type === 'recreated' || later.type === 'recreated') {
    return { ...joined, type: 'recreated' };
  }
  return fields.length === 0 && more === 0 ? undefined : joined;
}
