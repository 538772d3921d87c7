import assert from 'node:assert/strict';
import type { LogPlace, LogWindow as Answer } from '../../../../src/protocol/logView';
import type { LogRow } from '../../../../src/protocol/podLog';
import { LogWindow, rowId } from '../../../../webview/realtime/logWindow';
import { RowView } from '../../../../webview/logs/rowView';
import { trackLeaks } from '../../../support/leakTracker';

const row = (line: number): LogRow => ({ stream: 0, line, text: `line ${line}` });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A view of one stream whose lines from `first` to `next - 1` are held, in the order of their numbers. */
class ScriptedView {
  first = 0;
  next = 0;
  generation = 0;
  /** Lines that a filter lets through. */
  passes: (line: number) => boolean = () => true;
  readonly asked: LogPlace[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  read = (at: LogPlace, count: number): Promise<Answer> => {
    this.asked.push(at);
    const all: number[] = [];
    for (let line = this.first; line < this.next; line += 1) {
      if (this.passes(line)) {
        all.push(line);
      }
    }
    const position = Math.max(0, Math.min(all.length, this.#position(at, all, count)));
    return Promise.resolve({
      rows: all.slice(position, position + count).map(row),
      streams: [],
      position,
      total: all.length,
      revision: 0,
      letGo: { age: this.first, stream: 0, total: 0 },
    });
  };

  /** More was written, older lines were let go. */
  async grow(next: number, first = this.first): Promise<void> {
    this.next = next;
    this.first = first;
    this.#listeners.forEach((listener) => listener());
    await turn();
  }

  #position(at: LogPlace, all: readonly number[], count: number): number {
    switch (at.type) {
      case 'end':
        return all.length - count;
      case 'position':
        return at.position;
      case 'row': {
        const index = all.findIndex((line) => line >= at.line);
        return (index < 0 ? all.length : index) + (at.offset ?? 0);
      }
      // Here the time of a line is its number.
      case 'time': {
        const index = all.findIndex((line) => line >= Number(at.time));
        return index < 0 ? all.length : index;
      }
      default:
        return at satisfies never;
    }
  }
}

describe('a window on a log', () => {
  trackLeaks();

  async function open(lines: number): Promise<{ host: ScriptedView; window: LogWindow; view: RowView }> {
    const host = new ScriptedView();
    host.next = lines;
    const window = new LogWindow(host, {});
    await turn();
    const view = new RowView(window, () => undefined);
    view.resized(800, 400);
    view.range(window.snapshot());
    return { host, window, view };
  }

  /** The lines in sight, by what a row view says of a snapshot. */
  function top(window: LogWindow, view: RowView): string {
    view.range(window.snapshot());
    return `${view.topRow?.text} ${view.place.offset}`;
  }

  it('stays at the end while it follows, and holds a few hundred rows of a million', async () => {
    const { host, window, view } = await open(1_000_000);
    assert.equal(window.snapshot().rows.length, 400);
    assert.equal(top(window, view), 'line 999980 0');
    await host.grow(1_000_100);
    assert.equal(top(window, view), 'line 1000080 0');
    window.dispose();
  });

  it('moves nothing for who scrolled back, whatever comes or is let go, and counts exactly what came', async () => {
    const { host, window, view } = await open(5_000);
    view.scrollBy(-1_030);
    const before = top(window, view);
    assert.equal(before, 'line 4928 -10');
    await host.grow(5_050);
    assert.equal(top(window, view), before);
    assert.equal(window.snapshot().unread, 50);
    await host.grow(9_000, 4_000);
    assert.equal(top(window, view), before);
    assert.equal(window.snapshot().unread, 4_000);
    // What was read is gone; what came after it is still counted.
    await host.grow(9_500, 6_000);
    assert.equal(window.snapshot().unread, 3_500);
    assert.equal(top(window, view), 'line 6000 0');
    window.follow();
    await turn();
    assert.equal(top(window, view), 'line 9480 0');
    assert.equal(window.snapshot().unread, 0);
    window.dispose();
  });

  it('goes on to what is before and behind the window, row by row', async () => {
    const { window, view } = await open(2_000);
    for (let step = 0; step < 190; step += 1) {
      view.scrollBy(-200);
      await turn();
      view.range(window.snapshot());
    }
    assert.equal(top(window, view), 'line 80 0');
    for (let step = 0; step < 300; step += 1) {
      view.scrollBy(200);
      await turn();
      view.range(window.snapshot());
    }
    assert.equal(window.snapshot().isFollowing, true);
    window.dispose();
  });

  it('jumps to any of a million rows with one question, and stays there', async () => {
    const { host, window, view } = await open(1_000_000);
    host.asked.length = 0;
    view.goTo(123_456);
    await turn();
    assert.equal(top(window, view), 'line 123456 0');
    assert.equal(host.asked.filter(({ type }) => type === 'position').length, 1);
    await host.grow(1_000_500);
    assert.equal(top(window, view), 'line 123456 0');
    assert.equal(window.snapshot().unread, 500);
    window.jumpTo({ stream: 0, line: 777_777 });
    await turn();
    // In the middle of what is in sight.
    assert.equal(top(window, view), 'line 777767 -10');
    window.dispose();
  });

  it('moves nothing in sight where rows turn out to be of another height', async () => {
    const { window, view } = await open(3_000);
    view.goTo(1_500);
    await turn();
    const { from } = view.range(window.snapshot());
    const above = window.snapshot().rows.slice(from, from + 30);
    view.measured(new Map(above.map((one) => [rowId(one), 130])));
    assert.equal(top(window, view), 'line 1500 0');
    window.dispose();
  });

  it('stays at its row when another filter is chosen, or at the next that is left', async () => {
    const { host, window, view } = await open(3_000);
    view.goTo(1_500);
    await turn();
    top(window, view);
    host.passes = (line) => line % 7 === 0;
    window.setFilter({ include: [{ text: 'x' }] }, view.topRow);
    await turn();
    assert.equal(top(window, view), 'line 1505 0');
    host.passes = (line) => line > 1_600;
    window.setFilter({ include: [{ text: 'y' }] }, view.topRow);
    await turn();
    assert.equal(top(window, view), 'line 1601 0');
    window.dispose();
  });

  it('starts anew at the end where the host has forgotten the view', async () => {
    const { host, window, view } = await open(3_000);
    view.goTo(100);
    await turn();
    host.generation += 1;
    await host.grow(20, 0);
    assert.equal(window.snapshot().isFollowing, true);
    assert.equal(top(window, view), 'line 0 0');
    window.dispose();
  });

  it('goes to the time that its reader left from, however often the host begins anew before it has that', async () => {
    const { host, window, view } = await open(0);
    window.jumpTo({ time: '2500' }, 'start');
    await turn();
    host.generation += 1;
    await host.grow(1_000);
    host.generation += 1;
    await host.grow(3_000);
    assert.equal(window.snapshot().isFollowing, false);
    assert.equal(top(window, view), 'line 2500 0');
    window.dispose();
  });
});
