/**
 * Packages whose modules do nothing when they are loaded but to define what they export, though their package.json does not
 * say so. Of @kubernetes/client-node the kubeconfig and its sign-ins are used; without this all of its API's models, and what
 * copies files into pods, would be loaded with them.
 */
const PACKAGES = new Set(['@kubernetes/client-node']);

const packageName = (file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];

/** Leaves out modules of these packages, and what only they import, where nothing that they export is used. @type {import('esbuild').Plugin} */
export const partsOfPackages = {
  name: 'parts-of-packages',
  setup(pluginBuild) {
    pluginBuild.onResolve({ filter: /./ }, async ({ path, pluginData, ...from }) => {
      const isOfThem =
        PACKAGES.has(packageName(from.importer.replaceAll('\\', '/')) ?? '') || PACKAGES.has(path);
      if (!isOfThem || pluginData === PACKAGES) {
        return undefined;
      }
      const resolved = await pluginBuild.resolve(path, { ...from, pluginData: PACKAGES });
      return resolved.external ? resolved : { ...resolved, sideEffects: false };
    });
  },
};
