const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
/** What a terminal's theme has for the bright ones comes after these. */
const BASIC = NAMES.length;

const ESCAPE = String.fromCharCode(0x1b);
const SGR = new RegExp(`^${ESCAPE}\\[([0-9;:]*)m$`);
/** More than anybody combines. */
const MAX_PARAMETERS = 64;

/** The parameters of a sequence that selects colours and weights; undefined for any other. */
export function readSgr(sequence: string): readonly number[] | undefined {
  const parameters = SGR.exec(sequence)?.[1];
  return parameters?.split(/[;:]/, MAX_PARAMETERS).map(Number);
}

/**
 * How text is to look after the sequences so far. Colours are those of the theme's terminal: of the 256, and of those that are
 * mixed, the nearest of its 16, so that text stays readable in every theme. What would hide text hides none.
 */
export class AnsiStyle {
  #foreground: number | undefined;
  #background: number | undefined;
  readonly #flags = new Set<string>();
  #classes = '';

  get classes(): string {
    return this.#classes;
  }

  apply(parameters: readonly number[]): void {
    for (let index = 0; index < parameters.length; index += 1) {
      const code = parameters[index] ?? 0;
      if (code === 38 || code === 48) {
        const colour = extendedColour(parameters, index);
        index += colour.length;
        this.#set(code === 38, colour.index);
      } else {
        this.#apply(code);
      }
    }
    const inverse = this.#flags.has('inverse');
    const names = [
      ...[...this.#flags].map((flag) => `ansi-${flag}`),
      ...(this.#foreground === undefined
        ? []
        : [`ansi-${inverse ? 'bg' : 'fg'}-${nameOf(this.#foreground)}`]),
      ...(this.#background === undefined
        ? []
        : [`ansi-${inverse ? 'fg' : 'bg'}-${nameOf(this.#background)}`]),
    ];
    this.#classes = names.join(' ');
  }

  #apply(code: number): void {
    switch (true) {
      case code === 0:
        this.#foreground = undefined;
        this.#background = undefined;
        this.#flags.clear();
        return;
      case code === 1:
        this.#flags.add('bold');
        return;
      case code === 2:
        this.#flags.add('dim');
        return;
      case code === 3:
        this.#flags.add('italic');
        return;
      case code === 4:
        this.#flags.add('underline');
        return;
      case code === 7:
        this.#flags.add('inverse');
        return;
      case code === 9:
        this.#flags.add('strike');
        return;
      case code === 22:
        this.#flags.delete('bold');
        this.#flags.delete('dim');
        return;
      case code === 23:
        this.#flags.delete('italic');
        return;
      case code === 24:
        this.#flags.delete('underline');
        return;
      case code === 27:
        this.#flags.delete('inverse');
        return;
      case code === 29:
        this.#flags.delete('strike');
        return;
      case code >= 30 && code <= 37:
        this.#set(true, code - 30);
        return;
      case code === 39:
        this.#set(true, undefined);
        return;
      case code >= 40 && code <= 47:
        this.#set(false, code - 40);
        return;
      case code === 49:
        this.#set(false, undefined);
        return;
      case code >= 90 && code <= 97:
        this.#set(true, code - 90 + BASIC);
        return;
      case code >= 100 && code <= 107:
        this.#set(false, code - 100 + BASIC);
        return;
      default:
    }
  }

  #set(isForeground: boolean, colour: number | undefined): void {
    if (isForeground) {
      this.#foreground = colour;
    } else {
      this.#background = colour;
    }
  }
}

function nameOf(colour: number): string {
  const name = NAMES[colour % BASIC] ?? 'white';
  return colour < BASIC ? name : `bright-${name}`;
}

/** The colour after a 38 or 48, as one of the 16; and how many parameters it took. */
function extendedColour(
  parameters: readonly number[],
  at: number,
): { readonly index: number | undefined; readonly length: number } {
  const [kind, a = 0, b = 0, c = 0] = parameters.slice(at + 1, at + 5);
  if (kind === 5) {
    return { index: ofPalette(a), length: 2 };
  }
  return kind === 2 ? { index: nearest(a, b, c), length: 4 } : { index: undefined, length: 1 };
}

function ofPalette(index: number): number | undefined {
  if (!(index >= 0 && index <= 255)) {
    return undefined;
  }
  if (index < 16) {
    return index;
  }
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return nearest(grey, grey, grey);
  }
  const cube = index - 16;
  const step = (level: number): number => (level === 0 ? 0 : 55 + level * 40);
  return nearest(step(Math.floor(cube / 36)), step(Math.floor(cube / 6) % 6), step(cube % 6));
}

/** A channel that is at least this far from the strongest one is dark. */
const DARK_SHARE = 0.6;
const BRIGHT_FROM = 200;
const BLACK_BELOW = 50;

/** By which channels are strong: the bits of a colour's number are red, green and blue. */
function nearest(red: number, green: number, blue: number): number {
  const strongest = Math.max(red, green, blue);
  if (!(strongest >= BLACK_BELOW)) {
    return 0;
  }
  const bit = (value: number, weight: number): number => (value >= strongest * DARK_SHARE ? weight : 0);
  const index = bit(red, 1) + bit(green, 2) + bit(blue, 4);
  if (index === 7) {
    // Greys: dark ones are the theme's bright black.
    return strongest >= BRIGHT_FROM ? 15 : strongest >= 128 ? 7 : BASIC;
  }
  return index + (strongest >= BRIGHT_FROM ? BASIC : 0);
}
