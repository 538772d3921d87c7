import { reviewSelf } from '../../kube/selfReview';
import { problemFromError } from '../../protocol/problemFromError';
import type { ApiCheckOptions } from '../apiCheckOptions';
import type { Finding, PrivateName } from '../diagnosis';
import type { Check } from '../examine';

/** Whom the server takes the user for: the first thing to know where a permission is missing. */
export function identityCheck({ fetch }: ApiCheckOptions): Check {
  return {
    id: 'identity',
    needs: ['version'],
    run: async (signal): Promise<Finding> => {
      try {
        const { username, groups } = await reviewSelf(fetch, signal);
        const names = [username, ...groups].map((text): PrivateName => ({ kind: 'user', text }));
        return {
          outcome: 'passed',
          details: [`User ${username}`, ...(groups.length === 0 ? [] : [`Groups ${groups.join(', ')}`])],
          names,
        };
      } catch (error) {
        signal.throwIfAborted();
        const problem = problemFromError(error);
        switch (problem.code) {
          case 'notFound':
          case 'notInstalled':
            return { outcome: 'skipped', reason: { type: 'notServed' }, details: [] };
          case 'forbidden':
            return { outcome: 'warning', concern: { type: 'notTold' }, problem, details: [] };
          default:
            throw error;
        }
      }
    },
  };
}
