import { BodyTooLargeError, readText } from '../base/readBody';
import { isRecord } from '../base/jsonRecord';
import { timedRequest, type Requester } from './timedRequest';

/** This namespace exists in every cluster as long as the cluster does; its uid stands for the cluster's identity. */
const IDENTITY_PATH = '/api/v1/namespaces/kube-system';
const ANSWER_MS = 30_000;
/** A namespace is about 1 kB. */
const MAX_BODY_BYTES = 256 * 1024;

/**
 * Asks which cluster answers. Undefined when it does not say: reading the namespace may be forbidden, or the server may
 * have none. Rejects with KubeTransportError or the signal's reason only.
 */
export function readClusterUid(requester: Requester, signal: AbortSignal): Promise<string | undefined> {
  const options = { signal, answerMs: ANSWER_MS, bodyIdleMs: ANSWER_MS };
  return timedRequest(requester, IDENTITY_PATH, options, async (response) => {
    if (response.status !== 200) {
      return undefined;
    }
    try {
      return decodeUid(JSON.parse(await readText(response.body, MAX_BODY_BYTES)));
    } catch (error) {
      if (error instanceof SyntaxError || error instanceof BodyTooLargeError) {
        return undefined;
      }
      throw error;
    }
  });
}

function decodeUid(namespace: unknown): string | undefined {
  const metadata = isRecord(namespace) ? namespace['metadata'] : undefined;
  const uid = isRecord(metadata) ? metadata['uid'] : undefined;
  return typeof uid === 'string' && uid !== '' ? uid : undefined;
}
