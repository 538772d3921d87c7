import type { Browser } from 'playwright-core';
import { ensureChromium } from '../../support/testbed/chromium';
import { ensureVscodeServer } from '../../support/testbed/codeServer';
import type { ToolState } from '../../support/testbed/toolState';
import { until } from '../../support/testbed/until';
import { startVscodeServer, type VscodeServer } from '../../support/testbed/vscodeServer';
import { Workbench } from '../../support/testbed/workbench';
import { launchChromium } from '../../support/testbed/workbenchBrowser';
import type { Bench } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { ROUNDS } from '../method/rounds';
import { median } from '../method/statistics';
import type { Activation } from './activation';
import { buildMeteredExtension, type MeteredExtension } from './meteredExtension';

const TARGETS = { cpuMs: { atMost: 50 } } as const;

/** A cold workbench on two busy cores was seen to take 20 s. */
const START_DEADLINE_MS = 60_000;

/**
 * What the extension costs everybody who installed it: its start, in the extension host of a VS Code server, with fresh
 * user data, default settings, and no kubeconfig. Each load of the page brings an extension host of its own.
 */
export const activateBench: Bench = {
  name: 'activate',
  summary: "CPU time from the bundle's first line until activate() resolved, in a real extension host",
  async run(context) {
    const say = (line: string): void => context.say(line);
    const tools = {
      server: needed(await ensureVscodeServer(say)),
      chromium: needed(await ensureChromium(say)),
    };
    say('Building the extension as it is shipped');
    const extension = await buildMeteredExtension();
    try {
      say('Starting the VS Code server');
      const server = await startVscodeServer({
        server: tools.server,
        extensionDevelopmentPath: extension.path,
      });
      try {
        const browser = await launchChromium(tools.chromium);
        try {
          // The first start warms the server and the disk up, and counts for nobody.
          await start(browser, server, extension);
          return await context.measuring(async () => {
            const starts: Activation[] = [];
            for (let round = 0; round < ROUNDS; round += 1) {
              starts.push(await start(browser, server, extension));
            }
            return outcomeOf(starts);
          });
        } finally {
          await browser.close();
        }
      } finally {
        await server.stop();
      }
    } finally {
      extension.remove();
    }
  },
};

function needed<T>(state: ToolState<T>): T {
  if (state.type === 'missing') {
    throw new Error(state.reason);
  }
  return state.tool;
}

/** Opens a window until the extension in its extension host has written down how it started. */
async function start(
  browser: Browser,
  server: VscodeServer,
  extension: MeteredExtension,
): Promise<Activation> {
  const before = extension.activations().length;
  const workbench = await Workbench.open(browser, { url: server.url });
  try {
    return await until('The extension is activated', () => extension.activations()[before], {
      deadlineMs: START_DEADLINE_MS,
    });
  } finally {
    await workbench.close();
  }
}

/** Without what VS Code and other extensions do between the bundle's end and the call of `activate()`. */
function ownCpuMs({ loadCpuMs, activateCpuMs }: Activation): number {
  return loadCpuMs + activateCpuMs;
}

function outcomeOf(starts: readonly Activation[]): Outcome {
  const of = (figure: (start: Activation) => number): number => median(starts.map(figure));
  const figures = {
    cpuMs: of(({ cpuMs }) => cpuMs),
    loadCpuMs: of(({ loadCpuMs }) => loadCpuMs),
    activateCpuMs: of(({ activateCpuMs }) => activateCpuMs),
    ownCpuMs: of(ownCpuMs),
    betweenCpuMs: of((start) => start.cpuMs - ownCpuMs(start)),
    wallMs: of(({ wallMs }) => wallMs),
    controlCpuMs: of(({ controlCpuMs }) => controlCpuMs),
  };
  const row = (name: string, start: Activation): string[] => [
    name,
    start.cpuMs.toFixed(1),
    start.loadCpuMs.toFixed(1),
    start.activateCpuMs.toFixed(1),
    start.wallMs.toFixed(1),
    start.controlCpuMs.toFixed(1),
  ];
  return {
    figures,
    targets: TARGETS,
    doubts: [
      ...doubtsOf(
        'the same work in each extension host',
        starts.map(({ controlCpuMs }) => controlCpuMs),
      ),
      ...(figures.betweenCpuMs > figures.ownCpuMs
        ? [
            `more than half of it, ${figures.betweenCpuMs.toFixed(0)} ms, is what VS Code did between loading and activate()`,
          ]
        : []),
    ],
    table: [
      ['', 'CPU ms', 'of it loading', 'of it activate()', 'wall ms', 'control, CPU ms'],
      ...starts.map((start, round) => row(`start ${round + 1}`, start)),
      row('median', figures),
      ['limit', String(TARGETS.cpuMs.atMost), '', '', '', ''],
    ],
  };
}
