/** What Go's JSON package calls the kind of a value. */
export function goKind(value: unknown): string {
  if (Array.isArray(value)) {
    return 'array';
  }
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'string':
    case 'number':
      return typeof value;
    default:
      return value === null ? 'null' : 'object';
  }
}
