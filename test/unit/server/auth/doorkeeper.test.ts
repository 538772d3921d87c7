import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import type { Identity } from '../../../../src/kube/identity';
import { turnedAway, UNKNOWN_TOKEN, type Admitted } from '../../../../src/server/auth/admission';
import { Doorkeeper } from '../../../../src/server/auth/doorkeeper';
import { ANYBODY, type ServedGuest } from '../../../../src/server/auth/servedGuest';
import { Tickets } from '../../../../src/server/auth/tickets';
import type { Checked } from '../../../../src/transport/node/credential';
import { FakeClock } from '../../../support/fakeClock';

const connection = new Socket();
const NOTHING = { dispose() {} };

function named(user: string): Identity {
  return { user, groups: [], extra: {} };
}

/** Tokens are names of users; so is the certificate of the one connection there is. */
function doorOf({ takesTokens = true, certificate }: { takesTokens?: boolean; certificate?: string } = {}) {
  const released: string[] = [];
  const admitted = (user: string): Checked<Admitted> => ({
    ok: true,
    credential: {
      identity: named(user),
      onEnded: () => NOTHING,
      dispose: () => released.push(`credential of ${user}`),
    },
  });
  const tickets = new Tickets(new FakeClock());
  const guests: string[] = [];
  const makeGuest = (): ServedGuest => {
    let user: string | undefined;
    return {
      ...ANYBODY,
      become: (identity) => {
        const isSame = user === undefined || user === identity.user;
        user ??= identity.user;
        guests.push(identity.user);
        return Promise.resolve(isSame);
      },
      dispose: () => released.push(`guest ${user}`),
    };
  };
  const door = new Doorkeeper({
    ...(takesTokens
      ? {
          tokens: {
            ofToken: (token) => Promise.resolve(token === 'wrong' ? UNKNOWN_TOKEN : admitted(token)),
          },
          tickets,
        }
      : {}),
    ...(certificate === undefined
      ? {}
      : {
          certificates: {
            ofConnection: () =>
              certificate === ''
                ? undefined
                : certificate === 'wrong'
                  ? turnedAway(4401, 'of no authority')
                  : admitted(certificate),
          },
        }),
    makeGuest,
  });
  const admit = async (headers: Readonly<Record<string, string>> = {}) => door.admit({ headers, connection });
  return { door, tickets, admit, guests, released };
}

describe('whoever stands at the door', () => {
  it('is let in without a word where nobody is asked', async () => {
    const { door, admit } = doorOf({ takesTokens: false });
    assert.ok(door.isOpen);
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { 'x-remote-user': 'admin' }]) {
      const admittance = await admit(headers);
      assert.ok(admittance.ok && admittance.visit.credential === undefined);
    }
  });

  it('is who the token says, whatever else they say', async () => {
    const { door, admit, guests, released } = doorOf({ certificate: 'joe' });
    assert.ok(!door.isOpen && door.takesTokens);
    const admittance = await admit({
      authorization: 'Bearer jane',
      'x-remote-user': 'admin',
      'x-remote-group': 'system:masters',
      'impersonate-user': 'admin',
    });
    assert.ok(admittance.ok);
    assert.deepEqual(guests, ['jane']);
    admittance.visit.dispose();
    assert.deepEqual(released, ['credential of jane', 'guest jane']);
  });

  it('is who the certificate says where there is no token', async () => {
    const { admit, guests } = doorOf({ certificate: 'joe', takesTokens: false });
    assert.ok((await admit()).ok);
    assert.deepEqual(guests, ['joe']);
  });

  for (const [what, options, headers, reason, hasShown] of [
    ['nothing', {}, {}, 'a bearer token is needed', false],
    ['nothing', { certificate: '' }, {}, 'a bearer token or a client certificate is needed', false],
    ['a wrong token', {}, { authorization: 'Bearer wrong' }, 'the token is not known', true],
    ['another kind of credential', {}, { authorization: 'Basic jane' }, 'the token is not known', true],
    ['a ticket', {}, { authorization: 'Bearer ticket-1-abc' }, 'the token is not known', true],
    ['a wrong certificate', { certificate: 'wrong' }, {}, 'of no authority', true],
    [
      'a token where none is taken',
      { certificate: 'joe', takesTokens: false },
      { authorization: 'Bearer jane' },
      'a client certificate is needed',
      true,
    ],
    [
      'a wrong token beside a certificate',
      { certificate: 'joe' },
      { authorization: 'Bearer wrong' },
      'the token is not known',
      true,
    ],
  ] as const) {
    it(`is turned away with ${what}: ${reason}`, async () => {
      const admittance = await doorOf(options).admit(headers);
      assert.deepEqual(admittance, { ok: false, end: { code: 4401, reason }, hasShown });
    });
  }

  it('may show a token afterwards, or a ticket, and another one of the same user', async () => {
    const { door, tickets, guests } = doorOf();
    const guest = door.newGuest();
    assert.ok((await door.check(tickets.issue('jane'), guest)).ok);
    assert.ok((await door.check('jane', guest)).ok);
    assert.deepEqual(guests, ['jane', 'jane']);
    assert.equal((await door.check('wrong', guest)).ok, false);
    assert.equal((await door.check('ticket-1-used', guest)).ok, false);
  });

  it('cannot become another user', async () => {
    const { door, released } = doorOf();
    const guest = door.newGuest();
    await door.check('jane', guest);
    assert.deepEqual(await door.check('joe', guest), {
      ok: false,
      end: { code: 4403, reason: 'the token is of another user: connect anew' },
    });
    assert.deepEqual(released, ['credential of joe']);
  });

  it('cannot show a token where none is taken', async () => {
    const { door } = doorOf({ certificate: 'joe', takesTokens: false });
    assert.deepEqual(await door.check('jane', door.newGuest()), {
      ok: false,
      end: { code: 4401, reason: 'a client certificate is needed' },
    });
  });
});
