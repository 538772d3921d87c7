export type ContentCoding = 'br' | 'gzip' | 'identity';

/**
 * How to send something that there is in all codings, by the request's `Accept-Encoding` (RFC 9110): the smallest that is taken.
 * What takes nothing gets it as it is.
 */
export function contentCoding(accepted: string | undefined): ContentCoding {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
    weights.set(coding, weight === undefined ? 1 : Number(weight));
  }
  const takes = (coding: string): boolean => (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
  return takes('br') ? 'br' : takes('gzip') ? 'gzip' : 'identity';
}
