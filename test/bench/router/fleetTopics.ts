import {
  addonTopic,
  alertTopic,
  awayTopic,
  clusterTopic,
  connectionTopic,
  metricTopic,
  nodeTopic,
} from '../../../src/protocol/topics';
import { seededRandom } from '../../../src/base/random';

const SOURCES = 40;
const PERSONAS_A_SOURCE = 50;
const TOPICS = 20_000;

export const sources = Array.from({ length: SOURCES }, (_, n) => `src-${n.toString(16).padStart(8, '0')}`);

/** Names as they are given, dots and all. */
export function personaNames(source: number): string[] {
  return Array.from({ length: PERSONAS_A_SOURCE }, (_, n) => `prod-${source}.eu-west-${n}.acme`);
}

/** What a fleet of 2,000 clusters tells about: 20,000 events, most of them of statuses, hardly two of one topic in a row. */
export function fleetTopics(): string[] {
  const random = seededRandom(11);
  const upTo = (count: number): number => Math.floor(random.next() * count);
  return Array.from({ length: TOPICS }, () => {
    const index = upTo(SOURCES);
    const source = sources[index] ?? '';
    const name = personaNames(index)[upTo(PERSONAS_A_SOURCE)] ?? '';
    const share = random.next();
    if (share < 0.5) {
      return clusterTopic(source, name);
    }
    if (share < 0.65) {
      return metricTopic({ source, name, metric: random.next() < 0.5 ? 'cpuPercent' : 'memoryPercent' });
    }
    if (share < 0.8) {
      return nodeTopic(source, name, `node-${upTo(30)}.internal`);
    }
    if (share < 0.9) {
      return connectionTopic(source);
    }
    return share < 0.94
      ? alertTopic(source, `nodeNotReady/${upTo(500)}`)
      : share < 0.97
        ? addonTopic(source, name, `addon-${upTo(20)}`)
        : awayTopic(source, name);
  });
}
