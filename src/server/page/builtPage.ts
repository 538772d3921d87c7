/** A file of the page, as its build made it: compressed both ways that browsers take, in base64. */
export interface BuiltFile {
  /** Its name bears a hash of its content: what it stands for never changes. */
  readonly name: string;
  readonly gzip: string;
  readonly brotli: string;
}

/** The page that the hub serves. The names are those of `files`. */
export interface BuiltPage {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
  readonly files: readonly BuiltFile[];
}
