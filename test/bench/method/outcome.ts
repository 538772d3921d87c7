import { variation } from './statistics';

type Figure = number | string | boolean | null;
type Figures = Readonly<Record<string, Figure>>;

/** The bound that the figure of the same name has to keep. */
type Target = { readonly atMost: number } | { readonly atLeast: number };
type Targets = Readonly<Record<string, Target>>;

/** What a bench found. */
export interface Outcome {
  readonly figures: Figures;
  readonly targets: Targets;
  /** Why the figures say little this time; empty when they can be relied on. */
  readonly doubts: readonly string[];
  /** Our figures beside those of others and the limits: first line the headings. */
  readonly table: readonly (readonly string[])[];
}

/** What is printed of an outcome as one line of JSON. */
export interface Verdict {
  readonly name: string;
  readonly figures: Figures;
  readonly targets: Readonly<Record<string, Target & { readonly met: boolean }>>;
  readonly met: boolean;
}

/** A control that varies by more makes the run inconclusive. */
const MAX_VARIATION = 0.2;

/** Says what is wrong with the control, in at most one sentence. A control that was not measured is wrong, too. */
export function doubtsOf(control: string, rounds: readonly number[]): string[] {
  const share = variation(rounds);
  if (share <= MAX_VARIATION) {
    return [];
  }
  return Number.isFinite(share)
    ? [`${control} varied by ${percent(share)} over the rounds, more than ${percent(MAX_VARIATION)}`]
    : [`${control} was not measured`];
}

export function isMet(figure: Figure | undefined, target: Target): boolean {
  if (typeof figure !== 'number') {
    return false;
  }
  return 'atMost' in target ? figure <= target.atMost : figure >= target.atLeast;
}

/** Judges each target by the figure as it is shown, so that nothing is met or missed by what nobody can see. */
export function verdictOf(name: string, { figures, targets, doubts }: Outcome): Verdict {
  const shown: Record<string, Figure> = {};
  for (const [key, figure] of Object.entries(figures)) {
    shown[key] = typeof figure === 'number' ? rounded(figure) : figure;
  }
  const judged: Record<string, Target & { readonly met: boolean }> = {};
  for (const [key, target] of Object.entries(targets)) {
    judged[key] = { ...target, met: isMet(shown[key], target) };
  }
  return {
    name,
    figures: { ...shown, inconclusive: doubts.length === 0 ? false : doubts.join('; ') },
    targets: judged,
    met: Object.values(judged).every(({ met }) => met),
  };
}

/** Three significant digits, and never fewer than all before the point; what was not measured is `null`. */
export function rounded(value: number): number | null {
  if (!Number.isFinite(value)) {
    return null;
  }
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
