/**
 * Why a connection over a network was closed. The reason beside the code says it in words. Codes below 4000 are those of
 * RFC 6455 and its registry.
 */
export const CLOSE_CODES = {
  /** Who listened is gone. */
  goingAway: 1001,
  /** The connection did not keep to WebSocket's own rules. */
  protocolError: 1002,
  /** A binary message: all of them are text. */
  unsupportedData: 1003,
  /** A text that is not UTF-8. */
  invalidText: 1007,
  tooBig: 1009,
  /** A fault of the server's own. */
  internalError: 1011,
  /** The server ends, or starts anew: come again. */
  serviceRestart: 1012,
  /** A message that cannot be understood, where nobody can be told so in an answer. */
  badMessage: 4400,
  /** No token, a wrong one, or one that is no longer good. */
  unauthorised: 4401,
  /** What was shown is good, and does not suffice. */
  forbidden: 4403,
  /** Silent for too long, or too slow to be written to. */
  timeout: 4408,
  /** More connections or messages than are allowed. */
  tooMany: 4429,
  /** Nobody can say now who the client is, or what it may: come again. */
  unavailable: 4503,
} as const;
