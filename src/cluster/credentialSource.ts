import { createHash } from 'node:crypto';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { KubeTransportError } from '../base/kubeFetch';
import type { Logger } from '../base/logger';
import { ProblemError } from '../protocol/problem';
import { identityKey, readCredentialFiles, type CredentialFiles, type Credentials } from './credentials';
import { runExecPlugin, type ExecCredential } from './execCredential';
import { execLaunch, execPluginQuestion, type ExecPluginQuestion } from './execPlugin';
import { makeCredentials, tokenExpiry } from './kubeConfigAuth';
import { refreshOidcTokens, type OidcTokens } from './oidcRefresh';
import type { ContextResolution, ResolvedContext } from './resolvedContext';
import { secureContextFor } from './secureContexts';
import { untilAborted } from './untilAborted';

export interface CredentialSourceOptions {
  /** Reads the context anew. */
  readonly resolve: () => Promise<ContextResolution>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asked before each run of a plugin. */
  readonly mayRun: (plugin: ExecPluginQuestion) => Promise<boolean>;
  /** The proxy on the way to an OIDC issuer. */
  readonly proxyFor: (server: string) => string | undefined;
}

/** Tokens and certificates on disk are replaced while in use, e.g. hourly; client-go looks at them once a minute, too. */
const REREAD_AFTER_MS = 60_000;
/** As client-go: an ID token is renewed this long before it runs out. */
const OIDC_LEEWAY_MS = 10_000;
const OIDC_TIMEOUT_MS = 30_000;

interface Held {
  readonly credentials: Credentials;
  readonly readAtMs: number;
  /** Wall milliseconds. */
  readonly expiresAt: number;
}

/**
 * The credentials of one context, made when first asked for, and anew when they expire, when the server refused them
 * (`refresh`), or when a minute has passed and the files may say something else. Whoever asks while they are being made
 * shares the one attempt, so a plugin runs once and a person signs in once. A failed attempt is not remembered.
 */
export class CredentialSource implements Disposable {
  readonly #options: CredentialSourceOptions;
  readonly #stopped = new AbortController();
  #held: Held | undefined;
  #checkedIdentity: string | undefined;
  #plugin: { readonly entry: string; readonly credential: ExecCredential } | undefined;
  #oidc: { readonly entry: string; readonly tokens: OidcTokens } | undefined;
  #making: { readonly isForced: boolean; readonly result: Promise<Credentials> } | undefined;

  constructor(options: CredentialSourceOptions) {
    this.#options = options;
  }

  /** Rejects with {@link KubeTransportError} `credentials`, `tls` or, once disposed, `closed`. */
  current(): Promise<Credentials> {
    const { clock } = this.#options;
    const held = this.#held;
    if (
      held !== undefined &&
      clock.now() < held.expiresAt &&
      clock.monotonic() - held.readAtMs < REREAD_AFTER_MS
    ) {
      return Promise.resolve(held.credentials);
    }
    return this.#making?.result ?? this.#make(false);
  }

