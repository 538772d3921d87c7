import { systemRandom } from '../../../../src/base/random';
import { requireKubernetes } from '../../../support/testbed/requireTool';
import { proveRules } from '../proveRules';
import { RealApiServer } from '../servers/realApiServer';

describe('the informer on a real API server', function () {
  this.timeout(120_000);
  const server = new RealApiServer();

  before(async function () {
    await server.prepare(requireKubernetes(this));
  });
  after(() => server.end());

  proveRules(server, systemRandom);
});
