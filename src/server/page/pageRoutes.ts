import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BuiltFile, BuiltPage } from './builtPage';
import { contentCoding } from './contentCoding';
import { ASSETS, pageHtml } from './pageHtml';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered to everybody: nothing of a cluster is in it. */
    readonly isPublic?: boolean;
  }
}

/**
 * What the page may do: run its one script, use its one style sheet, and speak with the hub that it came from. Nobody else's
 * page may show it in a frame, nothing is loaded from elsewhere, and no form is sent by the browser itself.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
  '.svg': 'image/svg+xml',
};

/** The addresses of the page, with how many folders below its root each is. */
const PLACES: readonly (readonly [string, number])[] = [
  ['/', 0],
  ['/clusters/:source/:name', 2],
  ['/clusters/:source/:name/logs', 3],
];

const SAFETY = {
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const FOR_EVER = 'public, max-age=31536000, immutable';
const config = { isPublic: true } as const;

/**
 * Serves the page: the same document at each of its addresses, and its files. All of it is known when the hub starts, so that no
 * request leads to the disk, and all of it is public: what is to be seen comes over a connection that asks who is there.
 */
export function addPageRoutes(app: FastifyInstance, page: BuiltPage): void {
  for (const [path, depth] of PLACES) {
    const html = pageHtml(page, depth);
    const etag = `"${createHash('sha256').update(html).digest('base64url').slice(0, 22)}"`;
    app.get(path, { config }, (request, reply) => {
      reply.headers({
        ...SAFETY,
        'content-security-policy': POLICY,
        // It names the files of this version, so it is asked for each time.
        'cache-control': 'no-cache',
        etag,
      });
      return isHeld(request, etag)
        ? reply.code(304).send()
        : reply.type('text/html; charset=utf-8').send(html);
    });
  }
  for (const file of page.files) {
    const send = fileSender(file);
    app.get(`/${ASSETS}/${file.name}`, { config }, send);
  }
}

function isHeld({ headers }: FastifyRequest, etag: string): boolean {
  const held = headers['if-none-match'] ?? '';
  return held.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

function fileSender({ name, gzip, brotli }: BuiltFile) {
  const codings = { gzip: Buffer.from(gzip, 'base64'), br: Buffer.from(brotli, 'base64') };
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  let plain: Buffer | undefined;
  return ({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const coding = contentCoding(headers['accept-encoding']);
    reply.headers({ ...SAFETY, 'cache-control': FOR_EVER, vary: 'accept-encoding' }).type(type);
    if (coding === 'identity') {
      // Hardly anybody asks for it so.
      plain ??= gunzipSync(codings.gzip);
      return reply.send(plain);
    }
    return reply.header('content-encoding', coding).send(codings[coding]);
  };
}
