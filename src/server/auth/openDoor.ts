import type { Clock } from '../../base/clock';
import type { DisposableStore } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { ServerArguments } from '../serverArguments';
import { TokenFile } from '../tokenFile';
import { UNKNOWN_TOKEN } from './admission';
import { Doorkeeper } from './doorkeeper';
import { ANYBODY } from './servedGuest';
import type { Tickets } from './tickets';

export interface DoorkeeperParts {
  readonly auth: ServerArguments['auth'];
  readonly tickets: Tickets;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Releases what it needs. */
  readonly owned: DisposableStore;
}

/** Rejects with {@link StartError} where what is to be asked for cannot be read. */
export async function openDoor({
  auth,
  tickets,
  clock,
  logger,
  owned,
}: DoorkeeperParts): Promise<Doorkeeper> {
  const makeGuest = () => ANYBODY;
  switch (auth.type) {
    case 'none':
      return new Doorkeeper({ makeGuest });
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
      return new Doorkeeper({ tokens, tickets, makeGuest });
    }
    default:
      return auth satisfies never;
  }
}
