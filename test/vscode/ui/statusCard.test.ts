import assert from 'node:assert/strict';
import type { Frame } from 'playwright-core';
import { pictureOfFailure } from '../../support/testbed/pictureOfFailure';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { requireVscode } from '../../support/testbed/requireTool';
import { startVscodeSession, type VscodeSession } from '../../support/testbed/vscodeSession';
import { overflowPx } from './webviewLook';

const DEADLINE_MS = 20_000;
/** A second discovery makes a line of the first; the demo's clusters take their time. */
const MEASURED_DEADLINE_MS = 120_000;
/** Beside the panel there are the activity bar and the editor's frame. */
const FRAME_PX = 58;
const WIDTHS = [1200, 900, 600, 320] as const;
const HEIGHT_PX = 800;

describe('The status card of a cluster', function () {
  this.timeout(180_000);
  let session: VscodeSession;

  before(async function () {
    session = await startVscodeSession({
      tools: requireVscode(this),
      extensionDevelopmentPath: repositoryRoot(),
    });
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.runCommand('ClusterPersona: Start Demo Cluster');
    await workbench.treeRow('eu-west-1').first().click();
    await panel();
  });

  afterEach(pictureOfFailure(() => session));
  after(() => session?.stop());

  function panel(): Promise<Frame> {
    return session.workbench.webviewWith('h1:text-is("eu-west-1")');
  }

  it('has its alerts, the worst first, which are not told a second time at its head', async () => {
    const view = await panel();
    const strip = view.getByRole('region', { name: 'Alerts' });
    await strip.getByText('The operator reports Degraded').waitFor({ timeout: DEADLINE_MS });
    assert.match(await strip.locator('li').first().innerText(), /The operator reports Degraded\s+critical/);
    const head = await view.locator('header').innerText();
    assert.match(head, /Degraded/);
    assert.doesNotMatch(head, /ingress-nginx|not ready/);
  });

  it('leads from an alert to where more is told of it', async () => {
    const view = await panel();
    await view.getByRole('button', { name: 'Add-ons: Add-on ingress-nginx is unhealthy' }).click();
    await view.getByRole('tab', { name: /^Add-ons/, selected: true }).waitFor({ timeout: DEADLINE_MS });
    await view.getByRole('tab', { name: 'Overview' }).click();
  });

  it('draws how CPU and memory went', async () => {
    const view = await panel();
    for (const title of ['CPU', 'Memory']) {
      const line = view.getByRole('img', { name: new RegExp(`^${title}, last 10 min: latest \\d+%`) });
      await line.waitFor({ timeout: DEADLINE_MS });
      await line
        .locator('.sparkline-line[d^="M"]')
        .waitFor({ state: 'attached', timeout: MEASURED_DEADLINE_MS });
    }
  });

  it('is a card in the tooltip of its row, too', async () => {
    const { workbench } = session;
    // It still rests on the row that it opened, where it moves no more.
    await workbench.page.mouse.move(700, HEIGHT_PX - 20);
    await workbench.treeRow('eu-west-1').first().hover();
    const tooltip = workbench.page.locator('.workbench-hover-container').first();
    await tooltip.getByText(/CPU: \d+% .*[▁▂▃▄▅▆▇█]/).waitFor({ timeout: DEADLINE_MS });
    const text = await tooltip.innerText();
    assert.match(text, /Nodes: \d+ of \d+ ready/);
    assert.match(text, /The operator reports Degraded · \d+ (?:s|min) ago/);
    // It has four from the start on. Where one more came meanwhile, three are told and the others counted.
    const told = text.match(/ · \d+ (?:s|min) ago$/gm)?.length ?? 0;
    const more = Number(/^and (\d+) more$/m.exec(text)?.[1] ?? 0);
    assert.ok(told + more >= 4, text);
    assert.equal(told, more === 0 ? 4 : 3, text);
    if (more === 0) {
      assert.match(text, /Condition Healthy is False/);
    }
    await workbench.picture('status-card-tooltip');
    await workbench.page.keyboard.press('Escape');
    await workbench.page.mouse.move(700, HEIGHT_PX - 20);
    await tooltip.waitFor({ state: 'hidden', timeout: DEADLINE_MS });
  });

  it('has the window for itself', async () => {
    const { workbench } = session;
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const gone of ['.part.sidebar', '.quick-input-widget']) {
      await workbench.page.locator(gone).waitFor({ state: 'hidden', timeout: DEADLINE_MS });
    }
  });

  for (const theme of ['light', 'highContrastDark', 'highContrastLight', 'dark'] as const) {
    it(`cuts nothing and scrolls nowhere sideways, in ${theme}`, async () => {
      const { workbench } = session;
      await workbench.setTheme(theme);
      for (const width of WIDTHS) {
        await workbench.page.setViewportSize({ width: width + FRAME_PX, height: HEIGHT_PX });
        const view = await panel();
        await view.getByRole('region', { name: 'Alerts' }).waitFor({ timeout: DEADLINE_MS });
        await workbench.picture(`status-card-${theme}-${width}`);
        assert.equal(await overflowPx(view), 0, `${width} px`);
        assert.deepEqual(await cutTexts(view), [], `${width} px`);
      }
      const { muted, lines } = await contrasts(await panel());
      assert.ok(muted.length > 5 && lines.length === 2);
      assert.ok(Math.min(...muted) >= 4.5, `texts: ${muted.join(', ')}`);
      assert.ok(Math.min(...lines) >= 3, `lines: ${lines.join(', ')}`);
      await workbench.page.setViewportSize({ width: 1280, height: HEIGHT_PX });
    });
  }

  it('wrote no error to the console', () => {
    assert.deepEqual(session.workbench.consoleErrors, []);
  });
});

