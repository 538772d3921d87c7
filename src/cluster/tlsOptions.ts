import type { ConnectionOptions } from 'node:tls';
import type { ConnectionIdentity } from './credentials';
import { secureContextFor } from './secureContexts';

/** What every TLS connection of an identity is made with. Throws like {@link secureContextFor}. */
export function tlsOptions(
  identity: ConnectionIdentity,
): Pick<ConnectionOptions, 'secureContext' | 'servername' | 'rejectUnauthorized'> {
  const secureContext = secureContextFor(identity);
  return {
    ...(secureContext === undefined ? {} : { secureContext }),
    ...(identity.tlsServerName === undefined ? {} : { servername: identity.tlsServerName }),
    // Said either way, so that NODE_TLS_REJECT_UNAUTHORIZED does not decide over a cluster's credentials.
    rejectUnauthorized: !identity.skipTlsVerify,
  };
}
