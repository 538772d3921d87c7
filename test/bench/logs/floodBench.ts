import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import * as v from 'valibot';
import { seededRandom } from '../../../src/base/random';
import { findChromium } from '../../support/testbed/chromium';
import { until } from '../../support/testbed/until';
import { launchChromium } from '../../support/testbed/workbenchBrowser';
import type { BenchContext } from '../method/bench';
import { withProgram, type Program } from '../method/program';
import { interleave } from '../method/rounds';
import { median, medianOfRounds, quantile } from '../method/statistics';
import { FLOOD, FLOOD_MS, received } from './floodParams';
import { LINES } from './logsParams';

const DEADLINE_MS = 60_000;
/** Until what was written before has surely been drawn. */
const SETTLE_MS = 1_000;
const JUMPS = 100;
/** More than the thumb of the scroll bar is high. */
const THUMB_PX = 40;
/** Of a screen on which nothing else happens. */
const FRAME_MS = 1_000 / 60;
const SIZE = { width: 1_280, height: 800 };

const seen = v.object({
  frames: v.array(v.number()),
  sightings: v.array(v.tuple([v.number(), v.number()])),
  jumps: v.array(v.number()),
  newest: v.number(),
});

interface FloodRound {
  /** Of the frames that a screen has in that time. */
  readonly droppedShare: number;
  /** Of each line that was the newest: from when it was received until it, or one after it, was painted. */
  readonly latenciesMs: readonly number[];
  /** Lines that were written, less the rows that the panel then has more: those that it has twice and marks of gaps count, too. */
  readonly missing: number;
}

export interface FloodMeasured {
  readonly ours: readonly FloodRound[];
  readonly control: readonly FloodRound[];
  readonly jumpsMs: readonly number[];
}

/** The log panel in a browser: followed while twenty pods write, and jumped about in. `writer` is a floodServerProgram. */
export async function measureFlood(
  { measuring, say }: BenchContext,
  kubeconfig: string,
  writer: Program,
): Promise<FloodMeasured> {
  const chromium = findChromium();
  if (chromium.type === 'missing') {
    throw new Error(`There is no browser to be had: ${chromium.reason}`);
  }
  const browser = await launchChromium(chromium.tool);
  try {
    return await withProgram('floodHostProgram', [], async (host) => {
      const webviews = join(__dirname, 'webview');
      const url = await host.ask('open', { kubeconfig, webviews }, v.string());
      say(`Following ${FLOOD.pods} pods in a browser`);
      const { ours, control } = await measuring(() =>
        interleave({
          ours: () => round({ browser, host, writer, url: `${url}/panel?flood` }),
          control: () => round({ browser, host, writer, url: `${url}/control?control` }),
        }),
      );
      say(`Jumping in ${LINES} lines`);
      const jumpsMs = await measuring(() => jumps(browser, `${url}/panel?million`));
      return { ours, control, jumpsMs };
    });
  } finally {
    await browser.close();
  }
}

interface RoundOptions {
  readonly browser: Browser;
  readonly host: Program;
  readonly writer: Program;
  readonly url: string;
}

async function round({ browser, host, writer, url }: RoundOptions): Promise<FloodRound> {
  const followed = (count: number): Promise<unknown> =>
    until(
      `${count} logs are followed`,
      async () => (await host.ask('followed', undefined, v.number())) === count,
      { deadlineMs: DEADLINE_MS },
    );
  const page = await openPage(browser, url);
  try {
    await followed(FLOOD.pods);
    await delay(SETTLE_MS);
    await host.ask('received', undefined, received);
    await take(page);
    const before = await writer.ask('write', 0, v.number());
    // A log is asked for from its last line on.
    const held = await totalOf(page);
    const startMs = performance.timeOrigin + performance.now();
    const written = await writer.ask('write', FLOOD_MS, v.number());
    const endMs = performance.timeOrigin + performance.now();
    await until(
      'the last line is on the screen',
      async () => v.parse(v.number(), await page.evaluate('probe.newest()')) === written - 1,
      { deadlineMs: DEADLINE_MS },
    );
    await delay(SETTLE_MS);
    const { frames, sightings } = await take(page);
    const newest = await host.ask('received', undefined, received);
    const total = await totalOf(page);
    const expected = (endMs - startMs) / FRAME_MS;
    const drawn = frames.filter((atMs) => atMs >= startMs && atMs < endMs).length;
    return {
      droppedShare: Math.max(0, 1 - drawn / expected),
      latenciesMs: latencies(newest, sightings),
      missing: url.includes('panel') ? written - before - (total - held) : 0,
    };
  } finally {
    await page.context().close();
    await followed(0);
  }
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: SIZE });
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(url);
  return page;
}

