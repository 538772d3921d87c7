import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { proofTable } from './proofTable';
import { whyNot } from './rule';
import { RULES } from './rules/rules';
import { demoCluster } from './servers/demoClusterUnderTest';
import { faultServer } from './servers/faultServerCluster';
import { RealApiServer } from './servers/realApiServer';

const SERVERS = [faultServer, demoCluster, new RealApiServer()];

/** What stands between them in the document is made by `proofTable`. */
const BEGIN = '<!-- prettier-ignore-start -->\n\n';
const END = '\n\n<!-- prettier-ignore-end -->';

describe('the table of proofs', () => {
  it('in docs/informer-conformance.md is the one that follows from the rules and servers', () => {
    const document = readFileSync(join(repositoryRoot(), 'docs', 'informer-conformance.md'), 'utf8');
    const [, table] = document.split(BEGIN);
    assert.equal(table?.split(END)[0], proofTable(RULES, SERVERS));
  });

  it('has a server for every sentence', () => {
    const unshown = RULES.flatMap(({ proofs }) => proofs).filter((each) =>
      SERVERS.every((server) => whyNot(server, each) !== undefined),
    );
    assert.deepEqual(
      unshown.map(({ sentence }) => sentence),
      [],
    );
  });

  for (const server of [faultServer, demoCluster]) {
    it(`says of each fault that the ${server.name} lacks why it cannot be played, and of no other`, async () => {
      const cluster = await server.start([]);
      const needed = new Set(RULES.flatMap(({ proofs }) => proofs.flatMap(({ needs }) => needs)));
      for (const fault of needed) {
        const isPlayed = cluster.faults[fault] !== undefined;
        assert.equal(server.cannot[fault] === undefined, isPlayed, fault);
      }
      await cluster.release();
      await cluster.stop();
    });
  }
});
