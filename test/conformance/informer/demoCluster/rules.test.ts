import { trackLeaks } from '../../../support/leakTracker';
import { proveRules } from '../proveRules';
import { demoCluster } from '../servers/demoClusterUnderTest';

describe('the informer on the demo cluster', () => {
  trackLeaks();
  proveRules(demoCluster);
});
