import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock';
import type { DisposableStore } from '../../base/disposable';
import type { Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import type { Hub } from '../../hub/hub';
import type { AuthArgument, ReviewedAuth } from '../serverArguments';
import { homeSourceOf } from '../serverSources';
import { TokenFile } from '../tokenFile';
import { AccessReviews } from './accessReviews';
import { UNKNOWN_TOKEN } from './admission';
import { ClientCertificates } from './clientCertificates';
import { Doorkeeper } from './doorkeeper';
import { HubRights } from './hubRights';
import { ReviewedGuest } from './reviewedGuest';
import { ReviewedTokens } from './reviewedTokens';
import { ANYBODY } from './servedGuest';
import type { Tickets } from './tickets';
import { TokenReviews } from './tokenReviews';

export interface DoorkeeperParts {
  readonly auth: AuthArgument;
  readonly hub: Hub;
  readonly tickets: Tickets;
  /** Other authorities of client certificates count now. */
  readonly onClientCaChanged: Event<void>;
  /** They did since this connection began. */
  readonly isOutdated: (connection: Socket) => boolean;
  readonly random: Random;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Releases what it needs. */
  readonly owned: DisposableStore;
}

export interface OpenedDoor {
  readonly doorkeeper: Doorkeeper;
  /** Whose cluster says who somebody is, and who may know what the hub tells of itself; absent where nobody asks. */
  readonly home?: string;
  /** How often clusters were asked who somebody is, and what they may. */
  readonly reviews?: () => { readonly token: number; readonly access: number };
  /** What keeps everybody from being served. */
  readonly obstacle?: () => string | undefined;
}

/**
 * To be called when all sources were added, before they are connected. Rejects with {@link StartError} where what is to be asked for
 * cannot be read.
 */
export async function openDoor(parts: DoorkeeperParts): Promise<OpenedDoor> {
  const { auth, tickets, clock, logger, owned } = parts;
  const makeGuest = () => ANYBODY;
  switch (auth.type) {
    case 'none':
      return { doorkeeper: new Doorkeeper({ makeGuest }) };
    case 'token': {
      const file = owned.add(await TokenFile.open(auth.file, clock, logger));
      const tokens = {
        ofToken: (token: string) => {
          const credential = file.check(token);
          return Promise.resolve(
            credential === undefined ? UNKNOWN_TOKEN : { ok: true as const, credential },
          );
        },
      };
      return { doorkeeper: new Doorkeeper({ tokens, tickets, makeGuest }) };
    }
    case 'reviewed':
      return reviewedDoor(auth, parts);
    default:
      return auth satisfies never;
  }
}

/** An answer counts this long at most. */
const KEEP_MS = 10_000;

function reviewedDoor(auth: ReviewedAuth, parts: DoorkeeperParts): OpenedDoor {
  const { hub, tickets, onClientCaChanged, isOutdated, clock, random, logger, owned } = parts;
  const { recheckMs } = auth;
  const home = homeSourceOf(hub, auth.context);
  const keepMs = Math.min(KEEP_MS, recheckMs);
  const reviews = owned.add(new AccessReviews({ clock, hub, home, keepMs }));
  const rights = owned.add(
    new HubRights({ hub, home, reviewsTokens: auth.tokens !== undefined, clock, logger }),
  );
  const tokenReviews =
    auth.tokens &&
    owned.add(
      new TokenReviews({ ...auth.tokens, clock, keepMs, fetch: () => hub.requireSource(home).fetch() }),
    );
  const doorkeeper = new Doorkeeper({
    ...(tokenReviews === undefined
      ? {}
      : { tokens: new ReviewedTokens({ reviews: tokenReviews, clock, random, logger, recheckMs }), tickets }),
    ...(auth.certificates
      ? {
          certificates: new ClientCertificates({
            onAuthoritiesChanged: onClientCaChanged,
            isOutdated,
            clock,
            logger,
          }),
        }
      : {}),
    makeGuest: () => new ReviewedGuest({ hub, reviews, clock, random, logger, recheckMs }),
  });
  return {
    doorkeeper,
    home,
    reviews: () => ({ token: tokenReviews?.asked ?? 0, access: reviews.asked }),
    obstacle: () => rights.problem,
  };
}
