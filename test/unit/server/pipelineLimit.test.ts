import assert from 'node:assert/strict';
import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PipelineLimit } from '../../../src/server/pipelineLimit';

function answerOver(socket: Socket) {
  const response = new ServerResponse(new IncomingMessage(socket));
  let closes = 0;
  response.on('close', () => (closes += 1));
  return { response, closes: () => closes };
}

describe('the limit of requests of one connection', () => {
  it('counts those that were not answered', () => {
    const limit = new PipelineLimit();
    const socket = new Socket();
    const answers = Array.from({ length: 16 }, () => answerOver(socket));
    assert.ok(answers.every(({ response }) => limit.take(socket, response)));
    assert.equal(limit.take(new Socket(), answerOver(socket).response), true);
    const late = answerOver(socket);
    assert.equal(limit.take(socket, late.response), false);
    late.response.emit('close');
    answers[0]?.response.emit('close');
    assert.equal(limit.take(socket, answerOver(socket).response), true);
  });

  it('says of those that waited for their turn, too, that the connection is gone', async () => {
    const limit = new PipelineLimit();
    const socket = new Socket();
    const answered = answerOver(socket);
    const waiting = answerOver(socket);
    limit.take(socket, answered.response);
    limit.take(socket, waiting.response);
    answered.response.emit('close');
    socket.destroy();
    await once(socket, 'close');
    await nextTurn();
    assert.deepEqual([answered.closes(), waiting.closes()], [1, 1]);
  });
});
