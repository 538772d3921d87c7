import type { Random } from '../../base/random';
import { hexDigits, nameSuffix, seedOf, wholeNumber } from '../chance';

/** How one distribution of Kubernetes names its nodes and what they run. */
export interface Platform {
  /** As `status.platform` says it. */
  readonly name: string;
  readonly containerRuntime: string;
  /** Follows the version of Kubernetes, as in `v1.34.2+k3s1`. */
  readonly versionSuffix: string;
  /** Memory that the kernel and the hypervisor keep from each node, in KiB; figures are then no round number of GiB. */
  readonly missingMemoryKi: number;
  nodeName(random: Random, place: NodePlace): string;
  readonly poolLabel?: string;
}

interface NodePlace {
  readonly cluster: string;
  readonly region: string;
  readonly pool: string;
  /** From 0, over all nodes of the cluster. */
  readonly index: number;
}

export const EKS: Platform = {
  name: 'EKS',
  containerRuntime: 'containerd://2.1.4',
  versionSuffix: '-eks-3025e55',
  missingMemoryKi: 0,
  nodeName: (_random, { cluster, region, index }) => {
    // A network and three subnets of its own: the nodes of two clusters in a region hardly ever share a name.
    const network = seedOf(`network of ${cluster}`);
    const subnet = 3 * ((network >>> 8) % 85) + (index % 3);
    return `ip-10-${network % 256}-${subnet}-${index + 1}.${region}.compute.internal`;
  },
  poolLabel: 'eks.amazonaws.com/nodegroup',
};

export const GKE: Platform = {
  name: 'GKE',
  containerRuntime: 'containerd://2.0.6',
  versionSuffix: '-gke.1037000',
  missingMemoryKi: 493_412,
  nodeName: (random, { cluster, pool }) =>
    `gke-${cluster}-${pool}-${hexDigits(random, 8)}-${nameSuffix(random, 4)}`,
  poolLabel: 'cloud.google.com/gke-nodepool',
};

export const AKS: Platform = {
  name: 'AKS',
  containerRuntime: 'containerd://1.7.28',
  versionSuffix: '',
  missingMemoryKi: 611_136,
  nodeName: (random, { pool, index }) =>
    `aks-${pool}-${wholeNumber(random, 10_000_000, 49_999_999)}-vmss${index.toString(36).padStart(6, '0')}`,
  poolLabel: 'kubernetes.azure.com/agentpool',
};

export const OPENSHIFT: Platform = {
  name: 'OpenShift',
  containerRuntime: 'cri-o://1.34.1',
  versionSuffix: '',
  missingMemoryKi: 202_752,
  nodeName: (random, { cluster, pool, index }) => `${cluster}-${nameSuffix(random, 5)}-${pool}-${index}`,
};

export const K3S: Platform = {
  name: 'k3s',
  containerRuntime: 'containerd://2.1.4-k3s1',
  versionSuffix: '+k3s1',
  missingMemoryKi: 319_488,
  nodeName: (_random, { cluster, index }) => `${cluster}-${String(index + 1).padStart(2, '0')}`,
};

export const RKE2: Platform = {
  name: 'RKE2',
  containerRuntime: 'containerd://2.1.4-k3s1',
  versionSuffix: '+rke2r1',
  missingMemoryKi: 286_720,
  nodeName: (_random, { cluster, pool, index }) => `${cluster}-${pool}-${index + 1}`,
};

export const KIND: Platform = {
  name: 'kind',
  containerRuntime: 'containerd://2.1.3',
  versionSuffix: '',
  missingMemoryKi: 131_072,
  nodeName: (_random, { cluster, index }) => `${cluster}-worker${index === 0 ? '' : index + 1}`,
};
