// An esbuild plugin: `import { workerText } from './program?worker'` is program.ts, bundled, as a text that a worker thread runs. So a
// program of one file stays one, whatever bundle it is in.
import { build } from 'esbuild';
import path from 'node:path';

/** @type {import('esbuild').Plugin} */
export const workerText = {
  name: 'worker-text',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /\?worker$/ }, ({ path: name, resolveDir }) => ({
      path: path.resolve(resolveDir, `${name.slice(0, -'?worker'.length)}.ts`),
      namespace: 'worker-text',
    }));
    pluginBuild.onLoad({ filter: /.*/, namespace: 'worker-text' }, async ({ path: file }) => {
      const { outputFiles, metafile } = await build({
        entryPoints: [file],
        bundle: true,
        write: false,
        metafile: true,
        minify: true,
        platform: 'node',
        target: 'node22',
        format: 'cjs',
      });
      const watchFiles = Object.keys(metafile.inputs).map((input) => path.resolve(input));
      const contents = `export const workerText = ${JSON.stringify(outputFiles[0]?.text ?? '')};`;
      return { contents, loader: 'js', watchFiles };
    });
  },
};
