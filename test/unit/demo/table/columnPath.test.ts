import assert from 'node:assert/strict';
import { compileColumnPath } from '../../../../src/demo/table/columnPath';

const OBJECT = {
  metadata: { labels: { 'example.com/tier': 'gold' } },
  status: {
    phase: 'Ready',
    conditions: [
      { type: 'Discovered', status: 'False' },
      { type: 'Healthy', status: 'True' },
    ],
  },
};

describe("a printer column's path", () => {
  it('reads fields, places in lists, and entries by one of their fields', () => {
    const paths = [
      '.status.phase',
      '.status.conditions[0].type',
      '.status.conditions[-1].type',
      '.status.conditions[?(@.type=="Healthy")].status',
      ".status.conditions[?(@.type=='Discovered')].status",
      '.metadata.labels.example\\.com/tier',
      ".metadata.labels['example.com/tier']",
    ];
    assert.deepEqual(
      paths.map((path) => compileColumnPath(path)(OBJECT)),
      ['Ready', 'Discovered', 'Healthy', 'True', 'False', 'gold', 'gold'],
    );
  });

  it('leads nowhere where something on the way is missing or of another type', () => {
    const paths = [
      '.spec.environment',
      '.status.phase.deeper',
      '.status.conditions[7].type',
      '.status.conditions[?(@.type=="Other")].status',
      '.status[0]',
      '.status[?(@.type=="Healthy")]',
      '.status.toString',
    ];
    for (const path of paths) {
      assert.equal(compileColumnPath(path)(OBJECT), undefined, path);
    }
  });

  it('is refused where it is not understood', () => {
    assert.throws(() => compileColumnPath('.items[*].name'), SyntaxError);
    assert.throws(() => compileColumnPath('status'), SyntaxError);
  });
});
