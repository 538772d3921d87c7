/** What is asked: who the cluster is, a page of a list, a list of one (a sign of life), or a watch. */
export type RequestKind = 'identity' | 'list' | 'probe' | 'watch';

/** What a request of an informer is for; `path` carries its query. */
export function requestKindOf(path: string): RequestKind {
  const [bare = '', search = ''] = path.split('?');
  if (bare === '/api/v1/namespaces/kube-system') {
    return 'identity';
  }
  const query = new URLSearchParams(search);
  if (query.has('watch')) {
    return 'watch';
  }
  return query.get('limit') === '1' ? 'probe' : 'list';
}
