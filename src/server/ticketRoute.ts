import type { FastifyInstance } from 'fastify';
import { TICKET_MS, type Tickets } from './auth/tickets';
import { fail } from './httpFace';
import { problemDetails } from './problemDetails';
import { bearerToken } from './requestGuard';

/** A page shows its token here, whose WebSocket can carry no header, and gets a ticket for that; see {@link Tickets}. */
export function addTicketRoute(app: FastifyInstance, tickets: Tickets): void {
  app.post('/api/v1/ticket', (request, reply) => {
    const token = bearerToken(request.headers);
    return token === undefined
      ? fail(reply, problemDetails(401, 'a bearer token is needed'))
      : reply
          .type('application/json')
          .send(JSON.stringify({ ticket: tickets.issue(token), expiresInMs: TICKET_MS }));
  });
}