/** What of the card is wider than the room it has; long names end in an ellipsis on purpose. */
function cutTexts(view: Frame): Promise<readonly string[]> {
  return view.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.status-card *:not(.clamped):not(.sr-only)')]
      .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

/** Contrast ratios (WCAG 2) of the quiet texts, and of the lines of the small drawings, with what is behind them. */
function contrasts(view: Frame): Promise<{ readonly muted: number[]; readonly lines: number[] }> {
  return view.evaluate(() => {
    type Colour = readonly [red: number, green: number, blue: number, alpha: number];
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const colourOf = (css: string): Colour => {
      context?.clearRect(0, 0, 1, 1);
      Object.assign(context ?? {}, { fillStyle: css });
      context?.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0, alpha = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
      return [red, green, blue, alpha / 255];
    };
    const over = (front: Colour, back: Colour): Colour => [
      front[0] * front[3] + back[0] * (1 - front[3]),
      front[1] * front[3] + back[1] * (1 - front[3]),
      front[2] * front[3] + back[2] * (1 - front[3]),
      1,
    ];
    const behind = (element: Element | null): Colour => {
      if (element === null) {
        return [255, 255, 255, 1];
      }
      const own = colourOf(getComputedStyle(element).backgroundColor);
      return own[3] === 1 ? own : over(own, behind(element.parentElement));
    };
    const light = (part: number): number =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = ([red, green, blue]: Colour): number =>
      0.2126 * light(red) + 0.7152 * light(green) + 0.0722 * light(blue);
    const ratio = (element: Element, css: string): number => {
      const back = behind(element);
      const both = [luminance(over(colourOf(css), back)), luminance(back)];
      return Math.round(((Math.max(...both) + 0.05) / (Math.min(...both) + 0.05)) * 100) / 100;
    };
    const all = (selector: string): Element[] => [...document.querySelectorAll(`.status-card ${selector}`)];
    return {
      muted: all('.muted, h2').map((element) => ratio(element, getComputedStyle(element).color)),
      lines: all('.sparkline-line').map((element) => ratio(element, getComputedStyle(element).stroke)),
    };
  });
}
