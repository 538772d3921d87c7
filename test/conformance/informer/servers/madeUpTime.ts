import { JumpingClock } from '../../../../src/demo/faults/jumpingClock';
import { FakeClock } from '../../../support/fakeClock';

/** The time of a cluster in process: it passes when a test says so, and costs nothing. */
export class MadeUpTime {
  readonly fake = new FakeClock();
  /** The client's clock. */
  readonly clock = new JumpingClock(this.fake);

  pass(ms: number): Promise<void> {
    return this.fake.advance(ms);
  }

  /** Goes from timer to timer, so that what is so at a moment is seen at that moment. */
  async until(what: string, isSo: () => boolean, withinMs: number): Promise<void> {
    const endMs = this.fake.monotonic() + withinMs;
    await this.fake.advance(0);
    while (!isSo()) {
      const leftMs = endMs - this.fake.monotonic();
      if (leftMs <= 0) {
        throw new Error(`${what}: not so after ${withinMs} ms`);
      }
      await this.fake.advance(Math.min(leftMs, this.fake.nextTimerInMs ?? leftMs));
    }
  }
}
