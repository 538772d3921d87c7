/** Made when first needed: the language's data take milliseconds to load, which are no part of an extension's start. */
let collator: Intl.Collator | undefined;

/** Orders names as a person would: by the display language's letters, and figures by their value, `node-2` before `node-10`. */
export function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator(undefined, { numeric: true });
  return collator.compare(a, b);
}
