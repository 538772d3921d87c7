import { type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../../base/clock';
import { DisposableStore } from '../../base/disposable';
import type { Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { Identity } from '../../kube/identity';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import type { Checked } from '../../transport/node/credential';
import { turnedAway, type Admitted } from './admission';
import { atWallTime } from './atWallTime';
import { CredentialEnding } from './credentialEnding';
import { AUTHENTICATED_GROUP } from './identityKey';

export interface ClientCertificatesOptions {
  /** Other authorities count now. */
  readonly onAuthoritiesChanged: Event<void>;
  /** They did since this connection began. */
  readonly isOutdated: (connection: Socket) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

const EXPIRED = 'the client certificate has expired';
const OUTDATED = 'the authorities of client certificates changed: connect anew';

/**
 * Takes the client certificates of the authorities that the listener knows. As in Kubernetes the common name is the user, and the
 * organisations are the groups. Whoever came by one is sent away when it ends, and when the authorities change: whether it still
 * is of one of them says the next handshake.
 */
export class ClientCertificates {
  readonly #options: ClientCertificatesOptions;

  constructor(options: ClientCertificatesOptions) {
    this.#options = options;
  }

  /** Undefined where none was shown. */
  ofConnection(connection: Socket): Checked<Admitted> | undefined {
    const certificate = connection instanceof TLSSocket ? connection.getPeerX509Certificate() : undefined;
    if (!(connection instanceof TLSSocket) || certificate === undefined) {
      return undefined;
    }
    if (!connection.authorized) {
      return refused('the client certificate is of no authority that is known here, or does not count now');
    }
    if (this.#options.isOutdated(connection)) {
      return refused(OUTDATED);
    }
    const endsAt = Date.parse(certificate.validTo);
    // A connection may be older than what it was opened with.
    if (Number.isNaN(endsAt) || endsAt <= this.#options.clock.now()) {
      return refused(EXPIRED);
    }
    const identity = identityOf(connection);
    return identity === undefined
      ? refused('the client certificate has not one common name')
      : { ok: true, credential: new CertificateInUse(identity, endsAt, this.#options) };
  }
}

function refused(reason: string) {
  return turnedAway(CLOSE_CODES.unauthorised, reason);
}

/** Undefined where it names nobody, or several. */
function identityOf(connection: TLSSocket): Identity | undefined {
  const { subject } = connection.getPeerCertificate();
  const names = listOf(subject.CN);
  const [user] = names;
  return user === undefined || user === '' || names.length > 1
    ? undefined
    : { user, groups: [...new Set([...listOf(subject.O), AUTHENTICATED_GROUP])], extra: {} };
}

/** Of a field that is there several times Node makes a list, whatever its types say. */
function listOf(field: string | readonly string[] | undefined): readonly string[] {
  return field === undefined ? [] : typeof field === 'string' ? [field] : field;
}

class CertificateInUse implements Admitted {
  readonly identity: Identity;
  readonly #owned = new DisposableStore();
  readonly #ending: CredentialEnding;

  constructor(
    identity: Identity,
    endsAt: number,
    { clock, logger, onAuthoritiesChanged }: ClientCertificatesOptions,
  ) {
    this.identity = identity;
    this.#ending = this.#owned.add(new CredentialEnding(logger));
    this.#owned.add(onAuthoritiesChanged(() => this.#end(OUTDATED)));
    this.#owned.add(atWallTime(clock, endsAt, () => this.#end(EXPIRED)));
  }

  get onEnded() {
    return this.#ending.onEnded;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #end(reason: string): void {
    if (!this.#owned.isDisposed) {
      this.#ending.end({ code: CLOSE_CODES.unauthorised, reason });
      this.dispose();
    }
  }
}
