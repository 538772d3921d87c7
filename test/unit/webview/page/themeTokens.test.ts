import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../support/testbed/repositoryRoot';
import { THEME_CHOICES } from '../../../../webview/page/theme';

const root = repositoryRoot();
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Those of themes with borders alone: elsewhere they are left out, as VS Code leaves them out. */
const CONTRAST_ONLY: ReadonlySet<string> = new Set([
  '--vscode-contrastBorder',
  '--vscode-contrastActiveBorder',
]);

function themes(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const css = read('webview/page/theme.css');
  return new Map(
    [...css.matchAll(/(:root|\[data-theme='([a-z-]+)'\]) \{([^}]*)\}/g)].map(
      ([, , theme = 'fonts', body = '']) => [
        theme,
        new Map(
          [...body.matchAll(/(--[\w-]+): ([^;]+);/g)].map(([, name = '', value = '']) => [name, value]),
        ),
      ],
    ),
  );
}

/** What the page's styles ask for, and those of the elements that its surfaces register. */
function used(): ReadonlySet<string> {
  const elements = globSync('webview/{detail,logs,fleet,page}/*.{ts,tsx}', { cwd: root })
    .flatMap((file) => [...read(file).matchAll(/'(@vscode-elements\/elements\/dist\/[\w-]+)\/index\.js'/g)])
    .flatMap(([, folder = '']) => globSync(`node_modules/${folder}/*.styles.js`, { cwd: root }));
  assert.ok(elements.length >= 3);
  const files = [...globSync('webview/{ui,detail,logs,fleet,page}/*.css', { cwd: root }), ...elements];
  return new Set(
    files
      .filter((file) => !file.endsWith('theme.css'))
      .flatMap((file) => [...read(file).matchAll(/var\(\s*(--vscode-[\w-]+)/g)].map(([, name = '']) => name)),
  );
}

/** Of two colours, as WCAG reckons it. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string): number => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe('the colours of the page', () => {
  const all = themes();

  it('are there for every theme that can be chosen', () => {
    assert.deepEqual(
      [...all.keys()].filter((theme) => theme !== 'fonts').toSorted(),
      THEME_CHOICES.filter((choice) => choice !== 'system').toSorted(),
    );
  });

  for (const [theme, colours] of all) {
    if (theme === 'fonts') {
      continue;
    }

    it(`has in ${theme} whatever a style asks for`, () => {
      const missing = [...used()].filter((name) => {
        const isLeftOut = CONTRAST_ONLY.has(name) && !theme.startsWith('hc-');
        return !isLeftOut && !colours.has(name) && all.get('fonts')?.has(name) !== true;
      });
      assert.deepEqual(missing, []);
    });

    it(`can be read in ${theme}`, () => {
      const of = (name: string): string => colours.get(`--vscode-${name}`) ?? assert.fail(name);
      const pairs = [
        ['foreground', 'editor-background', 7],
        ['descriptionForeground', 'editor-background', 4.5],
        ['descriptionForeground', 'sideBar-background', 4.5],
        ['textLink-foreground', 'editor-background', 4.5],
        ['textLink-foreground', 'sideBar-background', 4.5],
        ['button-foreground', 'button-background', 4.5],
        ['button-secondaryForeground', 'button-secondaryBackground', 4.5],
        ['input-foreground', 'input-background', 4.5],
        ['input-placeholderForeground', 'input-background', 4.5],
        ['list-activeSelectionForeground', 'list-activeSelectionBackground', 4.5],
        ['badge-foreground', 'badge-background', 4.5],
        ['charts-green', 'editor-background', 3],
        ['charts-yellow', 'editor-background', 3],
        ['charts-red', 'editor-background', 3],
        ['charts-blue', 'editor-background', 3],
        ['charts-purple', 'editor-background', 3],
        ['focusBorder', 'editor-background', 3],
      ] as const;
      for (const [front, back, least] of pairs) {
        if (of(back).length !== 7) {
          continue;
        }
        const ratio = contrast(of(front), of(back));
        assert.ok(ratio >= least, `${front} on ${back}: ${ratio.toFixed(2)}`);
      }
    });
  }
});
