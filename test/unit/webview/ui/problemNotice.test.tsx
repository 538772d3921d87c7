import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import type { ProblemCode } from '../../../../src/protocol/problem';
import { ProblemNotice } from '../../../../webview/ui/ProblemNotice';

function buttonsOf(code: ProblemCode): readonly (string | undefined)[] {
  const html = renderToStaticMarkup(
    <ProblemNotice
      problem={{ code, detail: 'why' }}
      source="s"
      label="kind-eu"
      onRetry={() => undefined}
      onCommand={() => undefined}
    />,
  );
  return [...html.matchAll(/<vscode-button[^>]*>([^<]*)</g)].map(([, text]) => text);
}

describe('ProblemNotice', () => {
  const cases: readonly (readonly [ProblemCode, readonly string[]])[] = [
    ['closed', ['Connect']],
    ['consent', ['Connect', 'Try again']],
    ['unauthorized', ['Reconnect', 'Try again']],
    ['credentials', ['Reconnect', 'Try again']],
    ['internal', ['Show log', 'Try again']],
    ['forbidden', ['Try again']],
    ['unreachable', ['Try again']],
  ];
  for (const [code, buttons] of cases) {
    it(`offers for ${code}: ${buttons.join(', ')}`, () => assert.deepEqual(buttonsOf(code), buttons));
  }
});
