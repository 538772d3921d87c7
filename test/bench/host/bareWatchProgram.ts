import * as v from 'valibot';
import { instantMs } from '../method/instant';
import { serveProgram } from '../method/serveProgram';
import { followBare } from './followBare';
import { sequenceOf } from './sequence';
import type { Sighting } from './sighting';

/** The least that can be done with a watch: each line parsed, nothing kept. */

let sightings: Sighting[] = [];
let events = 0;
let cpuBefore = process.cpuUsage();

serveProgram({
  open: (kubeconfig) =>
    followBare(v.parse(v.string(), kubeconfig), ({ object }) => {
      const sequence = sequenceOf(object);
      events += 1;
      if (sequence !== undefined) {
        sightings.push({ sequence, atMs: instantMs() });
      }
    }),
  begin: () => {
    events = 0;
    cpuBefore = process.cpuUsage();
  },
  end: () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return { cpuMs: (user + system) / 1000, events };
  },
  sightings: () => {
    const taken = sightings;
    sightings = [];
    return taken;
  },
});
