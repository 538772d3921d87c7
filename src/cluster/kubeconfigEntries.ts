import * as v from 'valibot';
import type { KubeconfigEntry } from './kubeconfigFile';

/** Scalars that look like numbers or booleans come out of YAML as such; `null` and an empty text say nothing. */
const text = v.pipe(
  v.nullish(v.union([v.string(), v.number(), v.boolean()])),
  v.transform((value) => (value === null || value === undefined || value === '' ? undefined : String(value))),
);
const flag = v.pipe(
  v.nullish(v.union([v.boolean(), v.string()])),
  v.transform((value) => value === true || value === 'true'),
);
const texts = v.nullish(
  v.array(
    v.pipe(
      v.union([v.string(), v.number(), v.boolean()]),
      v.transform((value) => String(value)),
    ),
  ),
  [],
);

const contextSchema = v.object({ cluster: text, user: text, namespace: text });

const clusterSchema = v.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': flag,
  'tls-server-name': text,
  'proxy-url': text,
});

const execSchema = v.object({
  apiVersion: text,
  command: text,
  args: texts,
  env: v.nullish(v.array(v.object({ name: v.string(), value: text })), []),
  interactiveMode: text,
  provideClusterInfo: flag,
});

const userSchema = v.object({
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  as: text,
  'as-uid': text,
  'as-groups': texts,
  'as-user-extra': v.nullish(v.record(v.string(), texts), {}),
  exec: v.nullish(execSchema),
  'auth-provider': v.nullish(
    v.object({
      name: text,
      config: v.nullish(v.record(v.string(), text), {}),
    }),
  ),
});

export type ContextEntry = Readonly<v.InferOutput<typeof contextSchema>>;
export type ClusterEntry = Readonly<v.InferOutput<typeof clusterSchema>>;
export type ExecEntry = Readonly<v.InferOutput<typeof execSchema>>;
export type UserEntry = Readonly<v.InferOutput<typeof userSchema>>;

/** An entry decoded, or what is wrong with it, in one line without any of its values. */
export type DecodedEntry<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string };

export function decodeContext(entry: KubeconfigEntry): DecodedEntry<ContextEntry> {
  return decodeEntry(v.object({ context: contextSchema }), entry, ({ context }) => context);
}

export function decodeCluster(entry: KubeconfigEntry): DecodedEntry<ClusterEntry> {
  return decodeEntry(v.object({ cluster: clusterSchema }), entry, ({ cluster }) => cluster);
}

/** A user without content is one without credentials. */
export function decodeUser(entry: KubeconfigEntry): DecodedEntry<UserEntry> {
  return decodeEntry(v.object({ user: v.nullish(userSchema) }), entry, ({ user }) => user ?? anonymousUser());
}

/** Who a context without a user acts as. Not made while the module loads: decoding for the first time takes milliseconds. */
export function anonymousUser(): UserEntry {
  return v.parse(userSchema, {});
}

function decodeEntry<const S extends v.GenericSchema, T>(
  schema: S,
  entry: KubeconfigEntry,
  pick: (output: v.InferOutput<S>) => T,
): DecodedEntry<T> {
  const result = v.safeParse(schema, entry.value, { abortEarly: true });
  if (result.success) {
    return { ok: true, value: pick(result.output) };
  }
  const [issue] = result.issues;
  return { ok: false, detail: `${v.getDotPath(issue) ?? 'the entry'} is not what a kubeconfig has there` };
}
