/**
 * How the initial state is had, and after a gap the new one.
 * - `list`: in pages, which travel compressed
 * - `watchList`: as the beginning of the watch, in one request, uncompressed and so for servers nearby; a server that does
 *   not answer it is listed until the next start
 */
export type InitialState = 'list' | 'watchList';
