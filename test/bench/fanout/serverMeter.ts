import type { ServerMeasurement } from './fanoutParams';

const LOOK_MS = 50;

/** What this process takes between two calls. */
export class ServerMeter {
  #before = process.cpuUsage();
  #peakRss = 0;
  #looking: NodeJS.Timeout | undefined;

  begin(): void {
    this.#peakRss = 0;
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS);
    this.#before = process.cpuUsage();
  }

  end(): ServerMeasurement {
    const { user, system } = process.cpuUsage(this.#before);
    this.#look();
    clearInterval(this.#looking);
    this.#looking = undefined;
    return { cpuMs: (user + system) / 1000, peakRss: this.#peakRss };
  }

  #look(): void {
    this.#peakRss = Math.max(this.#peakRss, process.memoryUsage.rss());
  }
}
