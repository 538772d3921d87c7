import assert from 'node:assert/strict';
import { isRecord } from '../../../src/base/jsonRecord';
import type { HubSocket } from './hubSocket';

/** `ok`, or the code of the problem that answers. */
export async function codeOf(client: HubSocket, id: number, method: string, params: object): Promise<string> {
  client.say({ type: 'request', id, method, params });
  const answer = await client.answerTo(id);
  return answer.type === 'response' ? 'ok' : String(recordOf(answer.problem).code);
}

/** Of the personas of a list. */
export function namesOf(list: unknown): unknown[] {
  const { rows } = recordOf(list);
  assert.ok(Array.isArray(rows));
  return rows.map((row) => recordOf(row).name);
}

export function recordOf(value: unknown) {
  assert.ok(isRecord(value), `no object: ${JSON.stringify(value)}`);
  return value;
}
