import assert from 'node:assert/strict';
import type { ConnectionIdentity } from '../../../src/cluster/credentials';
import { secureContextFor } from '../../../src/cluster/secureContexts';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';

describe('the TLS context of an identity', () => {
  const authority = new CertificateAuthority('contexts-test-ca');
  const of = (name: string): Pick<ConnectionIdentity, 'cert' | 'key'> => {
    const { certificate, key } = authority.client(name, []);
    return { cert: certificate, key };
  };
  const nobody: ConnectionIdentity = {
    server: 'https://a.example',
    ca: authority.certificate,
    skipTlsVerify: false,
  };

  it('is shared by those who differ in no certificate, whatever their server is', () => {
    const jane = { ...nobody, ...of('jane') };
    const context = secureContextFor(jane);
    assert.ok(context !== undefined);
    assert.equal(secureContextFor({ ...jane, server: 'https://b.example', tlsServerName: 'b' }), context);
  });

  it('is never shared by those who differ in a certificate, a key, an authority, or in verifying', () => {
    const [jane, john] = [of('jane'), of('john')];
    const { ca: _ca, ...trusting } = nobody;
    const identities: ConnectionIdentity[] = [
      nobody,
      { ...nobody, ...jane },
      { ...nobody, ...john },
      { ...nobody, ca: new CertificateAuthority('another').certificate },
      { ...trusting, skipTlsVerify: false },
      { ...trusting, skipTlsVerify: true },
      { ...trusting, skipTlsVerify: true, ...jane },
    ];
    const contexts = identities.map((identity) => secureContextFor(identity));
    assert.equal(new Set(contexts).size, identities.length);
    assert.ok(!contexts.includes(undefined));
  });

  it('is not there without TLS', () => {
    assert.equal(secureContextFor({ ...nobody, server: 'http://a.example' }), undefined);
  });

  it('cannot be had for a certificate with the key of another one, or without any', () => {
    const [jane, john] = [of('jane'), of('john')];
    for (const material of [{ ...jane, key: john.key ?? '' }, { cert: jane.cert ?? '' }]) {
      assert.throws(() => secureContextFor({ ...nobody, ...material }), { code: 'credentials' });
    }
  });
});
