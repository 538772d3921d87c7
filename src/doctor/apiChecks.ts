import type { ApiCheckOptions, ApiFindings } from './apiCheckOptions';
import { accessCheck } from './checks/accessCheck';
import { clockCheck } from './checks/clockCheck';
import { discoveryCheck } from './checks/discoveryCheck';
import { identityCheck } from './checks/identityCheck';
import { listCheck } from './checks/listCheck';
import { versionCheck } from './checks/versionCheck';
import { watchCheck } from './checks/watchCheck';
import type { Check } from './examine';

/** The checks that ask the API server, over whatever way there is to it. */
export function apiChecks(options: ApiCheckOptions): readonly Check[] {
  const found: ApiFindings = {};
  return [
    versionCheck(options, found),
    clockCheck(found),
    identityCheck(options),
    discoveryCheck(options),
    listCheck(options, found),
    watchCheck(options, found),
    accessCheck(options),
  ];
}
