import { FLOOD_NUMBER } from '../logs/floodParams';

/**
 * Around the log panel in a browser: the API that VS Code gives to a webview, over a socket; and what measures it. What is seen in
 * a frame counts from after that frame was painted.
 */

const socket = new WebSocket(`ws://${location.host}/${location.search}`);
const waiting: string[] = [];
let state: unknown;

socket.addEventListener('open', () => waiting.splice(0).forEach((text) => socket.send(text)));
socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
  const message: unknown = JSON.parse(data);
  if (typeof message === 'object' && message !== null && 'text' in message && !('type' in message)) {
    // The control: nothing but text in an element.
    document.querySelector('pre')?.replaceChildren(String(message.text));
    return;
  }
  window.dispatchEvent(new MessageEvent('message', { data: message }));
});

const acquireVsCodeApi = () => ({
  postMessage: (message: unknown): void => {
    const text = JSON.stringify(message);
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(text);
    } else {
      waiting.push(text);
    }
  },
  getState: (): unknown => state,
  setState: (next: unknown): void => {
    state = next;
  },
});

/** Milliseconds since 1970, to fractions of one, as other processes have it too. */
const now = (): number => performance.timeOrigin + performance.now();

let frames: number[] = [];
let sightings: (readonly [number, number])[] = [];
let jumps: number[] = [];
let newest = -1;
let jump: { readonly startMs: number; readonly from: number } | undefined;
let painted: (() => void) | undefined;

const afterPaint = new MessageChannel();
afterPaint.port1.addEventListener('message', () => {
  painted?.();
  painted = undefined;
});
afterPaint.port1.start();

/** The position of the topmost row that is in sight, by the scroll bar. */
function barPosition(): number {
  return Number(document.querySelector('.rows-bar')?.getAttribute('aria-valuenow') ?? -1);
}

/** Whether the row that the scroll bar names is at the top of what is in sight. */
function isShown(position: number): boolean {
  const top = document.querySelector('.rows')?.getBoundingClientRect().top ?? 0;
  const row = document.querySelector(`.row[aria-posinset="${position + 1}"]`);
  return row !== null && Math.abs(row.getBoundingClientRect().top - top) < 2;
}

function newestNumber(): number {
  const element =
    document.querySelector('.rows-content')?.lastElementChild ?? document.querySelector('pre') ?? undefined;
  const text = element?.textContent ?? '';
  return Number(FLOOD_NUMBER.exec(text.slice(Math.max(0, text.lastIndexOf('n='))))?.[1] ?? -1);
}

function frame(): void {
  frames.push(now());
  const number = newestNumber();
  const position = jump === undefined ? -1 : barPosition();
  if (number > newest) {
    newest = number;
    painted = () => sightings.push([number, now()]);
    afterPaint.port2.postMessage(0);
  } else if (jump !== undefined && position !== jump.from && isShown(position)) {
    const { startMs } = jump;
    jump = undefined;
    painted = () => jumps.push(performance.now() - startMs);
    afterPaint.port2.postMessage(0);
  }
  requestAnimationFrame(frame);
}
requestAnimationFrame(frame);

document.addEventListener(
  'pointerdown',
  ({ timeStamp }) => (jump = { startMs: timeStamp, from: barPosition() }),
  { capture: true },
);

Object.assign(window, {
  acquireVsCodeApi,
  probe: {
    /** What was seen since it was asked last. */
    take() {
      const taken = { frames, sightings, jumps, newest };
      frames = [];
      sightings = [];
      jumps = [];
      return taken;
    },
    newest: () => newest,
    isJumping: () => jump !== undefined,
    /** Rows that the panel has in total. */
    total: () => Number(document.querySelector('.row')?.getAttribute('aria-setsize') ?? 0),
  },
});
