import type { JsonRecord } from '../../../src/base/jsonRecord';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { recordOf } from '../../../src/persona/decodeField';
import { FakeClock } from '../../support/fakeClock';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { getJson, PERSONAS_PATH } from './demoReader';

/** Whatever an API server with this schema would prune or refuse, by its path. */
function violations(schema: JsonRecord, value: unknown, path: string): readonly string[] {
  const { type, enum: choices } = schema;
  if (Array.isArray(choices) && !choices.includes(value)) {
    return [`${path}: ${JSON.stringify(value)} is none of ${choices.join(', ')}`];
  }
  if (schema['x-kubernetes-int-or-string'] === true) {
    return ['string', 'number'].includes(typeof value) ? [] : [`${path} is no quantity`];
  }
  switch (type) {
    case 'object':
      return objectViolations(schema, value, path);
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) =>
            violations(recordOf(schema['items']) ?? {}, item, `${path}[${index}]`),
          )
        : [`${path} is no list`];
    case 'integer':
      return Number.isInteger(value) ? [] : [`${path} is no integer`];
    case 'string':
    case 'boolean':
      return typeof value === type ? [] : [`${path} is no ${type}`];
    default:
      return [`${path}: this test knows no type ${String(type)}`];
  }
}

function objectViolations(schema: JsonRecord, value: unknown, path: string): readonly string[] {
  const object = recordOf(value);
  if (object === undefined) {
    return [`${path} is no object`];
  }
  const properties = recordOf(schema['properties']) ?? {};
  const rest = recordOf(schema['additionalProperties']);
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const missing = required
    .filter((name) => !Object.hasOwn(object, name))
    .map((name) => `${path}.${name} is missing`);
  const wrong = Object.entries(object).flatMap(([name, part]) => {
    const partSchema = recordOf(properties[name]) ?? rest;
    return partSchema === undefined
      ? [`${path}.${name} is not in the schema`]
      : violations(partSchema, part, `${path}.${name}`);
  });
  return [...missing, ...wrong];
}

describe("the demo fleet's objects", () => {
  it('are such as the resource definition lets through whole', async () => {
    const crd = recordOf(
      load(readFileSync(join(repositoryRoot(), 'deploy/crd/clusterpersonas.yaml'), 'utf8')),
    );
    const [version] = Object(crd?.['spec']).versions;
    const schema = recordOf(version.schema.openAPIV3Schema.properties) ?? {};
    const clock = new FakeClock();
    const demo = createDemoCluster({ clock, seed: 2 });
    demo.start();
    await clock.advance(60_000);
    const { items } = await getJson(demo.fetch, PERSONAS_PATH);
    demo.dispose();
    assert.ok(items.some((item) => item.metadata.name.startsWith('sandbox-')));
    for (const item of items) {
      const { name } = item.metadata;
      assert.deepEqual(violations(recordOf(schema['spec']) ?? {}, item['spec'], `${name}.spec`), []);
      if (item['status'] !== undefined) {
        assert.deepEqual(violations(recordOf(schema['status']) ?? {}, item['status'], `${name}.status`), []);
      }
    }
  });
});
