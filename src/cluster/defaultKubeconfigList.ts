import * as path from 'node:path';

/** Files that kubectl merges into one kubeconfig; several contexts of one name are then one, the first. */
export interface KubeconfigList {
  readonly paths: readonly string[];
  /** Whether someone named these files; the default location may well be absent. */
  readonly isExplicit: boolean;
}

/** $KUBECONFIG's files, else the one in the home folder. */
export function defaultKubeconfigList(
  env: Readonly<Record<string, string | undefined>>,
  homeFolder: string,
): KubeconfigList {
  const named = (env.KUBECONFIG ?? '').split(path.delimiter).filter((file) => file !== '');
  return named.length > 0
    ? { paths: named, isExplicit: true }
    : { paths: [path.join(homeFolder, '.kube', 'config')], isExplicit: false };
}
