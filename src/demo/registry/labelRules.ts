import { invalidValue, type FieldError } from '../schema/fieldError';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_MAX_LENGTH = 253;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_MAX_LENGTH = 63;
const LABEL_NAME_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** `name` is what has to be right, `given` what is shown. */
export function subdomainErrors(field: string, name: string, given: string): readonly FieldError[] {
  return [
    ...(name.length > SUBDOMAIN_MAX_LENGTH
      ? [invalidValue(field, given, `must be no more than ${SUBDOMAIN_MAX_LENGTH} characters`)]
      : []),
    ...(SUBDOMAIN.test(name) ? [] : [invalidValue(field, given, SUBDOMAIN_RULE)]),
  ];
}

/** A qualified name: a domain may stand before its name. */
export function labelKeyErrors(field: string, key: string): readonly FieldError[] {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const errors: FieldError[] = [];
  if (parts.length > 2) {
    return [
      invalidValue(
        field,
        key,
        `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ),
    ];
  }
  const [domain] = parts;
  if (parts.length === 2 && domain !== undefined) {
    if (domain === '') {
      errors.push(invalidValue(field, key, 'prefix part must be non-empty'));
    } else if (!SUBDOMAIN.test(domain)) {
      errors.push(invalidValue(field, key, `prefix part ${SUBDOMAIN_RULE}`));
    }
  }
  if (name === '') {
    errors.push(invalidValue(field, key, 'name part must be non-empty'));
  } else if (name.length > LABEL_MAX_LENGTH) {
    errors.push(invalidValue(field, key, `name part must be no more than ${LABEL_MAX_LENGTH} bytes`));
  }
  if (!LABEL_NAME.test(name)) {
    errors.push(invalidValue(field, key, LABEL_NAME_RULE));
  }
  return errors;
}

/** The value of a label; it may be empty. */
export function labelValueErrors(field: string, value: string): readonly FieldError[] {
  return [
    ...(value.length > LABEL_MAX_LENGTH
      ? [invalidValue(field, value, `must be no more than ${LABEL_MAX_LENGTH} bytes`)]
      : []),
    ...(value === '' || LABEL_NAME.test(value) ? [] : [invalidValue(field, value, LABEL_VALUE_RULE)]),
  ];
}
