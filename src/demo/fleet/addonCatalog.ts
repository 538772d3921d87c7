import type { AddonType } from '../../persona/personaStatus';
import type { LogProgram } from '../podLog/logProgram';
import * as programs from '../podLog/logPrograms';

interface WorkloadContainer {
  readonly name: string;
  readonly image: string;
  readonly program: LogProgram;
}

/** What runs in an add-on's namespace; its pods are named after it. */
export interface AddonWorkload {
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Job';
  readonly component: string;
  readonly replicas: number;
  readonly containers: readonly WorkloadContainer[];
  /** What is wrong with its last pod, if anything. */
  readonly trouble?: 'notReady' | 'pending';
}

/** An add-on that the operator looks for in every cluster. */
export interface AddonDefinition {
  readonly name: string;
  readonly type: AddonType;
  readonly namespace: string;
  readonly workloads: readonly AddonWorkload[];
}

export const ADDON_CATALOG: readonly AddonDefinition[] = [
  {
    name: 'argocd',
    type: 'gitops',
    namespace: 'argocd',
    workloads: [
      {
        name: 'argocd-server',
        kind: 'Deployment',
        component: 'server',
        replicas: 2,
        containers: [
          { name: 'argocd-server', image: 'quay.io/argoproj/argocd:v3.1.4', program: programs.argocdServer },
        ],
      },
      {
        name: 'argocd-application-controller',
        kind: 'StatefulSet',
        component: 'application-controller',
        replicas: 1,
        containers: [
          {
            name: 'application-controller',
            image: 'quay.io/argoproj/argocd:v3.1.4',
            program: programs.argocdController,
          },
        ],
      },
    ],
  },
  {
    name: 'flux',
    type: 'gitops',
    namespace: 'flux-system',
    workloads: [
      {
        name: 'kustomize-controller',
        kind: 'Deployment',
        component: 'kustomize-controller',
        replicas: 1,
        containers: [
          { name: 'manager', image: 'ghcr.io/fluxcd/kustomize-controller:v1.7.0', program: programs.flux },
        ],
      },
    ],
  },
  {
    name: 'prometheus',
    type: 'monitoring',
    namespace: 'monitoring',
    workloads: [
      {
        name: 'prometheus-k8s',
        kind: 'StatefulSet',
        component: 'prometheus',
        replicas: 2,
        containers: [
          { name: 'prometheus', image: 'quay.io/prometheus/prometheus:v3.6.0', program: programs.prometheus },
          {
            name: 'config-reloader',
            image: 'quay.io/prometheus-operator/prometheus-config-reloader:v0.86.0',
            program: programs.configReloader,
          },
        ],
      },
    ],
  },
  {
    name: 'grafana',
    type: 'monitoring',
    namespace: 'monitoring',
    workloads: [
      {
        name: 'grafana',
        kind: 'Deployment',
        component: 'grafana',
        replicas: 1,
        containers: [
          { name: 'grafana', image: 'docker.io/grafana/grafana:12.2.0', program: programs.grafana },
        ],
      },
    ],
  },
  {
    name: 'metrics-server',
    type: 'monitoring',
    namespace: 'kube-system',
    workloads: [
      {
        name: 'metrics-server',
        kind: 'Deployment',
        component: 'metrics-server',
        replicas: 1,
        containers: [
          {
            name: 'metrics-server',
            image: 'registry.k8s.io/metrics-server/metrics-server:v0.8.0',
            program: programs.metricsServer,
          },
        ],
      },
    ],
  },
  {
    name: 'loki',
    type: 'logging',
    namespace: 'logging',
    workloads: [
      {
        name: 'loki',
        kind: 'StatefulSet',
        component: 'single-binary',
        replicas: 3,
        trouble: 'pending',
        containers: [{ name: 'loki', image: 'docker.io/grafana/loki:3.5.5', program: programs.loki }],
      },
    ],
  },
  {
    name: 'fluent-bit',
    type: 'logging',
    namespace: 'logging',
    workloads: [
      {
        name: 'fluent-bit',
        kind: 'DaemonSet',
        component: 'agent',
        replicas: 3,
        containers: [
          {
            name: 'fluent-bit',
            image: 'docker.io/fluent/fluent-bit:4.1.0',
            program: programs.fluentBitAgent,
          },
        ],
      },
    ],
  },
  {
    name: 'ingress-nginx',
    type: 'ingress',
    namespace: 'ingress-nginx',
    workloads: [
      {
        name: 'ingress-nginx-controller',
        kind: 'Deployment',
        component: 'controller',
        replicas: 2,
        containers: [
          {
            name: 'controller',
            image: 'registry.k8s.io/ingress-nginx/controller:v1.14.0',
            program: programs.ingressNginx,
          },
        ],
      },
      {
        name: 'ingress-nginx-controller-canary',
        kind: 'Deployment',
        component: 'controller',
        replicas: 1,
        trouble: 'notReady',
        containers: [
          {
            name: 'controller',
            image: 'registry.k8s.io/ingress-nginx/controller:v1.14.0',
            program: programs.failingIngressNginx,
          },
        ],
      },
      {
        name: 'ingress-nginx-admission-create',
        kind: 'Job',
        component: 'admission-webhook',
        replicas: 1,
        containers: [
          {
            name: 'create',
            image: 'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.3',
            program: programs.admissionJob,
          },
        ],
      },
    ],
  },
  {
    name: 'traefik',
    type: 'ingress',
    namespace: 'traefik',
    workloads: [
      {
        name: 'traefik',
        kind: 'Deployment',
        component: 'traefik',
        replicas: 1,
        containers: [
          { name: 'traefik', image: 'docker.io/library/traefik:v3.5.3', program: programs.traefik },
        ],
      },
    ],
  },
  {
    name: 'istio',
    type: 'service-mesh',
    namespace: 'istio-system',
    workloads: [
      {
        name: 'istiod',
        kind: 'Deployment',
        component: 'pilot',
        replicas: 2,
        containers: [{ name: 'discovery', image: 'docker.io/istio/pilot:1.27.2', program: programs.istiod }],
      },
    ],
  },
  {
    name: 'external-secrets',
    type: 'secrets',
    namespace: 'external-secrets',
    workloads: [
      {
        name: 'external-secrets',
        kind: 'Deployment',
        component: 'controller',
        replicas: 1,
        containers: [
          {
            name: 'external-secrets',
            image: 'ghcr.io/external-secrets/external-secrets:v0.20.2',
            program: programs.externalSecrets,
          },
        ],
      },
    ],
  },
  {
    name: 'cert-manager',
    type: 'cert-management',
    namespace: 'cert-manager',
    workloads: [
      {
        name: 'cert-manager',
        kind: 'Deployment',
        component: 'controller',
        replicas: 1,
        containers: [
          {
            name: 'cert-manager-controller',
            image: 'quay.io/jetstack/cert-manager-controller:v1.16.2',
            program: programs.certManager,
          },
        ],
      },
    ],
  },
  {
    name: 'velero',
    type: 'other',
    namespace: 'velero',
    workloads: [
      {
        name: 'velero',
        kind: 'Deployment',
        component: 'server',
        replicas: 1,
        containers: [{ name: 'velero', image: 'docker.io/velero/velero:v1.17.0', program: programs.velero }],
      },
    ],
  },
];
