import {
  addonTopic,
  awayTopic,
  clusterTopic,
  connectionTopic,
  encodeSegment,
} from '../../../src/protocol/topics';
import { personaNames, sources } from './fleetTopics';
import type { SUBSCRIBERS } from './routerParams';

const MATCHING = 10;
const MANY = 10_000;
const KINDS = ['cluster', 'metric', 'node', 'connection', 'alert', 'addon', 'away'];

/** The patterns of each subscriber; no two of one subscriber stand for the same topic, which eventemitter2 would tell twice. */
export function patternsOf(subscribers: (typeof SUBSCRIBERS)[number]): string[][] {
  switch (subscribers) {
    case 'mixed':
      return mixed();
    case 'few':
      return matching();
    case 'many': {
      const others = Array.from({ length: MANY - MATCHING }, (_, n) => {
        const source = sources[n % sources.length] ?? '';
        return [clusterTopic(source, `not-there-${n}`)];
      });
      // Those that match are among the others.
      const among = others.length / MATCHING;
      return matching().flatMap((patterns, n) => [
        ...others.slice(Math.floor(n * among), Math.floor((n + 1) * among)),
        patterns,
      ]);
    }
    default:
      return subscribers satisfies never;
  }
}

/** Views of the fleet that name the sources they show, half of them also what they want to hear of: all match everything. */
function matching(): string[][] {
  return Array.from({ length: MATCHING }, (_, n) =>
    sources.flatMap((source) =>
      (n % 2 === 0 ? ['*'] : KINDS).map((kind) => `${kind}.${encodeSegment(source)}.**`),
    ),
  );
}

/** 60 detail panels, 20 lists of one source, and 20 that look at the fleet: tree, status bar, badges, feeds. */
function mixed(): string[][] {
  const panels = Array.from({ length: 60 }, (_, n) => {
    const index = (7 * n) % sources.length;
    const source = sources[index] ?? '';
    const name = personaNames(index)[n % 50] ?? '';
    return [
      clusterTopic(source, name),
      awayTopic(source, name),
      connectionTopic(source),
      `node.${encodeSegment(source)}.${encodeSegment(name)}.*`,
      addonTopic(source, name, 'addon-3'),
      `alert.${encodeSegment(source)}.**`,
    ];
  });
  const lists = sources.slice(0, 20).map((source) => [`*.${encodeSegment(source)}.**`]);
  const fleet = Array.from({ length: 4 }, () => [
    ['cluster.*.*', 'away.*.*', 'connection.*'],
    ['connection.**'],
    ['**.addon-7'],
    ['alert.**', 'node.**.node-1%2Einternal'],
    ['metric.*.*', 'command.*'],
  ]).flat();
  return [...panels, ...lists, ...fleet];
}
