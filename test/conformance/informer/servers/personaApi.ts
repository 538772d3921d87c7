import assert from 'node:assert/strict';
import type { KubeFetch, KubeRequest } from '../../../../src/base/kubeFetch';
import { readText } from '../../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../../src/protocol/clusterPersonaResource';

interface AnyPersona {
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Far more than all objects of a test. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Reads and writes ClusterPersonas as kubectl does. What is refused fails the test. */
export class PersonaApi {
  readonly #fetch: KubeFetch;

  constructor(fetch: KubeFetch) {
    this.#fetch = fetch;
  }

  async put(name: string, text: string): Promise<void> {
    const { group, version, kind } = CLUSTER_PERSONA;
    await this.ask(`${CLUSTER_PERSONA.path}/${name}?fieldManager=conformance&force=true`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify({
        apiVersion: `${group}/${version}`,
        kind,
        metadata: { name },
        spec: { name, environment: 'development', description: text },
      }),
    });
  }

  async delete(name: string): Promise<void> {
    await this.ask(`${CLUSTER_PERSONA.path}/${name}`, { method: 'DELETE' });
  }

  async deleteAll(): Promise<void> {
    await this.ask(CLUSTER_PERSONA.path, { method: 'DELETE' });
  }

  /** As `name@resourceVersion`, in the order of names. */
  async held(): Promise<readonly string[]> {
    const { items }: { items: readonly AnyPersona[] } = JSON.parse(await this.ask(CLUSTER_PERSONA.path));
    return items
      .map(({ metadata }) => `${String(metadata['name'])}@${String(metadata['resourceVersion'])}`)
      .toSorted();
  }

  async readMetadata(name: string): Promise<Readonly<Record<string, unknown>>> {
    const { metadata }: AnyPersona = JSON.parse(await this.ask(`${CLUSTER_PERSONA.path}/${name}`));
    return metadata;
  }

  /** The answer's body. */
  async ask(path: string, request: KubeRequest = {}): Promise<string> {
    const { status, body } = await this.#fetch(path, request);
    const text = await readText(body, MAX_BYTES);
    assert.ok(status < 300, `${request.method ?? 'GET'} ${path}: ${status} ${text}`);
    return text;
  }
}
