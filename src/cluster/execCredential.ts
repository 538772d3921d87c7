import { spawn } from 'node:child_process';
import * as path from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../base/clock';
import { KubeTransportError } from '../base/kubeFetch';
import { programName, withoutGivenValues, type ExecLaunch } from './execPlugin';
import type { ExecEntry } from './kubeconfigEntries';
import { readFileBounded, systemErrorCode } from './readFileBounded';
import { redact } from '../base/redact';
import type { ResolvedContext } from './resolvedContext';

/** What an exec plugin handed out. At least a token, or certificate and key. */
export interface ExecCredential {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: string;
  /** PEM. */
  readonly key?: string;
  /** Wall milliseconds; without it the credential holds until the server refuses it. */
  readonly expiresAt?: number;
}

/** A person may have to sign in, in a browser that the plugin opens. */
const TIMEOUT_MS = 180_000;
/** Time between asking the plugin to stop and making it. */
const KILL_GRACE_MS = 2_000;
/** A credential with two certificates is some 10 kB. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_STDERR_CHARS = 4 * 1024;
const MAX_SHOWN_CHARS = 200;
const MAX_CA_BYTES = 4 * 1024 * 1024;

const credentialSchema = v.object({
  kind: v.literal('ExecCredential'),
  status: v.object({
    token: v.nullish(v.string()),
    clientCertificateData: v.nullish(v.string()),
    clientKeyData: v.nullish(v.string()),
    expirationTimestamp: v.nullish(v.string()),
  }),
});

/**
 * Runs a kubeconfig's exec plugin by the ExecCredential protocol (client.authentication.k8s.io): without a terminal,
 * bounded in time and output, and with the cluster's description where the kubeconfig asks for that. `launch` is what is
 * run, and has to be what was allowed. Rejects with {@link KubeTransportError} `credentials`, whose message shows at most
 * 200 characters of what the plugin said, redacted and without what it was given; once `signal` is aborted the plugin is
 * stopped and the signal's reason is thrown.
 *
 * KubeConfig's own runner is not used: it neither ends a plugin that hangs or waits for input, nor tells it that nobody is
 * at a terminal, nor bounds its output.
 */
export async function runExecPlugin(
  exec: ExecEntry,
  launch: ExecLaunch,
  context: ResolvedContext,
  clock: Clock,
  signal: AbortSignal,
): Promise<ExecCredential> {
  const info = await execInfo(exec, context);
  signal.throwIfAborted();
  const output = await run(launch, info, clock, signal);
  return decodeCredential(programName(launch.command), output);
}

async function execInfo(exec: ExecEntry, context: ResolvedContext): Promise<string> {
  const cluster = exec.provideClusterInfo ? { cluster: await clusterInfo(context) } : {};
  return JSON.stringify({
    apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    spec: { ...cluster, interactive: false },
  });
}

async function clusterInfo({ cluster, clusterPath, server, proxyUrl }: ResolvedContext): Promise<object> {
  const caFile = cluster['certificate-authority'];
  const caData =
    caFile === undefined
      ? cluster['certificate-authority-data']
      : (await readFileBounded(path.resolve(path.dirname(clusterPath), caFile), MAX_CA_BYTES)).toString(
          'base64',
        );
  return {
    server,
    ...(caData === undefined ? {} : { 'certificate-authority-data': caData }),
    ...(cluster['insecure-skip-tls-verify'] ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster['tls-server-name'] === undefined ? {} : { 'tls-server-name': cluster['tls-server-name'] }),
    ...(proxyUrl === undefined ? {} : { 'proxy-url': proxyUrl }),
  };
}

function run(launch: ExecLaunch, info: string, clock: Clock, signal: AbortSignal): Promise<string> {
  const own = Object.fromEntries(launch.env.map(({ name, value }) => [name, value]));
  const program = programName(launch.command);
  return new Promise((resolve, reject) => {
    const child = spawn(launch.command, launch.args, {
      ...(launch.cwd === undefined ? {} : { cwd: launch.cwd }),
      env: { ...process.env, ...own, KUBERNETES_EXEC_INFO: info },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const output: Buffer[] = [];
    let outputBytes = 0;
    let complaint = '';
    let failure: unknown;
    let killTimer = timeoutTimer();

    function timeoutTimer() {
      return clock.schedule(TIMEOUT_MS, () =>
        stop(failed(`"${program}" did not finish within ${TIMEOUT_MS / 1000} s`)),
      );
    }
    function stop(reason: unknown): void {
      if (failure !== undefined) {
        return;
      }
      failure = reason;
      killTimer.dispose();
      child.kill('SIGTERM');
      killTimer = clock.schedule(KILL_GRACE_MS, () => child.kill('SIGKILL'));
      // A grandchild may hold the pipes open for ever: nothing of what it says is waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    }
    const onAbort = (): void => stop(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });

    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      if (outputBytes > MAX_OUTPUT_BYTES) {
        stop(failed(`"${program}" printed more than ${MAX_OUTPUT_BYTES} bytes`));
      } else {
        output.push(chunk);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < MAX_STDERR_CHARS) {
        complaint += chunk.toString('utf8');
      }
    });
    child.on('error', (error) => {
      failure ??= failed(`"${program}" could not be run (${systemErrorCode(error)})`);
      finish();
    });
    child.on('close', (code, killedBy) => {
      if (code !== 0) {
        const how = code === null ? `was ended by ${killedBy ?? 'a signal'}` : `ended with ${code}`;
        const said = redact(withoutGivenValues(complaint, launch), MAX_SHOWN_CHARS);
        failure ??= failed(`"${program}" ${how}${said === '' ? '' : `: ${said}`}`);
      }
      finish();
    });
    function finish(): void {
      killTimer.dispose();
      signal.removeEventListener('abort', onAbort);
      if (failure === undefined) {
        resolve(Buffer.concat(output).toString('utf8'));
      } else {
        reject(failure);
      }
    }
  });
}

function decodeCredential(program: string, output: string): ExecCredential {
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    throw failed(`"${program}" did not print an ExecCredential`);
  }
  const decoded = v.safeParse(credentialSchema, parsed);
  if (!decoded.success) {
    throw failed(`"${program}" did not print an ExecCredential`);
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = decoded.output.status;
  const hasCertificate = isPresent(clientCertificateData) && isPresent(clientKeyData);
  if (!isPresent(token) && !hasCertificate) {
    throw failed(`"${program}" printed an ExecCredential without a token or a certificate with its key`);
  }
  const expiresAt = isPresent(expirationTimestamp) ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    ...(isPresent(token) ? { token } : {}),
    ...(hasCertificate ? { certificate: clientCertificateData, key: clientKeyData } : {}),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}

function isPresent(value: string | null | undefined): value is string {
  return value !== undefined && value !== null && value !== '';
}

function failed(message: string): KubeTransportError {
  return new KubeTransportError('credentials', message);
}
