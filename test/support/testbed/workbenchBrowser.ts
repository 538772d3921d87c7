import { type Browser, chromium } from 'playwright-core';

// No sandbox: tests also run as root in containers, and the only page is ours.
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts Chromium without a window, at `program`. */
export function launchChromium(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: flags, headless: true });
}
