import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { InThreadScanner, type ChunkScanner } from '../../logs/chunkScanner';
import { LogBudget } from '../../logs/logBudget';
import type { StreamBounds } from '../../logs/streamStore';
import type { HubSettings, SettingsSource } from '../hubSettings';

/** What all logs of a hub share: who searches them, and how much they may hold together. */
export class HubLogs implements Disposable {
  readonly scanner: ChunkScanner;
  readonly budget: LogBudget;
  readonly #settings: SettingsSource<HubSettings>;

  /** By default lines are searched on this thread. */
  constructor(clock: Clock, settings: SettingsSource<HubSettings>, scanner?: ChunkScanner) {
    this.scanner = scanner ?? new InThreadScanner(clock);
    this.#settings = settings;
    this.budget = new LogBudget(() => settings.current.logs.totalBytes);
  }

  readonly bounds = (): StreamBounds => this.#settings.current.logs;

  readonly maxStreams = (): number => this.#settings.current.logs.maxStreams;

  dispose(): void {
    this.scanner.dispose();
  }
}
