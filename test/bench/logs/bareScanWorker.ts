import { parentPort, workerData } from 'node:worker_threads';

/** The least that a search can be: one text, one expression, one pass. It counts the lines with a match. */
const buffer: unknown = workerData;

parentPort?.on('message', (source: string) => {
  if (!(buffer instanceof Uint8Array)) {
    throw new TypeError('there is nothing to search');
  }
  const text = new TextDecoder().decode(buffer);
  const expression = new RegExp(source, 'gm');
  let lines = 0;
  for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
    lines += 1;
    const end = text.indexOf('\n', match.index);
    if (end < 0) {
      break;
    }
    expression.lastIndex = end + 1;
  }
  parentPort?.postMessage(lines);
});
