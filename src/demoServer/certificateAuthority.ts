import { type KeyObject, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { systemClock, type Clock } from '../base/clock';
import {
  derBitString,
  derBoolean,
  derExplicit,
  derImplicit,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derSet,
  derUtcTime,
  derUtf8String,
} from './der';

/** A certificate and its private key, both PEM. */
export interface CertificateAndKey {
  readonly certificate: string;
  readonly key: string;
}

interface Subject {
  readonly commonName: string;
  /** For a client of Kubernetes these are the user's groups. */
  readonly organizations?: readonly string[];
}

const ecdsaWithSha256 = derSequence(derObjectIdentifier('1.2.840.10045.4.3.2'));
const dayMs = 24 * 60 * 60 * 1000;

function name(subject: Subject): Buffer {
  const attribute = (identifier: string, text: string): Buffer =>
    derSet(derSequence(derObjectIdentifier(identifier), derUtf8String(text)));
  return derSequence(
    ...(subject.organizations ?? []).map((organization) => attribute('2.5.4.10', organization)),
    attribute('2.5.4.3', subject.commonName),
  );
}

function extension(identifier: string, isCritical: boolean, value: Buffer): Buffer {
  const critical = isCritical ? [derBoolean(true)] : [];
  return derSequence(derObjectIdentifier(identifier), ...critical, derOctetString(value));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

const isAuthority = extension('2.5.29.19', true, derSequence(derBoolean(true)));
// keyCertSign and cRLSign are bits 5 and 6, counted from the left.
const signsCertificates = extension('2.5.29.15', true, derBitString(Buffer.from([0b0000_0110]), 1));
const servesTls = extension('2.5.29.37', false, derSequence(derObjectIdentifier('1.3.6.1.5.5.7.3.1')));
const isTlsClient = extension('2.5.29.37', false, derSequence(derObjectIdentifier('1.3.6.1.5.5.7.3.2')));

/** Positive, and in the shortest form DER allows: the first byte is never zero. */
function serialNumber(): Buffer {
  return Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
}

function loopbackNames(): Buffer {
  const dnsName = derImplicit(2, Buffer.from('localhost', 'ascii'));
  const ipAddress = derImplicit(7, Buffer.from([127, 0, 0, 1]));
  return extension('2.5.29.17', false, derSequence(dnsName, ipAddress));
}

/**
 * A throw-away certificate authority for one cluster on loopback, so that no openssl is needed.
 * Certificates are X.509 v3 (RFC 5280) with P-256 keys, valid from yesterday for a month.
 */
export class CertificateAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly #subject: Subject;
  readonly #key: KeyObject;
  readonly #clock: Clock;

  constructor(commonName: string, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#subject = { commonName };
    const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = own.privateKey;
    this.certificate = this.#issue(this.#subject, own.publicKey, [isAuthority, signsCertificates]);
  }

  /** For a server on 127.0.0.1 and localhost. */
  server(commonName: string): CertificateAndKey {
    return this.#withKey({ commonName }, [servesTls, loopbackNames()]);
  }

  client(commonName: string, organizations: readonly string[]): CertificateAndKey {
    return this.#withKey({ commonName, organizations }, [isTlsClient]);
  }

  #withKey(subject: Subject, extensions: readonly Buffer[]): CertificateAndKey {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
    return { certificate: this.#issue(subject, pair.publicKey, extensions), key: key.toString() };
  }

  #issue(subject: Subject, publicKey: KeyObject, extensions: readonly Buffer[]): string {
    const now = this.#clock.now();
    const body = derSequence(
      derExplicit(0, derInteger(Buffer.from([2]))),
      derInteger(serialNumber()),
      ecdsaWithSha256,
      name(this.#subject),
      derSequence(derUtcTime(new Date(now - dayMs)), derUtcTime(new Date(now + 30 * dayMs))),
      name(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      derExplicit(3, derSequence(...extensions)),
    );
    const signature = sign('sha256', body, { key: this.#key, dsaEncoding: 'der' });
    return pem('CERTIFICATE', derSequence(body, ecdsaWithSha256, derBitString(signature)));
  }
}
