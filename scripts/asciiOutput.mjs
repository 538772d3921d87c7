// An esbuild plugin: what is built is all ASCII, for V8 keeps and reads a source with one other character in it at two bytes each.
// esbuild escapes strings and names by itself, and leaves regular expressions and the comments with licences, where an escape means
// the same. In a String.raw it would not: there the source has to be ASCII.
import { readFileSync, writeFileSync } from 'node:fs';

const OTHERS = /[^\0-\x7f]/g;

/** @type {import('esbuild').Plugin} */
export const asciiOutput = {
  name: 'ascii-output',
  setup(pluginBuild) {
    if (pluginBuild.initialOptions.write === false) {
      return;
    }
    pluginBuild.onEnd(({ metafile }) => {
      for (const file of Object.keys(metafile?.outputs ?? {})) {
        if (!file.endsWith('.js')) {
          continue;
        }
        const text = readFileSync(file, 'utf8');
        const escaped = text.replaceAll(
          OTHERS,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        if (escaped !== text) {
          writeFileSync(file, escaped);
        }
      }
    });
  },
};
