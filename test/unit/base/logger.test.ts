import assert from 'node:assert/strict';
import { nullLogger, scopedLogger } from '../../../src/base/logger';

describe('a logger with a scope', () => {
  it('writes one line however the scope is called', () => {
    const lines: string[] = [];
    const logger = scopedLogger(
      { ...nullLogger, info: (message) => lines.push(message) },
      `prod\n[other] live\u2028${'x'.repeat(1_000_000)}`,
    );
    logger.info('live');
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^\[prod \[other\] live x+…\] live$/);
    assert.ok((lines[0] ?? '').length < 300);
  });
});
