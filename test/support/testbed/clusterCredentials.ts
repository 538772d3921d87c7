import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CertificateAndKey, CertificateAuthority } from '../../../src/demoServer/certificateAuthority';

interface KeyFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** Everything a test cluster and its users prove themselves with, as files in one folder. */
export interface ClusterCredentials {
  /** Signs the API server's certificate and its clients'. */
  readonly caFile: string;
  /** A valid authority that signed nothing here: for the wrong-CA state. */
  readonly otherCaFile: string;
  readonly server: KeyFiles;
  readonly adminClient: KeyFiles;
  readonly serviceAccountPublicKeyFile: string;
  readonly serviceAccountKeyFile: string;
  /** The API server's static tokens; it reads them at its start only. */
  readonly tokenFile: string;
  /** Member of system:masters. */
  readonly adminToken: string;
  /** A known user (`restricted`) whom no role lets do anything beyond discovery. */
  readonly restrictedToken: string;
  /** As `restricted`, under the name that the demo cluster's user without rights has. */
  readonly nobodyToken: string;
  /** May get, list and watch everything once `RealCluster.grantViewer` was called. */
  readonly viewerToken: string;
}

/** Writes fresh credentials into `folder`. */
export function writeClusterCredentials(folder: string): ClusterCredentials {
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const writePair = (name: string, pair: CertificateAndKey): KeyFiles => ({
    certificateFile: write(`${name}.crt`, pair.certificate),
    keyFile: write(`${name}.key`, pair.key),
  });
  const authority = new CertificateAuthority('clusterpersona-test-ca');
  const otherAuthority = new CertificateAuthority('clusterpersona-other-ca');
  const serviceAccount = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const token = (): string => randomBytes(16).toString('hex');
  const [adminToken, restrictedToken, viewerToken, nobodyToken] = [token(), token(), token(), token()];
  const withoutGroups = { restricted: restrictedToken, viewer: viewerToken, nobody: nobodyToken };
  return {
    caFile: write('ca.crt', authority.certificate),
    otherCaFile: write('other-ca.crt', otherAuthority.certificate),
    server: writePair('server', authority.server('kube-apiserver')),
    adminClient: writePair('admin', authority.client('certificate-admin', ['system:masters'])),
    serviceAccountPublicKeyFile: write(
      'service-account.pub',
      serviceAccount.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ),
    serviceAccountKeyFile: write(
      'service-account.key',
      serviceAccount.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
    ),
    tokenFile: write(
      'tokens.csv',
      [
        `${adminToken},admin,admin,"system:masters"\n`,
        ...Object.entries(withoutGroups).map(([user, secret]) => `${secret},${user},${user}\n`),
      ].join(''),
    ),
    adminToken,
    restrictedToken,
    nobodyToken,
    viewerToken,
  };
}
