/** What a program can be asked, by method; the answers are sent to who asked. */
export type Handlers = Readonly<Record<string, (params: unknown) => unknown>>;

/**
 * Answers a {@link Program}'s owner until that goes away, which ends this process. Everything it is asked is decoded by
 * the handlers; what one throws is told as a text.
 */
export function serveProgram(handlers: Handlers): void {
  process.on('message', (message: unknown) => {
    void answer(handlers, message);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ready: true });
}

async function answer(handlers: Handlers, message: unknown): Promise<void> {
  if (typeof message !== 'object' || message === null || !('id' in message) || !('method' in message)) {
    throw new TypeError('the owner sent what is no question');
  }
  const { id, method } = message;
  const params = 'params' in message ? message.params : undefined;
  try {
    const handler = handlers[String(method)];
    if (handler === undefined) {
      throw new TypeError(`there is no method ${String(method)}`);
    }
    process.send?.({ id, result: await handler(params) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
