import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { InThreadScanner, type ChunkScanner } from '../../logs/chunkScanner';
import { LogBudget } from '../../logs/logBudget';
import type { LogSpill } from '../../logs/logSpill';
import type { StreamBounds } from '../../logs/streamStore';
import type { HubSettings, SettingsSource } from '../hubSettings';

/** What only some hosts have. */
export interface HubLogPorts {
  /** Who searches logs; by default this thread, which a regular expression can hold up. Disposed with the hub. */
  readonly logScanner?: ChunkScanner;
  /** Makes the disk for what leaves memory, `maxBytes` at most. Disposed with the hub. */
  readonly logSpill?: (maxBytes: () => number) => LogSpill;
}

/** What all logs of a hub share: who searches them, and how much they may hold together. */
export class HubLogs implements Disposable {
  readonly scanner: ChunkScanner;
  readonly budget: LogBudget;
  readonly #settings: SettingsSource<HubSettings>;
  readonly #spill: LogSpill | undefined;

  /** By default lines are searched on this thread. */
  constructor(clock: Clock, settings: SettingsSource<HubSettings>, { logScanner, logSpill }: HubLogPorts) {
    this.scanner = logScanner ?? new InThreadScanner(clock);
    this.#settings = settings;
    this.#spill = logSpill?.(() => settings.current.logs.diskBytes);
    this.budget = new LogBudget(() => settings.current.logs.totalBytes, this.#spill);
  }

  readonly bounds = (): StreamBounds => this.#settings.current.logs;

  readonly maxStreams = (): number => this.#settings.current.logs.maxStreams;

  dispose(): void {
    this.#spill?.dispose();
    this.scanner.dispose();
  }
}
