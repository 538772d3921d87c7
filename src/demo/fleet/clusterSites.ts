import { CLOUD_ADDONS, CONTROL_PLANE, EDGE_ADDONS, workers } from './acmeStandards';
import type { ClusterBlueprint, NodePool } from './clusterBlueprint';
import { AKS, EKS, GKE, K3S, OPENSHIFT, RKE2, type Platform } from './platform';

/** A place that clusters are set up in, always on the same platform. */
export interface ClusterSite {
  readonly region: string;
  readonly city: string;
  /** As the label `region` says it. */
  readonly area: string;
  readonly platform: Platform;
  readonly weight: number;
  /** The sizes that are set up there. */
  readonly pools: readonly (readonly NodePool[])[];
  readonly versions: readonly string[];
}

const EKS_POOLS: ClusterSite['pools'] = [
  [workers(6, 8, 32, 'm7i.2xlarge')],
  [workers(9, 8, 32, 'm7i.2xlarge')],
  [workers(12, 16, 64, 'm7i.4xlarge')],
];

const GKE_POOLS: ClusterSite['pools'] = [
  [workers(6, 8, 32, 'n2-standard-8')],
  [workers(8, 8, 32, 'n2-standard-8')],
  [workers(10, 16, 64, 'n2-standard-16')],
];

const AKS_POOLS: ClusterSite['pools'] = [
  [workers(5, 8, 32, 'Standard_D8s_v5')],
  [workers(8, 8, 32, 'Standard_D8s_v5')],
  [workers(11, 16, 64, 'Standard_D16s_v5')],
];

const OWN_POOLS: ClusterSite['pools'] = [
  [CONTROL_PLANE, workers(4, 16, 64)],
  [CONTROL_PLANE, workers(6, 16, 64)],
  [CONTROL_PLANE, workers(9, 32, 128)],
];

const EDGE_POOLS: ClusterSite['pools'] = [
  [{ ...workers(3, 4, 16), role: 'control-plane' }],
  [{ ...workers(3, 4, 16), role: 'control-plane' }, workers(3, 4, 16)],
];

const VERSIONS = ['1.33.5', '1.34.1', '1.34.2', '1.34.2', '1.35.0'] as const;

function cloud(platform: Platform, pools: ClusterSite['pools'], area: string, region: string, city: string) {
  return { region, city, area, platform, weight: 6, pools, versions: VERSIONS };
}

function edge(region: string, city: string): ClusterSite {
  return { region, city, area: 'eu', platform: K3S, weight: 2, pools: EDGE_POOLS, versions: VERSIONS };
}

export const CLUSTER_SITES: readonly [ClusterSite, ...ClusterSite[]] = [
  cloud(EKS, EKS_POOLS, 'eu', 'eu-west-1', 'Ireland'),
  cloud(EKS, EKS_POOLS, 'eu', 'eu-central-1', 'Frankfurt'),
  cloud(EKS, EKS_POOLS, 'eu', 'eu-north-1', 'Stockholm'),
  cloud(EKS, EKS_POOLS, 'us', 'us-east-1', 'Virginia'),
  cloud(EKS, EKS_POOLS, 'us', 'us-west-2', 'Oregon'),
  cloud(EKS, EKS_POOLS, 'asia', 'ap-northeast-1', 'Tokyo'),
  cloud(GKE, GKE_POOLS, 'us', 'us-central1', 'Iowa'),
  cloud(GKE, GKE_POOLS, 'eu', 'europe-west4', 'Eemshaven'),
  cloud(GKE, GKE_POOLS, 'asia', 'asia-southeast1', 'Singapore'),
  cloud(AKS, AKS_POOLS, 'eu', 'westeurope', 'Netherlands'),
  cloud(AKS, AKS_POOLS, 'eu', 'uksouth', 'London'),
  cloud(AKS, AKS_POOLS, 'us', 'eastus2', 'Virginia'),
  cloud(OPENSHIFT, OWN_POOLS, 'us', 'dal-2', 'Dallas'),
  cloud(RKE2, OWN_POOLS, 'eu', 'ham-1', 'Hamburg'),
  edge('ber', 'Berlin'),
  edge('par', 'Paris'),
  edge('mil', 'Milan'),
  edge('war', 'Warsaw'),
];

/** Add-ons that are installed together. */
export const ADDON_SETS: readonly ClusterBlueprint['addons'][] = [
  { ...CLOUD_ADDONS, loki: '3.5.5' },
  { ...CLOUD_ADDONS, grafana: '12.2.0', velero: '1.17.0' },
  { ...CLOUD_ADDONS, istio: '1.27.2', grafana: '12.2.0', loki: '3.5.5' },
  { flux: '2.7.2', prometheus: '3.6.0', 'cert-manager': '1.16.1', 'ingress-nginx': '1.13.3' },
  { argocd: '3.1.4', prometheus: '3.5.0', 'cert-manager': '1.16.1', traefik: '3.5.3' },
  EDGE_ADDONS,
];
