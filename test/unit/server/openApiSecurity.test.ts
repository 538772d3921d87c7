import SwaggerParser from '@apidevtools/swagger-parser';
import assert from 'node:assert/strict';
import { openApiDocument } from '../../../src/server/openApi';
import { ReviewedHub } from './reviewedHub';

const TOKEN = { type: 'http', scheme: 'bearer' };
const CERTIFICATE = { type: 'mutualTLS' };

describe('The description of how to say who somebody is', () => {
  for (const [ways, security, securitySchemes] of [
    [[], undefined, undefined],
    [['token'], [{ token: [] }], { token: TOKEN }],
    [['certificate'], [{ certificate: [] }], { certificate: CERTIFICATE }],
    [
      ['token', 'certificate'],
      [{ token: [] }, { certificate: [] }],
      { token: TOKEN, certificate: CERTIFICATE },
    ],
  ] as const) {
    it(`names ${ways.join(' or ') || 'nothing'} where that is taken`, async () => {
      const document = openApiDocument({ routes: [], version: '1.2.3', ways });
      assert.deepEqual('security' in document ? document.security : undefined, security);
      const { components }: { components?: { securitySchemes?: unknown } } = document;
      assert.deepEqual(components?.securitySchemes, securitySchemes);
      await SwaggerParser.validate(structuredClone(document) as never);
    });
  }

  it('is that of the hub, whose tickets are for tokens alone', async () => {
    const hub = new ReviewedHub();
    await hub.start({
      auth: {
        type: 'reviewed',
        tokens: { audience: 'hub', takesApiServerTokens: false },
        certificates: true,
        recheckMs: 1_000,
      },
    });
    try {
      const document: unknown = await (await hub.ask('/api/v1/openapi.json', 'jane')).json();
      assert.partialDeepStrictEqual(document, {
        security: [{ token: [] }, { certificate: [] }],
        paths: {
          '/healthz': { get: { security: [] } },
          '/api/v1/ticket': { post: { security: [{ token: [] }] } },
        },
      });
      await SwaggerParser.validate(document as never);
    } finally {
      await hub.stop();
    }
  });
});
