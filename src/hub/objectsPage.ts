import type { KubeObject } from '../base/kubeObject';
import type { RequestParams, RequestResult } from '../protocol/requests';
import type { ChangeIndex } from './changeIndex';
import type { Source } from './source';

/** A page has as many objects as fit into this many UTF-16 units of JSON, and one at least. */
const MAX_PAGE_CHARS = 1024 * 1024;

/** One page of what a source holds, or of what is different in it. Costs what is asked for, sorted, and the page. */
export function objectsPage(
  source: Source,
  changes: ChangeIndex,
  { since, after, limit }: RequestParams<'clusters.objects'>,
): Omit<RequestResult<'clusters.objects'>, 'now'> {
  const { version } = changes;
  const cluster = source.clusterUid;
  const answer = {
    version,
    status: source.status(),
    isRead: source.hasBeenRead,
    ...(cluster === undefined ? {} : { cluster }),
  };
  const changed = since === undefined ? { reset: true as const } : changes.since(since);
  const candidates = changed.reset
    ? source.objects()
    : changed.changed
        .filter((key) => key.source === source.id)
        .map(({ name }) => source.object(name))
        .filter((object): object is KubeObject => object !== undefined);
  const removed =
    changed.reset || after !== undefined
      ? []
      : changed.removed.filter((key) => key.source === source.id).map(({ name }) => name);
  const rest = candidates
    .filter(({ metadata }) => after === undefined || metadata.name > after)
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const page = firstThatFit(rest, limit);
  const last = page.length < rest.length ? page.at(-1)?.metadata.name : undefined;
  return {
    ...answer,
    objects: page.map((object) => ({ ...object, metadata: { ...object.metadata } })),
    removed,
    reset: changed.reset,
    ...(last === undefined ? {} : { after: last }),
  };
}

function firstThatFit(objects: readonly KubeObject[], limit: number): KubeObject[] {
  const page: KubeObject[] = [];
  let chars = 0;
  for (const object of objects.slice(0, limit)) {
    chars += JSON.stringify(object).length;
    if (page.length > 0 && chars > MAX_PAGE_CHARS) {
      break;
    }
    page.push(object);
  }
  return page;
}
