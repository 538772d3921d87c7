import assert from 'node:assert/strict';
import { ProblemError } from '../../../../src/protocol/problem';
import { Tickets } from '../../../../src/server/auth/tickets';
import { FakeClock } from '../../../support/fakeClock';

const TOKEN = 'the-token-that-tickets-stand-for';

describe('tickets', () => {
  let clock: FakeClock;
  let tickets: Tickets;

  beforeEach(() => {
    clock = new FakeClock();
    tickets = new Tickets(clock);
  });

  it('stand for a token once', () => {
    const ticket = tickets.issue(TOKEN);
    assert.ok(Tickets.isTicket(ticket));
    assert.equal(tickets.redeem(ticket), TOKEN);
    assert.equal(tickets.redeem(ticket), undefined);
  });

  it('end after 30 s, used or not', async () => {
    const early = tickets.issue(TOKEN);
    await clock.advance(29_999);
    const late = tickets.issue(TOKEN);
    assert.equal(tickets.redeem(early), TOKEN);
    const last = tickets.issue(TOKEN);
    await clock.advance(30_000);
    assert.equal(tickets.redeem(late), undefined);
    assert.equal(tickets.redeem(last), undefined);
  });

  it('cannot be guessed from one another, and a wrong guess uses up nothing', () => {
    const first = tickets.issue(TOKEN);
    const second = tickets.issue('another-token');
    const secret = first.slice(first.lastIndexOf('-'));
    for (const guess of [`ticket-2${secret}`, 'ticket-1-', 'ticket-1', 'ticket-', '', `${first}x`, TOKEN]) {
      assert.equal(tickets.redeem(guess), undefined, guess);
    }
    assert.equal(tickets.redeem(second), 'another-token');
    assert.equal(tickets.redeem(first), TOKEN);
    assert.notEqual(first.length, TOKEN.length);
    assert.doesNotMatch(first, new RegExp(TOKEN));
  });

  it('are so many for one token, and as many more for others', async () => {
    const issued = Array.from({ length: 100 }, () => tickets.issue(TOKEN));
    assert.equal(new Set(issued).size, 100);
    assert.throws(() => tickets.issue(TOKEN), isThrottled);
    tickets.issue('another-token');
    assert.equal(tickets.redeem(issued[0] ?? ''), TOKEN);
    tickets.issue(TOKEN);
    assert.throws(() => tickets.issue(TOKEN), isThrottled);
    await clock.advance(30_000);
    tickets.issue(TOKEN);
  });

  it('are so many in all', async () => {
    for (let count = 0; count < 10_000; count += 1) {
      tickets.issue(`token ${Math.floor(count / 100)}`);
    }
    assert.throws(() => tickets.issue('one more'), isThrottled);
    await clock.advance(30_000);
    tickets.issue('one more');
  });
});

function isThrottled(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'throttled';
}
