import * as v from 'valibot';

const claimsSchema = v.object({ exp: v.pipe(v.number(), v.finite()) });

/**
 * When a token ends, in wall milliseconds; undefined where it does not say. To be believed only of one that was found to be good:
 * nothing is verified here.
 */
export function tokenExpiry(token: string): number | undefined {
  const [, claims, signature] = token.split('.');
  if (claims === undefined || signature === undefined) {
    return undefined;
  }
  try {
    const decoded = v.safeParse(claimsSchema, JSON.parse(Buffer.from(claims, 'base64url').toString()));
    return decoded.success ? decoded.output.exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
