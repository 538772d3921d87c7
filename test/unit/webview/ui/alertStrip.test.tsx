import assert from 'node:assert/strict';
import { Window } from 'happy-dom';
import { act, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import type { Alert, Severity } from '../../../../src/protocol/alert';
import { AlertStrip } from '../../../../webview/ui/AlertStrip';

const NOW = Date.UTC(2026, 0, 1);

function alert(subject: string, severity: Severity = 'warning'): Alert {
  return {
    source: 's',
    name: 'eu',
    fingerprint: subject,
    severity,
    rule: 'nodeNotReady',
    subject,
    raisedAt: NOW - 60_000,
  };
}

const some = (count: number): readonly Alert[] =>
  Array.from({ length: count }, (_, place) => alert(`node-${place}`));

describe('AlertStrip', () => {
  let window: Window;
  let root: Root;
  let container: HTMLElement;
  let opened: string[];

  before('open a page', () => {
    window = new Window();
    Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });
  });

  beforeEach('mount', () => {
    opened = [];
    container = document.createElement('div');
    root = createRoot(container);
  });

  afterEach('unmount', () => act(async () => root.unmount()));

  after('close the page', async () => {
    await window.happyDOM.close();
    for (const name of ['window', 'document', 'IS_REACT_ACT_ENVIRONMENT']) {
      Reflect.deleteProperty(globalThis, name);
    }
  });

  function show(alerts: readonly Alert[]): Promise<void> {
    return act(async () =>
      root.render(
        <StrictMode>
          <AlertStrip
            alerts={alerts}
            isUnwatched={false}
            linkOf={({ subject = '' }) => ({ label: 'Nodes', onOpen: () => opened.push(subject) })}
            withNow={(render) => render(NOW)}
          />
        </StrictMode>,
      ),
    );
  }

  async function press(text: string): Promise<void> {
    const button = [...container.querySelectorAll('button')].find(({ textContent }) => textContent === text);
    assert.ok(button !== undefined, `no button "${text}" in ${container.textContent}`);
    await act(async () => button.click());
  }

  const rows = (): number => container.querySelectorAll('li').length;
  const announced = (): string | null | undefined => container.querySelector('[role="alert"]')?.textContent;

  it('shows all on demand, and few again', async () => {
    await show(some(5));
    assert.equal(rows(), 3);
    await press('Show all 5');
    assert.equal(rows(), 5);
    await press('Show fewer');
    assert.equal(rows(), 3);
  });

  it('lists a part of thousands, and says so', async () => {
    await show(some(5_000));
    await press('Show all 5,000');
    assert.equal(rows(), 200);
    assert.match(container.textContent ?? '', /and 4,800 more/);
  });

  it('leads to where more is told of an alert', async () => {
    await show([alert('node-b')]);
    await press('Nodes');
    assert.deepEqual(opened, ['node-b']);
  });

  it('announces a critical alert that comes while it is open, once, and no other', async () => {
    await show([alert('old', 'critical')]);
    assert.equal(announced(), '');
    await show([alert('old', 'critical'), alert('lesser')]);
    assert.equal(announced(), '');
    await show([alert('new', 'critical'), alert('old', 'critical')]);
    assert.equal(announced(), 'Node new is not ready');
    await show([alert('new', 'critical'), alert('old', 'critical'), alert('lesser')]);
    assert.equal(announced(), 'Node new is not ready');
  });

  it('announces a critical alert where there was none at all', async () => {
    await show([]);
    assert.equal(rows(), 0);
    await show([alert('first', 'critical')]);
    assert.equal(announced(), 'Node first is not ready');
  });

  it('announces one that ended and came back', async () => {
    await show([alert('a', 'critical')]);
    await show([]);
    await show([alert('a', 'critical')]);
    assert.equal(announced(), 'Node a is not ready');
    await show([alert('b', 'critical')]);
    assert.equal(announced(), 'Node b is not ready');
    await show([]);
    assert.equal(announced(), '', 'what has ended is not said any more');
  });

  it('shows one more rather than a button that takes as much room', async () => {
    await show(some(4));
    assert.equal(rows(), 4);
    assert.doesNotMatch(container.textContent ?? '', /Show/);
  });
});
