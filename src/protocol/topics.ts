import { fnv1a } from '../base/fnv1a';
import type { MetricKey } from './metric';

/** Longer than any name of Kubernetes with up to 70 dots; three such segments are far below what a pattern may be long. */
const MAX_SEGMENT_LENGTH = 400;

/**
 * Topics are dot-separated, source first after the kind; each segment is percent-encoded, since names contain dots.
 * A pattern is a topic in which `*` stands for one segment and `**` for any number of them. An empty name is `%`; of one that
 * is too long only its beginning and a checksum are left: two such names may share a topic, and are then both told of what
 * happens to either.
 */
export function encodeSegment(segment: string): string {
  // Half of a surrogate pair cannot be encoded.
  const encoded = encodeURIComponent(segment.toWellFormed()).replaceAll('.', '%2E').replaceAll('*', '%2A');
  if (encoded.length > MAX_SEGMENT_LENGTH) {
    return `${encoded.slice(0, MAX_SEGMENT_LENGTH)}~${fnv1a(encoded)}`;
  }
  return encoded === '' ? '%' : encoded;
}

export function clusterTopic(source: string, name: string): string {
  return `cluster.${encodeSegment(source)}.${encodeSegment(name)}`;
}

export function awayTopic(source: string, name: string): string {
  return `away.${encodeSegment(source)}.${encodeSegment(name)}`;
}

export function connectionTopic(source: string): string {
  return `connection.${encodeSegment(source)}`;
}

export function nodeTopic(source: string, persona: string, node: string): string {
  return `node.${encodeSegment(source)}.${encodeSegment(persona)}.${encodeSegment(node)}`;
}

/** Every node of one persona. */
export function nodesPattern(source: string, persona: string): string {
  return `node.${encodeSegment(source)}.${encodeSegment(persona)}.*`;
}

export function addonTopic(source: string, persona: string, addon: string): string {
  return `addon.${encodeSegment(source)}.${encodeSegment(persona)}.${encodeSegment(addon)}`;
}

/** Every add-on of one persona. */
export function addonsPattern(source: string, persona: string): string {
  return `addon.${encodeSegment(source)}.${encodeSegment(persona)}.*`;
}

export function alertTopic(source: string, fingerprint: string): string {
  return `alert.${encodeSegment(source)}.${encodeSegment(fingerprint)}`;
}

/** Every alert of a source and its personas. */
export function alertsPattern(source: string): string {
  return `alert.${encodeSegment(source)}.*`;
}

export function commandTopic(id: string): string {
  return `command.${encodeSegment(id)}`;
}

/** The series is the persona, the metric and, of one node, its name, in one segment. */
export function metricTopic({ source, name, metric, node }: MetricKey): string {
  const series = [name, metric, ...(node === undefined ? [] : [node])].map(encodeSegment).join('/');
  return `metric.${encodeSegment(source)}.${encodeSegment(series)}`;
}

export function logTopic(source: string, stream: string): string {
  return `log.${encodeSegment(source)}.${encodeSegment(stream)}`;
}

/** What all topics of a pattern have in common; what is absent may be any. */
export interface PatternScope {
  readonly kind?: string;
  readonly source?: string;
}

/** `undefined` for a pattern that stands for no topic of a source. */
export function scopeOfPattern(pattern: string): PatternScope | undefined {
  const [kind = '', source] = pattern.split('.', 2);
  const isAnySource = kind === '**' || source === '*' || source === '**';
  if (source === undefined && kind !== '**') {
    return undefined;
  }
  try {
    return {
      ...(kind === '*' || kind === '**' ? {} : { kind }),
      ...(isAnySource || source === undefined ? {} : { source: decodeURIComponent(source) }),
    };
  } catch {
    // No topic has a segment that cannot be decoded.
    return undefined;
  }
}
