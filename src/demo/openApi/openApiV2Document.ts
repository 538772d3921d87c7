const PATHNAME = '/openapi/v2';
const PROTOBUF_TYPE = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const PROTOBUF_RANGE = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

const TITLE = 'Kubernetes';
const VERSION = 'v1';

/** A field of a protobuf message; `content` is ASCII and shorter than 128 characters. */
function field(number: number, content: string): string {
  return String.fromCharCode((number << 3) | 2, content.length) + content;
}

/**
 * OpenAPI v2, which kubectl falls back to for kinds that cannot be patched. It has no paths and no definitions, which makes
 * kubectl leave validation to the server.
 */
export function openApiV2Document(
  pathname: string,
  accept: string | undefined,
): { readonly contentType: string; readonly text: string } | undefined {
  if (pathname !== PATHNAME) {
    return undefined;
  }
  return accept?.includes(PROTOBUF_RANGE) === true
    ? { contentType: PROTOBUF_TYPE, text: field(1, '2.0') + field(2, field(1, TITLE) + field(2, VERSION)) }
    : {
        contentType: 'application/json',
        text: JSON.stringify({ swagger: '2.0', info: { title: TITLE, version: VERSION }, paths: {} }),
      };
}
