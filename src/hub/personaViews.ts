import type { KubeObject } from '../base/kubeObject';
import { decodePersona, type ClusterPersona } from '../persona/clusterPersona';
import { personaHealth } from '../persona/health';
import { toSummaryRow } from '../persona/summaryRow';
import type { SummaryRow } from '../protocol/summaryRow';

/**
 * What is derived from an object, made when first asked for and kept as long as the object is: objects are replaced,
 * never changed, so each is decoded once however many ask.
 */
export class PersonaViews {
  readonly #source: string;
  readonly #personas = new WeakMap<KubeObject, ClusterPersona>();
  readonly #rows = new WeakMap<KubeObject, SummaryRow>();

  constructor(source: string) {
    this.#source = source;
  }

  persona(object: KubeObject): ClusterPersona {
    let persona = this.#personas.get(object);
    if (persona === undefined) {
      persona = decodePersona(object);
      this.#personas.set(object, persona);
    }
    return persona;
  }

  /** Whether somebody should look at it; what is unknown is no reason to. */
  isUnhealthy(object: KubeObject): boolean {
    const health = personaHealth(this.persona(object));
    return health === 'warning' || health === 'error';
  }

  row(object: KubeObject): SummaryRow {
    let row = this.#rows.get(object);
    if (row === undefined) {
      row = toSummaryRow(this.#source, this.persona(object));
      this.#rows.set(object, row);
    }
    return row;
  }
}
