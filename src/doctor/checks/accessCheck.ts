import { reviewAccess, type ResourceAccess } from '../../kube/accessReview';
import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';
import { problemFromError } from '../../protocol/problemFromError';
import type { ApiCheckOptions } from '../apiCheckOptions';
import type { Finding } from '../diagnosis';
import type { Check } from '../examine';

interface Permission {
  readonly access: ResourceAccess;
  /** Absent: nice to know. */
  readonly neededFor?: 'personas' | 'logs';
}

const persona = (verb: string): ResourceAccess => ({
  verb,
  group: CLUSTER_PERSONA.group,
  resource: CLUSTER_PERSONA.plural,
});

const PERMISSIONS: readonly Permission[] = [
  { access: persona('list'), neededFor: 'personas' },
  { access: persona('watch'), neededFor: 'personas' },
  { access: persona('get') },
  { access: persona('patch') },
  { access: { verb: 'list', group: '', resource: 'pods' }, neededFor: 'logs' },
  { access: { verb: 'get', group: '', resource: 'pods', subresource: 'log' }, neededFor: 'logs' },
];

/** What the user may do, by the server's own word (SelfSubjectAccessReview); in all namespaces where it has any. */
export function accessCheck({ fetch }: ApiCheckOptions): Check {
  return {
    id: 'access',
    needs: ['version'],
    run: async (signal): Promise<Finding> => {
      let answers: readonly boolean[];
      try {
        answers = await Promise.all(PERMISSIONS.map(({ access }) => reviewAccess(fetch, access, signal)));
      } catch (error) {
        signal.throwIfAborted();
        const problem = problemFromError(error);
        if (problem.code === 'forbidden' || problem.code === 'notFound' || problem.code === 'notInstalled') {
          return { outcome: 'warning', concern: { type: 'notTold' }, problem, details: [] };
        }
        throw error;
      }
      const details = PERMISSIONS.map(
        ({ access }, index) => `${permissionName(access)}: ${answers[index] === true ? 'yes' : 'no'}`,
      );
      const missing = (what: Permission['neededFor']): readonly string[] =>
        PERMISSIONS.filter(({ neededFor }, index) => neededFor === what && answers[index] !== true).map(
          ({ access }) => permissionName(access),
        );
      const personas = missing('personas');
      const logs = missing('logs');
      if (personas.length > 0) {
        const problem = { code: 'forbidden', detail: `not allowed: ${personas.join(', ')}` } as const;
        const concern = { type: 'personasNotAllowed', permissions: personas } as const;
        return { outcome: 'failed', problem, concern, details };
      }
      return logs.length > 0
        ? { outcome: 'warning', concern: { type: 'logsNotAllowed', permissions: logs }, details }
        : { outcome: 'passed', details };
    },
  };
}

/** As `kubectl auth can-i` takes it: "list clusterpersonas.dorgu.io", "get pods/log". */
function permissionName({ verb, group, resource, subresource }: ResourceAccess): string {
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
}
