import type { LogSelection } from '../../protocol/logView';

/** As many as any selection has; kubectl's own bound is 5. */
const MAX_REQUESTS = 1_000;
/** kubectl takes no namespace as a whole: every pod is without this label. */
const EVERY_POD = '!clusterpersona/none';

export interface KubectlTarget {
  readonly selection: LogSelection;
  /** Of the kubeconfig. */
  readonly context: string;
  /** The only one that is wanted; undefined for all, those that begin and those that look in among them. */
  readonly container: string | undefined;
  readonly previous: boolean;
  readonly tailLines: number;
}

/**
 * The arguments with which kubectl follows the same logs; undefined where it cannot, as for the pods of one node. Each value stands
 * behind an equals sign or a slash, so that none is taken for an option, and none is ever read by a shell.
 */
export function kubectlArguments(target: KubectlTarget): readonly string[] | undefined {
  const { selection, context, container, previous, tailLines } = target;
  const pods = podsOf(selection);
  if (pods === undefined || selection.type === 'node') {
    return undefined;
  }
  return [
    'logs',
    ...pods,
    `--context=${context}`,
    `--namespace=${selection.namespace}`,
    container === undefined ? '--all-containers=true' : `--container=${container}`,
    '--prefix=true',
    '--timestamps=true',
    `--tail=${tailLines}`,
    `--max-log-requests=${MAX_REQUESTS}`,
    previous ? '--previous=true' : '--follow=true',
  ];
}

function podsOf(selection: LogSelection): readonly string[] | undefined {
  switch (selection.type) {
    case 'namespace':
      return [`--selector=${EVERY_POD}`];
    case 'selector':
      return [`--selector=${selection.selector === '' ? EVERY_POD : selection.selector}`];
    case 'workload':
      return [`${selection.kind.toLowerCase()}/${selection.name}`, '--all-pods=true'];
    case 'pod':
      return [`pod/${selection.pod}`];
    case 'node':
      return undefined;
    default:
      return selection satisfies never;
  }
}
