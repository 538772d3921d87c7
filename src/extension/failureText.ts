import { oneLine } from '../base/oneLine';
import { plainText } from './plainText';

const MAX_CHARS = 300;

/** What a command or a button failed with, as a notification can say it: a server or a file may have had a part in the words. */
export function failureText(error: unknown): string {
  return plainText(oneLine(error instanceof Error ? error.message : String(error), MAX_CHARS));
}
