import assert from 'node:assert/strict';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { fastify, type FastifyInstance } from 'fastify';
import type { BuiltPage } from '../../../../src/server/page/builtPage';
import { addPageRoutes } from '../../../../src/server/page/pageRoutes';

const SCRIPT = 'console.log("é")';

function built(name: string, content: string): BuiltPage['files'][number] {
  return {
    name,
    gzip: gzipSync(content).toString('base64'),
    brotli: brotliCompressSync(content).toString('base64'),
  };
}

const page: BuiltPage = {
  script: 'page-A.js',
  style: 'page-B.css',
  icon: 'icon-C.svg',
  files: [
    built('page-A.js', SCRIPT),
    built('page-B.css', 'body {}'),
    built('icon-C.svg', '<svg/>'),
    built('codicon-D.ttf', 'font'),
  ],
};

describe('the page of the hub, as it is served', () => {
  let app: FastifyInstance;

  beforeEach(() => {
    app = fastify();
    addPageRoutes(app, page);
  });
  afterEach(() => app.close());

  it('is one document that finds its files from each of its addresses', async () => {
    const cases = [
      ['/', './'],
      ['/clusters/s/eu.west-1', '../../'],
      ['/clusters/s%2Ft/eu/logs?addon=a', '../../../'],
    ] as const;
    for (const [url, base] of cases) {
      const { statusCode, headers, body } = await app.inject({ url });
      assert.equal(statusCode, 200, url);
      assert.match(String(headers['content-type']), /^text\/html/);
      assert.ok(body.includes(`<base href="${base}">`), body);
      assert.ok(body.includes('src="assets/page-A.js"') && body.includes('href="assets/page-B.css"'));
    }
  });

  it('allows nothing inline, nothing from elsewhere, and no frame around it', async () => {
    const { headers, body } = await app.inject({ url: '/' });
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    assert.equal(headers['referrer-policy'], 'no-referrer');
    assert.doesNotMatch(body, /<script(?![^>]*src=)|<style|\son[a-z]+=|style=/);
  });

  it('is sent again only where it is another one', async () => {
    const { headers } = await app.inject({ url: '/' });
    assert.equal(headers['cache-control'], 'no-cache');
    const etag = String(headers['etag']);
    for (const held of [etag, `"other", W/${etag}`]) {
      const again = await app.inject({ url: '/', headers: { 'if-none-match': held } });
      assert.deepEqual([again.statusCode, again.body], [304, '']);
    }
    const other = await app.inject({ url: '/', headers: { 'if-none-match': '"other"' } });
    assert.equal(other.statusCode, 200);
  });

  it('has files that are kept for ever, in the coding that is taken', async () => {
    const decoders = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes };
    for (const [coding, decode] of Object.entries(decoders)) {
      const { headers, rawPayload } = await app.inject({
        url: '/assets/page-A.js',
        headers: { 'accept-encoding': coding },
      });
      assert.equal(headers['content-encoding'], coding === 'identity' ? undefined : coding);
      assert.equal(headers['vary'], 'accept-encoding');
      assert.match(String(headers['cache-control']), /immutable/);
      assert.equal(decode(rawPayload).toString(), SCRIPT);
    }
    const types = await Promise.all(
      page.files.map(
        async ({ name }) => (await app.inject({ url: `/assets/${name}` })).headers['content-type'],
      ),
    );
    assert.deepEqual(types, [
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
      'image/svg+xml',
      'font/ttf',
    ]);
  });

  it('answers HEAD, and has no other address', async () => {
    assert.equal((await app.inject({ method: 'HEAD', url: '/' })).statusCode, 200);
    for (const url of [
      '/assets/',
      '/assets/page-X.js',
      '/assets/../package.json',
      '/assets/%2e%2e/package.json',
      '/assets/..%2f..%2fpackage.json',
      '/index.html',
      '/clusters',
      '/clusters/s',
      '/clusters/s/eu/other',
    ]) {
      assert.equal((await app.inject({ url })).statusCode, 404, url);
    }
    assert.equal((await app.inject({ method: 'POST', url: '/' })).statusCode, 404);
  });
});
