/** Whether a text can be a bearer token: of the characters that RFC 6750 has for them. */
export function isBearerToken(text: string): boolean {
  return /^[\w~+/.=-]+$/.test(text);
}
