// Gathers the texts of the extension and its webviews into l10n/bundle.l10n.json, which translations start from.
// With --check it only says whether the file is up to date, and whether the manifest's texts are complete.
import { getL10nJson } from '@vscode/l10n-dev';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

process.chdir(path.dirname(import.meta.dirname));
const file = 'l10n/bundle.l10n.json';

const sources = globSync(['src/**/*.ts', 'webview/**/*.{ts,tsx}']).toSorted();
const texts = await getL10nJson(
  sources.map((source) => ({ extension: path.extname(source), contents: readFileSync(source, 'utf8') })),
);
const sorted = Object.fromEntries(Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1)));
const content = `${JSON.stringify(sorted, undefined, 2)}\n`;

if (!process.argv.includes('--check')) {
  mkdirSync('l10n', { recursive: true });
  writeFileSync(file, content);
  console.log(`${Object.keys(sorted).length} texts in ${file}`);
} else {
  const problems = [...manifestProblems()];
  if (readIfThere(file) !== content) {
    problems.push(`${file} is not up to date: run npm run l10n`);
  }
  for (const problem of problems) {
    console.error(problem);
  }
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/** Texts the manifest names but package.nls.json lacks, and the other way round. */
function* manifestProblems() {
  const used = new Set(
    [...readFileSync('package.json', 'utf8').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key),
  );
  const defined = new Set(Object.keys(JSON.parse(readFileSync('package.nls.json', 'utf8'))));
  for (const key of used.difference(defined)) {
    yield `package.nls.json lacks ${key}`;
  }
  for (const key of defined.difference(used)) {
    yield `package.json does not use ${key}`;
  }
}

function readIfThere(name) {
  try {
    return readFileSync(name, 'utf8');
  } catch {
    return undefined;
  }
}