async function totalOf(page: Page): Promise<number> {
  return v.parse(v.number(), await page.evaluate('probe.total()'));
}

async function take(page: Page): Promise<v.InferOutput<typeof seen>> {
  return v.parse(seen, await page.evaluate('probe.take()'));
}

function latencies(
  newest: readonly (readonly [number, number])[],
  sightings: readonly (readonly [number, number])[],
): number[] {
  let at = 0;
  return newest.map(([number, receivedMs]) => {
    while (at < sightings.length - 1 && (sightings[at]?.[0] ?? 0) < number) {
      at += 1;
    }
    return Math.max(0, (sightings[at]?.[1] ?? Number.NaN) - receivedMs);
  });
}

/** Milliseconds from a click on the scroll bar until the rows there were painted. */
async function jumps(browser: Browser, url: string): Promise<readonly number[]> {
  const page = await openPage(browser, url);
  try {
    await until('all lines are there', async () => (await totalOf(page)) >= LINES, {
      deadlineMs: DEADLINE_MS,
    });
    await delay(SETTLE_MS);
    await take(page);
    const bar = await page.locator('.rows-bar').boundingBox();
    if (bar === null) {
      throw new Error('there is no scroll bar');
    }
    const random = seededRandom(5);
    let y = bar.height;
    for (let jump = 0; jump < JUMPS; jump += 1) {
      // Away from where the thumb is: a click on that takes it.
      y = (y + THUMB_PX + random.next() * (bar.height - 3 * THUMB_PX)) % (bar.height - THUMB_PX);
      await page.mouse.click(bar.x + bar.width / 2, bar.y + y);
      await until('the rows are there', async () => (await page.evaluate('probe.isJumping()')) === false, {
        deadlineMs: DEADLINE_MS,
        pollMs: 20,
      });
      await delay(50);
    }
    return (await take(page)).jumps;
  } finally {
    await page.context().close();
  }
}

export const FLOOD_TARGETS = {
  droppedOverControl: { atMost: 0.05 },
  newestP95Ms: { atMost: 150 },
  missingLines: { atMost: 0 },
  jumpPaintedP95Ms: { atMost: 50 },
} as const;

export function floodFigures({ ours, control, jumpsMs }: FloodMeasured) {
  const latenciesMs = ours.map((each) => quantile(each.latenciesMs, 0.95));
  return {
    droppedShare: median(ours.map(({ droppedShare }) => droppedShare)),
    controlDroppedShare: median(control.map(({ droppedShare }) => droppedShare)),
    droppedOverControl: medianOfRounds(
      ours,
      control,
      (mine, theirs) => mine.droppedShare - theirs.droppedShare,
    ),
    newestP95Ms: median(latenciesMs),
    newestMedianMs: median(ours.map((each) => median(each.latenciesMs))),
    controlNewestP95Ms: median(control.map((each) => quantile(each.latenciesMs, 0.95))),
    missingLines: Math.max(...ours.map(({ missing }) => Math.abs(missing))),
    jumpPaintedP95Ms: quantile(jumpsMs, 0.95),
    jumpPaintedMedianMs: median(jumpsMs),
  };
}

export function floodTable(flood: FloodMeasured): string[][] {
  const figures = floodFigures(flood);
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return [
    [`${FLOOD.pods} pods, ${FLOOD.linesPerSecond} lines/s, in a browser`, 'the panel', 'one text', 'limit'],
    [
      'frames that were dropped',
      percent(figures.droppedShare),
      percent(figures.controlDroppedShare),
      '+ 5 %',
    ],
    [
      'newest line received until painted, p95, ms',
      figures.newestP95Ms.toFixed(0),
      figures.controlNewestP95Ms.toFixed(0),
      '150',
    ],
    ['lines that are missing', String(figures.missingLines), '', '0'],
    ['jump until painted, p95, ms', figures.jumpPaintedP95Ms.toFixed(0), '', '50'],
  ];
}
