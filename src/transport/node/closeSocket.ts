import { WebSocket } from 'ws';
import type { Clock } from '../../base/clock';

/** How long the other side may take to say goodbye in turn, or to read that it has to. */
const GRACE_MS = 5_000;
/** What may still have been on its way; whoever says more does not mean to go. */
const MAX_LATE = 10_000;
/** What fits into a close frame. */
const MAX_REASON_BYTES = 123;

/** Closes a connection and says why. Whoever does not answer, or says more and more instead, is cut off. May be called again. */
export function closeSocket(socket: WebSocket, clock: Clock, code: number, reason: string): void {
  if (socket.readyState !== WebSocket.OPEN) {
    return;
  }
  // Of one that was not read from, the answer has to be.
  socket.resume();
  socket.close(code, headOf(reason));
  const cut = clock.schedule(GRACE_MS, () => {
    cut.dispose();
    socket.terminate();
  });
  let late = 0;
  const onLate = (): void => {
    late += 1;
    if (late > MAX_LATE) {
      socket.terminate();
    }
  };
  socket.on('message', onLate);
  socket.on('ping', onLate);
  socket.on('pong', onLate);
  socket.once('close', () => cut.dispose());
}

/** As many whole characters as fit. */
function headOf(reason: string): Buffer {
  const bytes = Buffer.alloc(MAX_REASON_BYTES);
  const { written } = new TextEncoder().encodeInto(reason, bytes);
  return bytes.subarray(0, written);
}
