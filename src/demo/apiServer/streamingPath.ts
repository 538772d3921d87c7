import { queryFlag } from './queryParameter';

/** Whether the request for this path, a query included, is answered with the changes to come. */
export function isWatchPath(path: string): boolean {
  return queryFlag(queryOf(path), 'watch');
}

/** Whether it is answered with a log, which may be followed. */
export function isLogPath(path: string): boolean {
  return pathnameOf(path).endsWith('/log');
}

/** Whether it asks for what comes after a revision: a watch from one on, or the next page of a list. */
export function isResumingPath(path: string): boolean {
  const query = queryOf(path);
  const revision = query.get('resourceVersion') ?? '';
  const isFromRevision = revision !== '' && revision !== '0';
  return (query.get('continue') ?? '') !== '' || (queryFlag(query, 'watch') && isFromRevision);
}

function pathnameOf(path: string): string {
  return path.split('?', 1)[0] ?? '';
}

function queryOf(path: string): URLSearchParams {
  const start = path.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : path.slice(start + 1));
}
