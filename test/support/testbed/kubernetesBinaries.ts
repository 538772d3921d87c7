import { join } from 'node:path';
import { executableOnPath, isExecutable } from './executableOnPath';
import { areBuilt, buildGoTools, goToolsFolder, type GoTools } from './goTools';
import type { Report, ToolState } from './toolState';

/** Absolute paths of the programs a real Kubernetes API consists of. */
export interface KubernetesBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly kubectl: string;
  readonly kwok: string;
}

// Built from source, kube-apiserver calls itself v0.0.0-master unless the linker is told otherwise.
// Must equal the version of k8s.io/kubernetes in go/apiserver/go.mod.
const kubernetesVersion = 'v1.36.3';
const versionPackage = 'k8s.io/component-base/version';
const apiserverLinkerFlags = [
  '-s',
  '-w',
  `-X ${versionPackage}.gitVersion=${kubernetesVersion}`,
  `-X ${versionPackage}.gitMajor=1`,
  `-X ${versionPackage}.gitMinor=36`,
].join(' ');

const API_SERVER: GoTools = {
  name: 'apiserver',
  linkerFlags: apiserverLinkerFlags,
  what: `etcd, kube-apiserver and kubectl ${kubernetesVersion}`,
};
const KWOK: GoTools = { name: 'kwok', linkerFlags: '-s -w', what: 'kwok' };

interface Plan {
  readonly binaries: KubernetesBinaries;
  /** What still has to be built. */
  readonly builds: readonly GoTools[];
}

/** `KUBEBUILDER_ASSETS` (a folder with kube-apiserver and etcd, perhaps kubectl) comes before anything built here. */
function plan(): Plan {
  const apiserver = goToolsFolder(API_SERVER);
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const given = (name: string): string | undefined => {
    const file = assets === undefined || assets === '' ? undefined : join(assets, name);
    return file !== undefined && isExecutable(file) ? file : undefined;
  };
  const givenServer = given('kube-apiserver');
  const givenEtcd = given('etcd');
  const isGiven = givenServer !== undefined && givenEtcd !== undefined;
  const givenKubectl = isGiven ? (given('kubectl') ?? executableOnPath('kubectl')) : undefined;
  const binaries: KubernetesBinaries = {
    etcd: isGiven ? givenEtcd : join(apiserver, 'etcd'),
    kubeApiserver: isGiven ? givenServer : join(apiserver, 'kube-apiserver'),
    kubectl: givenKubectl ?? join(apiserver, 'kubectl'),
    kwok: join(goToolsFolder(KWOK), 'kwok'),
  };
  const isNeeded = (tools: GoTools): boolean =>
    Object.values(binaries).some((file: string) => file.startsWith(goToolsFolder(tools)));
  return {
    binaries,
    builds: [API_SERVER, KWOK].filter((tools) => isNeeded(tools) && !areBuilt(tools)),
  };
}

/** What is there already; builds nothing. */
export function findKubernetesBinaries(): ToolState<KubernetesBinaries> {
  const { binaries, builds } = plan();
  return builds.length === 0
    ? { type: 'ready', tool: binaries }
    : { type: 'missing', reason: `${builds.map((build) => build.what).join(' and ')} not built` };
}

/** Builds with Go what is not there yet, into the user's cache. Minutes when cold, nothing when cached. */
export async function ensureKubernetesBinaries(report: Report): Promise<ToolState<KubernetesBinaries>> {
  const { binaries, builds } = plan();
  if (builds.length === 0) {
    return { type: 'ready', tool: binaries };
  }
  const built = await buildGoTools(builds, report);
  return built.type === 'ready'
    ? { type: 'ready', tool: binaries }
    : { type: 'missing', reason: `${built.reason}, and KUBEBUILDER_ASSETS names no binaries` };
}
