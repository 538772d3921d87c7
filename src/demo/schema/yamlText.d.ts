/** A YAML file as esbuild bundles it: its text, unparsed. */
declare module '*.yaml' {
  const text: string;
  export default text;
}
