import { PatternIndex } from './patternIndex';

/** Says of topics whether some pattern stands for them. */
export interface TopicFilter {
  matches(topic: string): boolean;
  /** Whether some pattern stands for a topic that is `prefix`, or begins with it and a dot. */
  couldMatch(prefix: string): boolean;
}

/** Throws {@link ProblemError} `badRequest` for a pattern that cannot be used. */
export function topicFilter(patterns: readonly string[]): TopicFilter {
  const index = new PatternIndex<true>();
  index.add(patterns, true);
  return {
    matches: (topic) => index.match(topic).length > 0,
    couldMatch: (prefix) => index.couldMatch(prefix),
  };
}
