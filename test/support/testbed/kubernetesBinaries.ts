import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, fillCacheFolder } from './cacheFolder';
import { CommandError, runCommand } from './command';
import { executableOnPath, isExecutable } from './executableOnPath';
import { repositoryRoot } from './repositoryRoot';
import { type Report, type ToolState, reported } from './toolState';

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
const kwokLinkerFlags = '-s -w';

// 3:40 and 1:02 minutes were seen on two cold cores; a slow or shared machine may take several times that.
const buildDeadlineMs = 40 * 60_000;

function moduleFolder(name: string): string {
  return join(repositoryRoot(), 'test', 'support', 'testbed', 'go', name);
}

function buildFolder(name: string, linkerFlags: string): string {
  const module = moduleFolder(name);
  return cacheFolder(name, [join(module, 'go.mod'), join(module, 'go.sum')], linkerFlags);
}

interface Plan {
  readonly binaries: KubernetesBinaries;
  /** Modules that still have to be built. */
  readonly builds: readonly { name: string; folder: string; linkerFlags: string; what: string }[];
}

/** `KUBEBUILDER_ASSETS` (a folder with kube-apiserver and etcd, perhaps kubectl) comes before anything built here. */
function plan(): Plan {
  const apiserver = buildFolder('apiserver', apiserverLinkerFlags);
  const kwok = buildFolder('kwok', kwokLinkerFlags);
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
    kwok: join(kwok, 'kwok'),
  };
  const isBuilt = (folder: string): boolean =>
    existsSync(folder) || !Object.values(binaries).some((file: string) => file.startsWith(folder));
  return {
    binaries,
    builds: [
      {
        name: 'apiserver',
        folder: apiserver,
        linkerFlags: apiserverLinkerFlags,
        what: `etcd, kube-apiserver and kubectl ${kubernetesVersion}`,
      },
      { name: 'kwok', folder: kwok, linkerFlags: kwokLinkerFlags, what: 'kwok' },
    ].filter((build) => !isBuilt(build.folder)),
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
  const go = executableOnPath('go');
  if (go === undefined) {
    return { type: 'missing', reason: 'Go is not installed, and KUBEBUILDER_ASSETS names no binaries' };
  }
  try {
    for (const build of builds) {
      await reported(report, `Building ${build.what} with Go (minutes the first time)`, () =>
        fillCacheFolder(build.folder, (folder) => buildTools(go, build.name, folder, build.linkerFlags)),
      );
    }
  } catch (error) {
    if (error instanceof CommandError) {
      return { type: 'missing', reason: `Go could not build the Kubernetes binaries: ${error.message}` };
    }
    throw error;
  }
  return { type: 'ready', tool: binaries };
}

async function buildTools(go: string, name: string, folder: string, linkerFlags: string): Promise<void> {
  // No C compiler is asked for, and the paths of this machine stay out of the binaries.
  await runCommand(go, ['build', '-trimpath', '-ldflags', linkerFlags, '-o', `${folder}/`, 'tool'], {
    cwd: moduleFolder(name),
    env: { ...process.env, CGO_ENABLED: '0' },
    deadlineMs: buildDeadlineMs,
  });
  // Go names a program after the last part of its path, and etcd's is `go.etcd.io/etcd/server/v3`.
  const server = join(folder, 'server');
  if (existsSync(server)) {
    renameSync(server, join(folder, 'etcd'));
  }
}
