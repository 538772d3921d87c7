import { createHash } from 'node:crypto';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { KubeTransportError } from '../base/kubeFetch';
import type { ConnectionIdentity } from './credentials';
import { systemErrorCode } from './readFileBounded';

/** What a TLS context is made of: a part of {@link ConnectionIdentity}. */
type Material = Pick<ConnectionIdentity, 'ca' | 'cert' | 'key'>;

const contexts = new Map<string, WeakRef<SecureContext>>();
const collected = new FinalizationRegistry<string>((key) => {
  if (contexts.get(key)?.deref() === undefined) {
    contexts.delete(key);
  }
});

/**
 * The TLS context of an identity, undefined where there is no TLS. Equal certificates share one for as long as somebody
 * holds it: each takes some 35 kB and a millisecond, and the contexts of a kubeconfig often differ in nothing else than
 * the server.
 *
 * Fails early, and with the right code, where OpenSSL would refuse the material on the first connection. Throws
 * {@link KubeTransportError}: `tls` for the authority, `credentials` for the client's certificate or key.
 */
export function secureContextFor(identity: ConnectionIdentity): SecureContext | undefined {
  checkClientPair(identity);
  if (!identity.server.startsWith('https:')) {
    checkMaterial(identity);
    return undefined;
  }
  const key = materialKey(identity);
  const known = contexts.get(key)?.deref();
  if (known !== undefined) {
    return known;
  }
  checkMaterial(identity);
  const { ca = trustedAuthorities(identity), cert, key: clientKey } = identity;
  const context = createSecureContext({ ca, cert, key: clientKey });
  contexts.set(key, new WeakRef(context));
  collected.register(context, key);
  return context;
}

/** Equal for equal material. A hash, so that no private key lives on as the name of something. */
function materialKey({ ca, cert, key, skipTlsVerify }: ConnectionIdentity): string {
  return createHash('sha256')
    .update(JSON.stringify([ca, cert, key, skipTlsVerify]))
    .digest('base64');
}

function checkClientPair({ cert, key }: Material): void {
  if ((cert === undefined) !== (key === undefined)) {
    throw new KubeTransportError(
      'credentials',
      `the client ${cert === undefined ? 'key' : 'certificate'} stands alone`,
    );
  }
}

function checkMaterial({ ca, cert, key }: Material): void {
  attempt('tls', "the cluster's certificate authority is not usable", () => {
    if (ca !== undefined) {
      createSecureContext({ ca });
    }
  });
  attempt('credentials', 'the client certificate and its key are not usable', () => {
    if (cert !== undefined) {
      createSecureContext({ cert, key });
    }
  });
}

function attempt(code: 'tls' | 'credentials', failure: string, create: () => void): void {
  try {
    create();
  } catch (error) {
    throw new KubeTransportError(code, `${failure} (${systemErrorCode(error)})`);
  }
}

let authorities: string[] | undefined;

/** Node's own list and the system's, as kubectl trusts the latter. Read once: it takes some 10 ms. */
function trustedAuthorities({ skipTlsVerify }: ConnectionIdentity): string[] | undefined {
  if (skipTlsVerify) {
    return undefined;
  }
  authorities ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return authorities;
}
