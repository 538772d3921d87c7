import type { X509Certificate } from 'node:crypto';
import type { PrivateName } from '../doctor/diagnosis';

/** What is told of a certificate: never its body or key. */
export interface CertificateFacts {
  readonly details: readonly string[];
  readonly names: readonly PrivateName[];
  /** Whole days until it runs out, negative once it has. */
  readonly daysLeft: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** `now` is wall milliseconds. */
export function certificateFacts(certificate: X509Certificate, now: number): CertificateFacts {
  const { subject, issuer, subjectAltName, validFrom, validTo } = certificate;
  const alternativeNames = subjectAltName === undefined ? [] : subjectAltName.split(', ');
  return {
    details: [
      `Certificate of ${onOneLine(subject)}`,
      `Issued by ${onOneLine(issuer)}`,
      `Valid from ${isoTime(validFrom)} to ${isoTime(validTo)}`,
      ...(alternativeNames.length === 0 ? [] : [`For ${alternativeNames.join(', ')}`]),
    ],
    names: [
      ...[...attributesOf(subject), ...attributesOf(issuer)].map((text): PrivateName => ({
        kind: 'name',
        text,
      })),
      ...alternativeNames.map((entry): PrivateName => {
        const text = entry.slice(entry.indexOf(':') + 1).trim();
        return { kind: entry.startsWith('IP') ? 'address' : 'host', text };
      }),
    ],
    daysLeft: Math.floor((Date.parse(validTo) - now) / DAY_MS),
  };
}

/** One attribute of a name a line, as Node writes them. */
function onOneLine(name: string | undefined): string {
  return name === undefined || name === '' ? 'nobody' : name.replaceAll('\n', ', ');
}

function attributesOf(name: string | undefined): string[] {
  return (name ?? '')
    .split('\n')
    .map((line) => line.slice(line.indexOf('=') + 1).trim())
    .filter((text) => text !== '');
}

function isoTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString().replace('.000Z', 'Z');
}