  /** Makes them anew, with the plugin or issuer asked again, whatever their age. Rejects as `current`. */
  async refresh(): Promise<void> {
    if (this.#making?.isForced === true) {
      await this.#making.result;
      return;
    }
    // What is under way may still end in the credentials that were refused.
    await this.#making?.result.catch(() => undefined);
    await (this.#making?.result ?? this.#make(true));
  }

  dispose(): void {
    this.#stopped.abort(new KubeTransportError('closed', 'the connection was closed'));
    this.#held = undefined;
    this.#plugin = undefined;
    this.#oidc = undefined;
  }

  #make(isForced: boolean): Promise<Credentials> {
    const making = {
      isForced,
      result: this.#makeOnce(isForced).finally(() => {
        if (this.#making === making) {
          this.#making = undefined;
        }
      }),
    };
    this.#making = making;
    return making.result;
  }

  async #makeOnce(isForced: boolean): Promise<Credentials> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopped;
    signal.throwIfAborted();
    try {
      const context = await this.#resolve();
      const files = await readCredentialFiles(context);
      signal.throwIfAborted();
      const { credentials, expiresAt } = await this.#fromContext(context, files, isForced);
      signal.throwIfAborted();
      const identity = identityKey(credentials.identity);
      if (identity !== this.#checkedIdentity) {
        secureContextFor(credentials.identity);
        this.#checkedIdentity = identity;
      }
      this.#held = { credentials, expiresAt, readAtMs: clock.monotonic() };
      return credentials;
    } catch (error) {
      const held = this.#held;
      const isOver = held === undefined || clock.now() >= held.expiresAt;
      if (signal.aborted || isForced || isOver || isConsentWithheld(error)) {
        throw error;
      }
      // A file caught while it is being rewritten is no reason to lose a working connection.
      logger.warn(`Kept the credentials in use: ${error instanceof Error ? error.message : String(error)}`);
      this.#held = { ...held, readAtMs: clock.monotonic() };
      return held.credentials;
    }
  }

  async #resolve(): Promise<ResolvedContext> {
    const resolution = await this.#options.resolve();
    if (!resolution.ok) {
      const problem = { code: 'kubeconfig', detail: resolution.detail } as const;
      throw new KubeTransportError('credentials', resolution.detail, new ProblemError(problem));
    }
    return resolution.resolved;
  }

  #fromContext(
    context: ResolvedContext,
    files: CredentialFiles,
    isForced: boolean,
  ): Promise<{ credentials: Credentials; expiresAt: number }> {
    const provider = context.user['auth-provider'] ?? undefined;
    const hasOwn = files.token !== undefined || context.user.username !== undefined;
    if (context.exec !== undefined) {
      return this.#fromPlugin(context, files, isForced);
    }
    if (provider === undefined || hasOwn) {
      return this.#fromFiles(context, files, Number.POSITIVE_INFINITY);
    }
    return provider.name === 'oidc'
      ? this.#fromOidc(context, files, provider.config, isForced)
      : this.#fromLegacyProvider(context, files, provider.name ?? '', provider.config);
  }

  async #fromFiles(context: ResolvedContext, files: CredentialFiles, expiresAt: number) {
    return { credentials: await makeCredentials(context, files), expiresAt };
  }

  async #fromPlugin(context: ResolvedContext, files: CredentialFiles, isForced: boolean) {
    const { clock, mayRun } = this.#options;
    const { exec } = context;
    if (exec === undefined) {
      return this.#fromFiles(context, files, Number.POSITIVE_INFINITY);
    }
    const launch = execLaunch(exec, context.userPath);
    const question = execPluginQuestion(launch);
    const entry = `${question.fingerprint} ${exec.apiVersion ?? ''} ${exec.provideClusterInfo}`;
    let held = this.#plugin;
    const isUsable =
      !isForced &&
      held?.entry === entry &&
      clock.now() < (held.credential.expiresAt ?? Number.POSITIVE_INFINITY);
    if (held === undefined || !isUsable) {
      const { signal } = this.#stopped;
      if (!(await untilAborted(mayRun(question), signal))) {
        const { program } = question;
        const problem = new ProblemError({ code: 'consent', detail: program });
        throw new KubeTransportError('credentials', `"${program}" may not be run`, problem);
      }
      signal.throwIfAborted();
      const credential = await runExecPlugin(exec, launch, context, clock, signal);
      held = { entry, credential };
      this.#plugin = held;
    }
    return {
      credentials: await makeCredentials(context, files, held.credential),
      expiresAt: held.credential.expiresAt ?? Number.POSITIVE_INFINITY,
    };
  }

  async #fromOidc(
    context: ResolvedContext,
    files: CredentialFiles,
    config: Readonly<Record<string, string | undefined>>,
    isForced: boolean,
  ) {
    const { clock } = this.#options;
    const entry = createHash('sha256').update(JSON.stringify(config)).digest('base64');
    if (this.#oidc?.entry !== entry) {
      const idToken = config['id-token'];
      const refreshToken = config['refresh-token'];
      this.#oidc = {
        entry,
        tokens: {
          ...(idToken === undefined ? {} : { idToken }),
          ...(refreshToken === undefined ? {} : { refreshToken }),
        },
      };
    }
    let { tokens } = this.#oidc;
    const { refreshToken } = tokens;
    if (clock.now() >= runsOutAt(tokens) || (isForced && refreshToken !== undefined)) {
      if (refreshToken === undefined) {
        throw new KubeTransportError(
          'credentials',
          'the OIDC token has expired and the kubeconfig has nothing to renew it with',
        );
      }
      tokens = await this.#renew(config, refreshToken, files.issuerCa);
      this.#oidc = { entry, tokens };
    }
    return this.#fromFiles(context, withToken(files, tokens.idToken), runsOutAt(tokens));
  }

  /** In time, or not at all. */
  async #renew(
    config: Readonly<Record<string, string | undefined>>,
    refreshToken: string,
    issuerCa: string | undefined,
  ): Promise<OidcTokens> {
    const { clock, proxyFor } = this.#options;
    const late = new AbortController();
    const deadline = clock.schedule(OIDC_TIMEOUT_MS, () =>
      late.abort(
        new KubeTransportError(
          'credentials',
          `the OIDC issuer gave no answer within ${OIDC_TIMEOUT_MS / 1000} s`,
        ),
      ),
    );
    try {
      const signal = AbortSignal.any([late.signal, this.#stopped.signal]);
      return await refreshOidcTokens({ config, refreshToken, issuerCa, proxyFor, signal });
    } finally {
      deadline.dispose();
    }
  }

  /**
   * `azure` and `gcp` left kubectl with 1.26. KubeConfig would run their helper programs in a way that blocks the whole
   * process, so only a token that still holds is used.
   */
  async #fromLegacyProvider(
    context: ResolvedContext,
    files: CredentialFiles,
    name: string,
    config: Readonly<Record<string, string | undefined>>,
  ) {
    const token = config['access-token'];
    const expiry =
      config.expiry === undefined ? Number(config['expires-on']) * 1000 : Date.parse(config.expiry);
    const expiresAt = Number.isNaN(expiry) ? Number.POSITIVE_INFINITY : expiry;
    if (token === undefined || this.#options.clock.now() >= expiresAt) {
      throw new KubeTransportError(
        'credentials',
        `the auth-provider "${name}" was removed from Kubernetes 1.26, and its last token has expired: the kubeconfig needs an exec plugin instead`,
      );
    }
    return this.#fromFiles(context, { ...files, token }, expiresAt);
  }
}

/** The kubeconfig now wants something else run: what was made before is no longer what it asks for. */
function isConsentWithheld(error: unknown): boolean {
  return (
    error instanceof Error && error.cause instanceof ProblemError && error.cause.problem.code === 'consent'
  );
}

function withToken(files: CredentialFiles, token: string | undefined): CredentialFiles {
  return token === undefined ? files : { ...files, token };
}

/** Wall milliseconds. A token whose expiry cannot be read counts as expired. */
function runsOutAt({ idToken }: OidcTokens): number {
  return idToken === undefined ? 0 : (tokenExpiry(idToken) ?? 0) - OIDC_LEEWAY_MS;
}
