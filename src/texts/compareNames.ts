const collator = new Intl.Collator(undefined, { numeric: true });

/** Orders names as a person would: by the display language's letters, and figures by their value, `node-2` before `node-10`. */
export function compareNames(a: string, b: string): number {
  return collator.compare(a, b);
}
