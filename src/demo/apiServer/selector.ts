import type { KubeObject } from '../../base/kubeObject';
import type { ApiResource } from './apiResource';
import { ApiStatusError, badRequest } from './apiStatus';
import { parseFieldSelector } from './fieldSelector';

/** Whether an object belongs to what was asked for. */
export type ObjectFilter = (object: KubeObject) => boolean;

type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

const SET_REQUIREMENT = /^([\w./-]+)\s+(in|notin)\s+\(([^()]*)\)$/;
const EQUALITY_REQUIREMENT = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/;
const EXISTENCE_REQUIREMENT = /^(!?)\s*([\w./-]+)$/;

/** Commas between requirements, not those between the values of a set. */
const REQUIREMENT_SEPARATOR = /,(?![^(]*\))/;

/** What a list or a watch is about. */
export interface Selection {
  /** `undefined`: everywhere. */
  readonly namespace: string | undefined;
  /** By namespace and by both selectors. */
  readonly matches: ObjectFilter;
  /** A selector may leave something out of what is there. */
  readonly isSelective: boolean;
}

/** Throws {@link ApiStatusError} for a selector that is not understood. */
export function parseSelection(
  resource: ApiResource,
  namespace: string | undefined,
  query: URLSearchParams,
): Selection {
  const labelTests = splitRequirements(query.get('labelSelector')).map(parseLabelRequirement);
  const fieldTests = parseFieldSelector(resource, query.get('fieldSelector') ?? '');
  return {
    namespace,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      fieldTests.every((test) => test(object)) &&
      labelTests.every((test) => test(object.metadata.labels ?? {})),
    isSelective: labelTests.length > 0 || fieldTests.length > 0,
  };
}

function splitRequirements(selector: string | null): readonly string[] {
  return (selector ?? '')
    .split(REQUIREMENT_SEPARATOR)
    .map((requirement) => requirement.trim())
    .filter((requirement) => requirement !== '');
}

function parseLabelRequirement(requirement: string): LabelTest {
  const set = SET_REQUIREMENT.exec(requirement);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => {
      const value = labels[key];
      return operator === 'in'
        ? value !== undefined && values.includes(value)
        : value === undefined || !values.includes(value);
    };
  }
  const equality = EQUALITY_REQUIREMENT.exec(requirement);
  if (equality !== null) {
    const [, key = '', operator, expected] = equality;
    return (labels) => (labels[key] === expected) === (operator !== '!=');
  }
  const existence = EXISTENCE_REQUIREMENT.exec(requirement);
  if (existence !== null) {
    const [, negation, key = ''] = existence;
    return (labels) => Object.hasOwn(labels, key) === (negation === '');
  }
  throw new ApiStatusError(badRequest(`unable to parse requirement: ${requirement}`));
}
