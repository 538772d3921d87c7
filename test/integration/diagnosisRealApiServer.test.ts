import assert from 'node:assert/strict';
import type { CheckId, CheckResult } from '../../src/doctor/diagnosis';
import { redactDiagnosis } from '../../src/doctor/redactDiagnosis';
import { checkInShort } from '../support/checkInShort';
import { sampleSpec } from '../support/samples/samplePersona';
import { RealCluster, type Kubeconfigs } from '../support/testbed/realCluster';
import { requireKubernetes } from '../support/testbed/requireTool';
import { diagnoseFile } from './connectionDiagnosis';

describe('the diagnosis of a real API server', function () {
  this.timeout(60_000);
  let cluster: RealCluster;

  before(async function () {
    cluster = await RealCluster.start(requireKubernetes(this));
  });
  after(() => cluster?.stop());

  const diagnose = (user: keyof Kubeconfigs): Promise<ReadonlyMap<CheckId, CheckResult>> =>
    diagnoseFile(cluster.kubeconfigs[user]);
  const outcomes = (results: ReadonlyMap<CheckId, CheckResult>): Record<string, string> =>
    Object.fromEntries([...results].map(([id, result]) => [id, checkInShort(result)]));
  const onTheWay = {
    kubeconfig: 'passed',
    credentials: 'passed',
    dns: 'skipped addressGiven',
    tcp: 'passed',
    proxy: 'skipped noProxy',
    tls: 'passed',
  };

  it('says that ClusterPersonas are not installed', async () => {
    assert.deepEqual(outcomes(await diagnose('admin')), {
      ...onTheWay,
      version: 'passed',
      clock: 'passed',
      identity: 'passed',
      discovery: 'failed notInstalled',
      list: 'skipped after discovery',
      watch: 'skipped after discovery',
      access: 'passed',
    });
  });

  describe('with ClusterPersonas', () => {
    before(async () => {
      await cluster.installCrd();
      await cluster.apply({
        apiVersion: 'dorgu.io/v1',
        kind: 'ClusterPersona',
        metadata: { name: 'eu-west-1' },
        spec: sampleSpec('eu-west-1'),
      });
    });

    it('passes for an admin, by token and by client certificate', async () => {
      const byToken = await diagnose('admin');
      assert.ok(
        [...byToken.values()].every(({ outcome }) => outcome === 'passed' || outcome === 'skipped'),
        JSON.stringify(outcomes(byToken)),
      );
      assert.deepEqual(byToken.get('identity')?.details, [
        'User admin',
        'Groups system:masters, system:authenticated',
      ]);
      assert.match(byToken.get('version')?.details[0] ?? '', /^Kubernetes v1\.\d+\.\d+/);
      assert.equal(byToken.get('list')?.details[0], 'ClusterPersonas: 1');
      assert.match(byToken.get('watch')?.details.join('\n') ?? '', /Opened after \d+ ms\n(?:First|Ended)/);
      const byCertificate = await diagnose('clientCertificate');
      assert.equal(checkInShort(byCertificate.get('access')), 'passed');
      assert.match(byCertificate.get('credentials')?.details.join('\n') ?? '', /CN=certificate-admin/);
    });

    it('says what a user without a role lacks', async () => {
      const results = await diagnose('restricted');
      assert.deepEqual(outcomes(results), {
        ...onTheWay,
        version: 'passed',
        clock: 'passed',
        identity: 'passed',
        discovery: 'passed',
        list: 'failed forbidden',
        watch: 'skipped after list',
        access: 'failed forbidden personasNotAllowed',
      });
      const report = JSON.stringify(
        redactDiagnosis({ label: 'real', startedAt: 0, results: [...results.values()] }),
      );
      const { restrictedToken, caFile } = cluster.credentials;
      for (const name of [
        'restricted',
        '127.0.0.1',
        restrictedToken,
        caFile,
        cluster.kubeconfigs.restricted,
      ]) {
        assert.ok(!report.includes(name), `${name} in ${report}`);
      }
    });

    it('says that a token is not accepted', async () => {
      const results = await diagnose('unknownToken');
      assert.equal(checkInShort(results.get('version')), 'failed unauthorized');
      assert.equal(checkInShort(results.get('clock')), 'passed');
      assert.equal(checkInShort(results.get('access')), 'skipped after version');
    });

    it('says that the authority is not trusted', async () => {
      const results = await diagnose('wrongCa');
      assert.equal(checkInShort(results.get('tls')), 'failed tls authorityUnknown');
      assert.match(results.get('tls')?.details.join('\n') ?? '', /Issued by CN=clusterpersona-test-ca/);
    });
  });
});
