import type { KubeObject } from '../../base/kubeObject';
import { encodeTable, type TableOptions } from '../table/encodeTable';
import { negotiateTable, parseIncludeObject, type MetaVersion } from '../table/negotiateTable';
import { partialObject } from '../table/partialObject';
import { tableFormatOf } from '../table/tableFormatOf';
import type { ApiResource } from './apiResource';
import { ApiStatusError, notAcceptable } from './apiStatus';

/** The form in which a client gets objects. */
export type WrittenForm =
  | { readonly type: 'object' }
  | ({ readonly type: 'table' } & TableOptions)
  | { readonly type: 'partial'; readonly version: MetaVersion };

/** Reads what a client accepts, and how much of each object a table is to carry. Throws {@link ApiStatusError}. */
export function parseForm(accept: string | undefined, query: URLSearchParams): WrittenForm {
  const form = negotiateTable(accept);
  switch (form.type) {
    case 'object':
      return form;
    case 'table':
      return { ...form, includeObject: parseIncludeObject(query) };
    case 'partial':
      return { type: 'partial', version: form.version };
    case 'unacceptable':
      throw new ApiStatusError(notAcceptable(form.message));
    default:
      return form satisfies never;
  }
}

/** One object as pieces of JSON; `json` is the whole of it. Ages in a table are as of `nowMs`. */
export function encodeObject(
  resource: ApiResource,
  object: KubeObject,
  json: string,
  form: WrittenForm,
  nowMs: number,
): Iterable<string> {
  switch (form.type) {
    case 'object':
      return [`${json}\n`];
    case 'table': {
      const { resourceVersion = '' } = object.metadata;
      return encodeTable(tableFormatOf(resource), [object], { resourceVersion }, form, nowMs);
    }
    case 'partial':
      return [`${JSON.stringify(partialObject(object, form.version))}\n`];
    default:
      return form satisfies never;
  }
}
