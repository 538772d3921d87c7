import { PHASES, type Phase } from '../protocol/summaryRow';
import { choiceOf, instantOf, isGiven, recordOf, textMapOf, textOf } from './decodeField';
import { decodeSpec, type PersonaSpec } from './personaSpec';
import { decodeStatus, type PersonaStatus } from './personaStatus';

interface PersonaMetadata {
  readonly uid?: string | undefined;
  /** Opaque: equal is equal, nothing else. */
  readonly resourceVersion?: string | undefined;
  /** RFC 3339. */
  readonly creationTimestamp?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/**
 * A ClusterPersona as far as it could be understood. Whatever is missing or of the wrong type is `undefined`, which
 * means unknown: never 0, false or empty. It shares strings and maps with the object it was decoded from.
 */
export interface ClusterPersona {
  /** `metadata.name`, the identity within its cluster. Empty only for an object that no API server would hold. */
  readonly name: string;
  readonly metadata: PersonaMetadata;
  readonly spec: PersonaSpec;
  /** Absent until the first discovery. */
  readonly status?: PersonaStatus | undefined;
  /**
   * The phase to show. `NotDiscovered` without a status, or with one in which no discovery has left a trace; `Unknown`
   * where the operator says so, says nothing after a discovery, or says something this version cannot read.
   */
  readonly phase: Phase;
}

/** Decodes an object of the API, or anything else. Never throws, and keeps all that can be read of a broken object. */
export function decodePersona(object: unknown): ClusterPersona {
  const root = recordOf(object) ?? {};
  const metadata = recordOf(root['metadata']) ?? {};
  const statusRecord = recordOf(root['status']);
  const status = statusRecord && decodeStatus(statusRecord);
  return {
    name: textOf(metadata['name']) ?? '',
    metadata: {
      uid: textOf(metadata['uid']),
      resourceVersion: textOf(metadata['resourceVersion']),
      creationTimestamp: instantOf(metadata['creationTimestamp']),
      labels: textMapOf(metadata['labels']),
    },
    spec: decodeSpec(root['spec']),
    status,
    phase: status === undefined && isGiven(root['status']) ? 'Unknown' : phaseOf(status),
  };
}

/** Those that an operator may report; `NotDiscovered` is ours. */
const REPORTED_PHASES = PHASES.filter((phase) => phase !== 'NotDiscovered');

function phaseOf(status: PersonaStatus | undefined): Phase {
  if (status === undefined) {
    return 'NotDiscovered';
  }
  if (status.reportedPhase !== undefined) {
    return choiceOf(REPORTED_PHASES, status.reportedPhase) ?? 'Unknown';
  }
  const isUntouched =
    status.lastDiscovery === undefined && status.nodes === undefined && status.unreadableFields.size === 0;
  return isUntouched ? 'NotDiscovered' : 'Unknown';
}
