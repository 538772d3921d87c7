import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** Must equal ACTIVATIONS_FILE in activation.ts: what is loaded here would be warm for the bundle. */
const ACTIVATIONS_FILE = 'activations.jsonl';

/** Between 20 and 40 ms on the machines it was tried on: about as much as what is measured. */
const CONTROL_ROUNDS = 150_000;

interface ExtensionModule {
  activate(context: unknown): unknown;
  deactivate?(): unknown;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Work that is always the same, of what a start does too: objects, strings and functions that are not compiled yet. */
function controlWork(): number {
  let length = 0;
  for (let round = 0; round < CONTROL_ROUNDS; round += 1) {
    length += JSON.stringify({ name: `persona-${round % 100}`, values: [round, round / 2] }).length;
  }
  return length;
}

const startedMs = performance.now();
const startedCpuMs = cpuMs();
// Typed here, at the boundary: there is no declaration of a bundle.
const bundle: ExtensionModule = require(join(__dirname, 'dist', 'extension.js'));
const loadedCpuMs = cpuMs();

/** Stands in for the bundle's own, and writes down what it cost. */
export async function activate(context: unknown): Promise<unknown> {
  const calledCpuMs = cpuMs();
  const api = await bundle.activate(context);
  const endedCpuMs = cpuMs();
  const wallMs = performance.now() - startedMs;
  controlWork();
  const line = JSON.stringify({
    cpuMs: endedCpuMs - startedCpuMs,
    loadCpuMs: loadedCpuMs - startedCpuMs,
    activateCpuMs: endedCpuMs - calledCpuMs,
    wallMs,
    controlCpuMs: cpuMs() - endedCpuMs,
  });
  appendFileSync(join(__dirname, ACTIVATIONS_FILE), `${line}\n`);
  return api;
}

export function deactivate(): unknown {
  return bundle.deactivate?.();
}
