import type { KubeObject } from '../../base/kubeObject';
import { recordOf, textOf } from '../../persona/decodeField';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  NAMESPACES,
  NODES,
  PODS,
  type ApiResource,
} from './apiResource';
import { ApiStatusError, badRequest } from './apiStatus';

/** What a field that can be selected by has for a value; empty where it is not set. */
type FieldReader = (object: KubeObject) => string;

type FieldTest = (object: KubeObject) => boolean;

const NAME: Readonly<Record<string, FieldReader>> = { 'metadata.name': ({ metadata }) => metadata.name };

const NAME_AND_NAMESPACE: Readonly<Record<string, FieldReader>> = {
  ...NAME,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
};

function textAt(...path: readonly [string, string]): FieldReader {
  const [part, field] = path;
  return (object) => textOf(recordOf(object[part])?.[field]) ?? '';
}

function flagAt(part: string, field: string): FieldReader {
  return (object) => String(recordOf(object[part])?.[field] === true);
}

function textField(field: string): FieldReader {
  return (object) => textOf(object[field]) ?? '';
}

const INVOLVED_OBJECT_FIELDS = [
  'kind',
  'namespace',
  'name',
  'uid',
  'apiVersion',
  'resourceVersion',
  'fieldPath',
] as const;

const reportingComponent = textField('reportingComponent');

/** The fields that a real API server can select by, beyond the name. */
const SELECTABLE_FIELDS: ReadonlyMap<ApiResource, Readonly<Record<string, FieldReader>>> = new Map([
  [
    PODS,
    {
      ...NAME_AND_NAMESPACE,
      'spec.nodeName': textAt('spec', 'nodeName'),
      'spec.restartPolicy': textAt('spec', 'restartPolicy'),
      'spec.schedulerName': textAt('spec', 'schedulerName'),
      'spec.serviceAccountName': textAt('spec', 'serviceAccountName'),
      'spec.hostNetwork': flagAt('spec', 'hostNetwork'),
      'status.phase': textAt('status', 'phase'),
      'status.podIP': textAt('status', 'podIP'),
      'status.nominatedNodeName': textAt('status', 'nominatedNodeName'),
    },
  ],
  [NODES, { ...NAME, 'spec.unschedulable': flagAt('spec', 'unschedulable') }],
  [NAMESPACES, { ...NAME, 'status.phase': textAt('status', 'phase') }],
  [
    EVENTS,
    {
      ...NAME_AND_NAMESPACE,
      ...Object.fromEntries(
        INVOLVED_OBJECT_FIELDS.map((field) => [`involvedObject.${field}`, textAt('involvedObject', field)]),
      ),
      reason: textField('reason'),
      type: textField('type'),
      reportingComponent,
      source: (event) => textOf(recordOf(event['source'])?.['component']) ?? reportingComponent(event),
    },
  ],
  [CUSTOM_RESOURCE_DEFINITIONS, NAME_AND_NAMESPACE],
]);

/** Commas and operators lose their meaning behind a backslash. */
const REQUIREMENT = /(?:[^,\\]|\\.|\\$)+/gs;
const OPERATION = /^((?:[^=!\\]|\\.)*)(==|!=|=)(.*)$/s;

/** Tests that all have to be passed. Throws {@link ApiStatusError} for a field that the resource cannot be selected by. */
export function parseFieldSelector(resource: ApiResource, selector: string): readonly FieldTest[] {
  return [...selector.matchAll(REQUIREMENT)].map(([requirement]) =>
    parseRequirement(resource, selector, requirement),
  );
}

function parseRequirement(resource: ApiResource, selector: string, requirement: string): FieldTest {
  const [, field, operator, value] = OPERATION.exec(requirement) ?? [];
  if (field === undefined || value === undefined) {
    throw refusal(`invalid selector: '${selector}'; can't understand '${requirement}'`);
  }
  const read = readerOf(resource, field);
  const expected = unescape(value);
  return (object) => (read(object) === expected) === (operator !== '!=');
}

function readerOf(resource: ApiResource, field: string): FieldReader {
  const readers = SELECTABLE_FIELDS.get(resource) ?? (resource.namespaced ? NAME_AND_NAMESPACE : NAME);
  const reader = Object.hasOwn(readers, field) ? readers[field] : undefined;
  if (reader === undefined) {
    throw refusal(
      resource === CUSTOM_RESOURCE_DEFINITIONS
        ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`,
    );
  }
  return reader;
}

function unescape(value: string): string {
  return value.replaceAll(/\\(.?)|=/gs, (match, escaped: string | undefined) => {
    if (escaped === undefined) {
      throw refusal(`invalid field selector: unescaped character in value: ${match.charCodeAt(0)}`);
    }
    if (!['\\', ',', '='].includes(escaped)) {
      throw refusal(`invalid field selector: invalid escape sequence: ${match}`);
    }
    return escaped;
  });
}

function refusal(message: string): ApiStatusError {
  return new ApiStatusError(badRequest(message));
}
