import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { apiRoute, NO_BODY, NO_PARAMETERS } from './apiRoute';
import { TICKET_MS, type Tickets } from './auth/tickets';
import { fail } from './httpFace';
import { problemDetails } from './problemDetails';
import { bearerToken } from './requestGuard';

const ticketSchema = v.object({ ticket: v.string(), expiresInMs: v.number() });

/** A page shows its token here, whose WebSocket can carry no header, and gets a ticket for that; see {@link Tickets}. */
export function addTicketRoute(app: FastifyInstance, tickets: Tickets): void {
  app.post(
    '/api/v1/ticket',
    apiRoute(
      {
        id: 'issueTicket',
        summary:
          'A ticket that stands for the token of this request once, as the first message of a WebSocket',
        path: NO_PARAMETERS,
        query: NO_PARAMETERS,
        body: NO_BODY,
        isForTokens: true,
        answer: { description: 'The ticket', type: 'application/json', schema: ticketSchema },
      },
      ({ request, reply }) => {
        const token = bearerToken(request.headers);
        return token === undefined
          ? fail(reply, problemDetails(401, 'a bearer token is needed'))
          : reply
              .type('application/json')
              .send(JSON.stringify({ ticket: tickets.issue(token), expiresInMs: TICKET_MS }));
      },
    ),
  );
}
