import * as v from 'valibot';
import { readText } from '../../base/readBody';
import { decode } from '../../protocol/messages';
import { ProblemError } from '../../protocol/problem';
import { problemFromResponse } from '../../protocol/problemFromResponse';
import type { ApiCheckOptions, ApiFindings } from '../apiCheckOptions';
import { WAY_CHECKS, type Finding } from '../diagnosis';
import type { Check } from '../examine';
import { withServerDate } from '../serverDate';

const PATH = '/version';
const MAX_BODY_BYTES = 64 * 1024;

const versionSchema = v.object({ gitVersion: v.string(), platform: v.optional(v.string()) });

/**
 * Whether a Kubernetes API server answers, and which. Credentials that it refuses are made anew once. That it does not
 * tell its version to everybody is worth a word, no more.
 */
export function versionCheck(options: ApiCheckOptions, found: ApiFindings): Check {
  const { fetch, clock, refreshCredentials } = options;
  const ask = async (signal: AbortSignal) => {
    const { response, serverDate } = await withServerDate(clock, () =>
      fetch(PATH, { headers: { accept: 'application/json' }, signal }),
    );
    found.hasAnswered = true;
    if (serverDate !== undefined) {
      found.serverDate = serverDate;
    }
    return response;
  };
  return {
    id: 'version',
    needs: WAY_CHECKS,
    run: async (signal): Promise<Finding> => {
      const details: string[] = [];
      let response = await ask(signal);
      if (response.status === 401 && refreshCredentials !== undefined) {
        await problemFromResponse(response, signal);
        await refreshCredentials();
        details.push('The server refused the credentials, which were then made anew');
        response = await ask(signal);
      }
      if (response.status !== 200) {
        const { problem } = await problemFromResponse(response, signal);
        return problem.code === 'forbidden'
          ? { outcome: 'warning', concern: { type: 'notTold' }, problem, details }
          : { outcome: 'failed', problem, details };
      }
      const { gitVersion, platform } = parseVersion(await readText(response.body, MAX_BODY_BYTES));
      details.push(`Kubernetes ${gitVersion}${platform === undefined ? '' : `, ${platform}`}`);
      return { outcome: 'passed', details };
    },
  };
}

function parseVersion(body: string) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const decoded = decode(versionSchema, parsed);
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `${PATH} is not the version of a Kubernetes API` });
  }
  return decoded.value;
}
