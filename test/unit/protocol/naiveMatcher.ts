/** Whether `pattern` stands for `topic`, word for word as it is defined: the model that what is fast is compared with. */
export function standsFor(pattern: string, topic: string): boolean {
  return matchSegments(pattern.split('.'), topic.split('.'));
}

function matchSegments(pattern: readonly string[], topic: readonly string[]): boolean {
  const [first, ...others] = pattern;
  if (first === undefined) {
    return topic.length === 0;
  }
  if (first === '**') {
    return matchSegments(others, topic) || (topic.length > 0 && matchSegments(pattern, topic.slice(1)));
  }
  const [segment, ...rest] = topic;
  return segment !== undefined && (first === '*' || first === segment) && matchSegments(others, rest);
}
