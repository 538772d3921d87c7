import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  CHOICE_SETTINGS,
  NUMBER_SETTINGS,
  scopeOf,
  type NumberSetting,
  type SettingName,
} from '../../../../src/extension/configuration/settingsTable';
import { repositoryRoot } from '../../../support/testbed/repositoryRoot';

const settingSchema = v.object({
  type: v.string(),
  default: v.union([v.number(), v.string(), v.array(v.string())]),
  scope: v.string(),
  markdownDescription: v.string(),
  minimum: v.optional(v.number()),
  maximum: v.optional(v.number()),
  enum: v.optional(v.array(v.string())),
});
const manifestSchema = v.object({
  contributes: v.object({
    configuration: v.array(v.object({ title: v.string(), properties: v.record(v.string(), settingSchema) })),
  }),
});

function fileAt(path: string): string {
  return readFileSync(join(repositoryRoot(), path), 'utf8');
}

const { configuration } = v.parse(manifestSchema, JSON.parse(fileAt('package.json'))).contributes;
const texts = v.parse(v.record(v.string(), v.string()), JSON.parse(fileAt('package.nls.json')));
const settings = new Map(configuration.flatMap(({ properties }) => Object.entries(properties)));
const NUMBERS = new Map<string, NumberSetting>(
  Object.entries(NUMBER_SETTINGS).map(([name, setting]) => [`clusterpersona.${name}`, setting]),
);

describe('the settings of the manifest', () => {
  it('have the numbers that are checked, with their defaults and ranges', () => {
    const inManifest = [...settings]
      .filter(([, { type }]) => type === 'integer' || type === 'number')
      .map(([name, { type, default: byDefault, minimum, maximum }]) => ({
        name,
        default: byDefault,
        minimum,
        maximum,
        isWhole: type === 'integer',
      }));
    const checked = [...NUMBERS].map(([name, { default: byDefault, minimum, maximum, isWhole }]) => ({
      name,
      default: byDefault,
      minimum,
      maximum,
      isWhole,
    }));
    assert.deepEqual(byName(inManifest), byName(checked));
  });

  it('have the words that are checked, with their defaults', () => {
    for (const [name, { choices, default: byDefault }] of Object.entries(CHOICE_SETTINGS)) {
      const setting = settings.get(`clusterpersona.${name}`);
      assert.deepEqual([setting?.enum, setting?.default], [choices, byDefault], name);
    }
  });

  it('have the scopes by which they are looked for', () => {
    const names: readonly SettingName[] = [
      'kubeconfigs',
      'hubs',
      ...typedKeys(CHOICE_SETTINGS),
      ...typedKeys(NUMBER_SETTINGS),
    ];
    for (const name of names) {
      assert.equal(scopeOf(name), settings.get(`clusterpersona.${name}`)?.scope, name);
    }
    assert.equal(names.length, settings.size, 'the manifest has settings whose values are not checked');
  });

  it('can be set by no workspace, but for the length of a log', () => {
    const byWorkspace = [...settings].filter(
      ([, { scope }]) => scope !== 'machine' && scope !== 'application',
    );
    assert.deepEqual(
      byWorkspace.map(([name]) => name),
      ['clusterpersona.logs.tailLines'],
    );
  });

  it('say in their text what they count', () => {
    for (const [name, { unit }] of NUMBERS) {
      const word = unit === '%' ? 'percent' : unit === 'MB' ? 'megabytes' : unit;
      assert.ok(textOf(name).includes(word), `${name}: ${textOf(name)}`);
    }
  });

  it('are those of the documentation, in the same words and order', () => {
    const documented = fileAt('docs/settings.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    assert.deepEqual(
      documented,
      [...settings.keys()].map((name) => rowOf(name)),
    );
  });
});

function typedKeys<K extends string>(table: Readonly<Record<K, unknown>>): K[] {
  return Object.keys(table).filter((key): key is K => Object.hasOwn(table, key));
}

function byName<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** As it is read: a link to a setting is its name. */
function textOf(name: string): string {
  const key = settings.get(name)?.markdownDescription.replaceAll('%', '') ?? '';
  return (texts[key] ?? '').replaceAll('`#', '`').replaceAll('#`', '`');
}

/** A setting's row in the documentation: name, default, range, unit, who may set it, effect. */
function rowOf(name: string): string[] {
  const setting = settings.get(name) ?? assert.fail(name);
  const { minimum, maximum } = setting;
  const range =
    setting.enum?.map((choice) => `\`${choice}\``).join(', ') ??
    (minimum === undefined || maximum === undefined ? '–' : `${grouped(minimum)} to ${grouped(maximum)}`);
  const byDefault =
    typeof setting.default === 'number' ? grouped(setting.default) : `\`${JSON.stringify(setting.default)}\``;
  return [`\`${name}\``, byDefault, range, NUMBERS.get(name)?.unit ?? '–', setting.scope, textOf(name)];
}

function grouped(value: number): string {
  return value.toLocaleString('en');
}
