import { CommandError, runCommand } from './command';
import { executableOnPath, isExecutable } from './executableOnPath';
import { type Report, type ToolState, reported } from './toolState';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPath = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

// 17 s were seen, download included.
const installDeadlineMs = 10 * 60_000;

/** `$CHROMIUM`, or a Chromium or Chrome that is installed. */
export function findChromium(): ToolState<string> {
  const given = process.env['CHROMIUM'];
  if (given !== undefined && given !== '') {
    return isExecutable(given)
      ? { type: 'ready', tool: given }
      : { type: 'missing', reason: `CHROMIUM names ${given}, which is not a program` };
  }
  const installed = executableOnPath(...names) ?? (isExecutable(macPath) ? macPath : undefined);
  return installed === undefined
    ? { type: 'missing', reason: 'neither Chromium nor Chrome is installed (CHROMIUM can name one)' }
    : { type: 'ready', tool: installed };
}

/** Installs Debian's package where that is possible without asking: as root, with apt. */
export async function ensureChromium(report: Report): Promise<ToolState<string>> {
  const found = findChromium();
  const apt = executableOnPath('apt-get');
  if (found.type === 'ready' || process.env['CHROMIUM'] || apt === undefined || process.getuid?.() !== 0) {
    return found;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await reported(report, 'Installing Chromium', async () => {
      await runCommand(apt, ['update', '-q'], { env, deadlineMs: installDeadlineMs });
      const install = ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
      await runCommand(apt, install, { env, deadlineMs: installDeadlineMs });
    });
  } catch (error) {
    if (error instanceof CommandError) {
      return { type: 'missing', reason: `Chromium could not be installed: ${error.message}` };
    }
    throw error;
  }
  return findChromium();
}
