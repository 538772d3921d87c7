import { loadAll } from 'js-yaml';
import { join } from 'node:path';
import { isRecord, type JsonRecord } from '../../../src/base/jsonRecord';
import { runHelm } from '../../support/testbed/helm';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';

const RELEASE = 'test';
export const NAMESPACE = 'hubs';
/** What the release's objects are called. */
export const FULL_NAME = `${RELEASE}-clusterpersona-hub`;

export const chartFolder = (): string => join(repositoryRoot(), 'deploy', 'helm', 'clusterpersona-hub');

/** Everything that the chart can make, at once. */
export const EVERYTHING = {
  image: { repository: 'registry.example/hub', digest: `sha256:${'0'.repeat(64)}` },
  imagePullSecrets: [{ name: 'registry' }],
  commonLabels: { team: 'platform' },
  clusterName: 'production',
  tls: { secretName: 'hub-tls' },
  allowedOrigins: ['https://portal.example.com'],
  extraArgs: ['--log-format=pretty'],
  rbac: { podLogs: true, nodeMetrics: true },
  serviceAccount: { annotations: { 'example.com/role': 'hub' } },
  service: { type: 'LoadBalancer', annotations: { 'example.com/internal': 'true' } },
  ingress: { enabled: true, className: 'nginx', host: 'hub.example.com', tlsSecretName: 'hub-example-com' },
  networkPolicy: {
    from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }],
    apiServer: [{ ipBlock: { cidr: '10.0.0.0/24' } }],
  },
  autoscaling: { enabled: true },
  podAnnotations: { 'example.com/scrape': 'true' },
  podLabels: { tier: 'hub' },
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] }] },
        ],
      },
    },
  },
  priorityClassName: 'system-cluster-critical',
};

/** The objects of the chart with these values. Rejects with what helm says. */
export async function renderChart(helm: string, values: object = {}): Promise<JsonRecord[]> {
  const text = await runHelm(
    helm,
    [
      'template',
      RELEASE,
      chartFolder(),
      '--namespace',
      NAMESPACE,
      '--kube-version',
      '1.36.0',
      '--values',
      '-',
    ],
    JSON.stringify(values),
  );
  return loadAll(text).filter(isRecord);
}

export function kindOf(object: JsonRecord): string {
  return String(object['kind']);
}

/** The only one of this kind. */
export function oneOf(objects: readonly JsonRecord[], kind: string): JsonRecord {
  const [found, ...others] = objects.filter((object) => kindOf(object) === kind);
  if (found === undefined || others.length > 0) {
    throw new Error(`${others.length + Number(found !== undefined)} objects are a ${kind}`);
  }
  return found;
}

/** What is at this path; an empty object where nothing is. */
export function at(object: unknown, ...path: readonly (string | number)[]): JsonRecord {
  let value: unknown = object;
  for (const step of path) {
    value = Array.isArray(value) ? value[Number(step)] : isRecord(value) ? value[step] : undefined;
  }
  return isRecord(value) ? value : {};
}

/** The hub's command line. */
export function argumentsOf(objects: readonly JsonRecord[]): string[] {
  const { args } = at(oneOf(objects, 'Deployment'), 'spec', 'template', 'spec', 'containers', 0);
  return Array.isArray(args) ? args.map(String) : [];
}
