import { trackLeaks } from '../../../support/leakTracker';
import { proveRules } from '../proveRules';
import { faultServer } from '../servers/faultServerCluster';

describe('the informer on the fault server', () => {
  trackLeaks();
  proveRules(faultServer);
});
