/** A file that is being written. One of `finish` and `discard` ends it. */
export interface FileWriter {
  write(data: Uint8Array): Promise<void>;
  /** The file is whole, and takes its place. */
  finish(): Promise<void>;
  /** Nothing is left of it. Never rejects. */
  discard(): Promise<void>;
}
