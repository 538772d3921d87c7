import { labelKeyErrors, labelValueErrors } from '../registry/labelRules';
import type { FieldError } from '../schema/fieldError';
import { ApiStatusError, badRequest } from './apiStatus';

export type LabelTest = (labels: Readonly<Record<string, string>>) => boolean;

/** Operators of one or two characters, commas and parentheses; everything else is a word. */
const TOKEN = /\s*(==|!=|[=!<>,()]|[^\s=!<>,()]+)/gy;
const SPECIAL = /^[=!<>,()]+$/;

/** As the API server lists them. */
const OPERATORS = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];

/**
 * Tests that all have to be passed, from a selector with the full grammar of the API: `a`, `!a`, `a=b`, `a==b`, `a!=b`,
 * `a in (b,c)`, `a notin (b,c)`, `a>1`, `a<1`, joined by commas. Throws {@link ApiStatusError} for one that is malformed.
 */
export function parseLabelSelector(selector: string): readonly LabelTest[] {
  return new LabelSelectorParser(selector).parse();
}

class LabelSelectorParser {
  readonly #tokens: readonly string[];
  #next = 0;

  constructor(selector: string) {
    this.#tokens = [...selector.matchAll(TOKEN)].map(([, token = '']) => token);
  }

  parse(): readonly LabelTest[] {
    const tests: LabelTest[] = [];
    if (isOperator(this.#peek())) {
      throw malformed(`found '${this.#peek()}', expected: !, identifier, or 'end of string'`);
    }
    while (this.#peek() !== '') {
      tests.push(this.#requirement());
      const separator = this.#take();
      if (separator === ',') {
        if (this.#peek() === '' || isOperator(this.#peek())) {
          throw malformed(`found '${this.#peek()}', expected: identifier after ','`);
        }
      } else if (separator !== '') {
        throw malformed(`found '${separator}', expected: ',' or 'end of string'`);
      }
    }
    return tests;
  }

  #requirement(): LabelTest {
    const isNegated = this.#peek() === '!';
    if (isNegated) {
      this.#take();
    }
    const key = this.#take();
    if (key === '' || SPECIAL.test(key)) {
      throw refusal(`found '${key}', expected: identifier`);
    }
    throwIfWrong('<nil>', key, labelKeyErrors('', key));
    const following = this.#peek();
    if (isNegated || following === '' || following === ',') {
      return (labels) => Object.hasOwn(labels, key) !== isNegated;
    }
    return this.#comparison(key, this.#take());
  }

  #comparison(key: string, operator: string): LabelTest {
    switch (operator) {
      case 'in':
      case 'notin': {
        const values = this.#set(key);
        return (labels) => {
          const value = valueOf(labels, key);
          return (value !== undefined && values.has(value)) === (operator === 'in');
        };
      }
      case '=':
      case '==':
      case '!=': {
        const expected = this.#value(key);
        return (labels) => (valueOf(labels, key) === expected) === (operator !== '!=');
      }
      case '<':
      case '>': {
        const bound = this.#value(key);
        if (!/^-?\d+$/.test(bound)) {
          throw refusal(
            `values[0]: Invalid value: ${JSON.stringify(bound)}: for 'Gt', 'Lt' operators, the value must be an integer`,
          );
        }
        return (labels) => {
          const value = valueOf(labels, key);
          if (value === undefined || !/^-?\d+$/.test(value)) {
            return false;
          }
          return operator === '<' ? Number(value) < Number(bound) : Number(value) > Number(bound);
        };
      }
      default:
        throw refusal(`found '${operator}', expected: ${OPERATORS.join(', ')}`);
    }
  }

  /** An operator may have nothing behind it: then the value is empty. */
  #value(key: string): string {
    const value = this.#peek() === ',' ? '' : this.#take();
    if (SPECIAL.test(value)) {
      throw refusal(`found '${value}', expected: identifier`);
    }
    throwIfWrong(`values[0][${key}]`, value, labelValueErrors('', value));
    return value;
  }

  #set(key: string): ReadonlySet<string> {
    const open = this.#take();
    if (open !== '(') {
      throw refusal(`found '${open}' expected: '('`);
    }
    const values = new Set<string>();
    for (;;) {
      const value = this.#peek() === ',' || this.#peek() === ')' ? '' : this.#take();
      if (value === '' && this.#peek() === '') {
        throw refusal(`found '', expected: ',', ')' or identifier`);
      }
      throwIfWrong(`values[0][${key}]`, value, labelValueErrors('', value));
      values.add(value);
      const separator = this.#take();
      if (separator === ')') {
        return values;
      }
      if (separator !== ',') {
        throw refusal(`found '${separator}', expected: ',' or ')'`);
      }
    }
  }

  #peek(): string {
    return this.#tokens[this.#next] ?? '';
  }

  #take(): string {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }
}

function valueOf(labels: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Everything that is wrong with one word, as one error. */
function throwIfWrong(field: string, value: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) {
    const start = `Invalid value: ${JSON.stringify(value)}: `;
    throw refusal(`${field}: ${start}${errors.map(({ message }) => message.replace(start, '')).join('; ')}`);
  }
}

/** Where no key of a requirement begins. */
function isOperator(token: string): boolean {
  return token !== '!' && SPECIAL.test(token);
}

/** One requirement is wrong. */
function refusal(reason: string): ApiStatusError {
  return malformed(`unable to parse requirement: ${reason}`);
}

function malformed(message: string): ApiStatusError {
  return new ApiStatusError(badRequest(message));
}
