/** Made by `esbuild.mjs`, which builds the page into the hub. */
declare module 'clusterpersona:page' {
  import type { BuiltPage } from './builtPage';

  export const builtPage: BuiltPage;
}
