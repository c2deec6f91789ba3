/** SPDX licence expressions (SPDX 2.3, annex D; operators in any case, as SPDX 3.1 has them): read into a choice of sets of licences, within bounds. */

/** One licence as written, with the exception that follows it. */
export interface Written {
  readonly licence: string;
  readonly exception?: string;
}
/** All of these together. */
export type AllOf = readonly Written[];
/** Any one of these. */
export type AnyOf = readonly AllOf[];

export const MAX_TOKENS = 48;
export const MAX_DEPTH = 8;
export const MAX_ALTERNATIVES = 16;
export const MAX_TOGETHER = 8;

/** Ends the reading: what is not an expression within the bounds names no licence. */
class Unreadable extends Error {}

function tokensOf(text: string): string[] {
  const tokens = text.match(/[()]|[A-Za-z0-9.+-]+|\S/g) ?? [];
  if (tokens.length > MAX_TOKENS) throw new Unreadable();
  return tokens;
}

function bounded(alternatives: AnyOf): AnyOf {
  const isLarge = alternatives.length > MAX_ALTERNATIVES || alternatives.some((set) => set.length > MAX_TOGETHER);
  if (isLarge) throw new Unreadable();
  return alternatives;
}

/** All of the sets of one side with all of the sets of the other. */
export function combine(one: AnyOf, other: AnyOf): AnyOf {
  if (one.length * other.length > MAX_ALTERNATIVES) throw new Unreadable();
  return bounded(one.flatMap((left) => other.map((right) => [...left, ...right])));
}

class Parser {
  readonly #tokens: string[];
  #at = 0;

  constructor(tokens: string[]) {
    this.#tokens = tokens;
  }

  whole(): AnyOf {
    const found = this.#any(0);
    if (this.#at !== this.#tokens.length) throw new Unreadable();
    return found;
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at]?.toUpperCase() !== token) return false;
    this.#at += 1;
    return true;
  }

  #any(depth: number): AnyOf {
    let found = this.#all(depth);
    while (this.#takes('OR')) found = bounded([...found, ...this.#all(depth)]);
    return found;
  }

  #all(depth: number): AnyOf {
    let found = this.#one(depth);
    while (this.#takes('AND')) found = combine(found, this.#one(depth));
    return found;
  }

  #one(depth: number): AnyOf {
    if (depth > MAX_DEPTH) throw new Unreadable();
    if (this.#takes('(')) {
      const found = this.#any(depth + 1);
      if (!this.#takes(')')) throw new Unreadable();
      return found;
    }
    const licence = this.#name();
    return [[this.#takes('WITH') ? { licence, exception: this.#name() } : { licence }]];
  }

  #name(): string {
    const token = this.#tokens[this.#at];
    const isName = token !== undefined && /^[A-Za-z0-9][A-Za-z0-9.-]*\+?$/.test(token);
    if (!isName || ['AND', 'OR', 'WITH'].includes(token.toUpperCase())) throw new Unreadable();
    this.#at += 1;
    return token;
  }
}

/**
 * Reads an expression: AND binds closer than OR, WITH closer than both.
 * Undefined if it is none, or beyond the bounds (`MAX_TOKENS`, `MAX_DEPTH`, `MAX_ALTERNATIVES`, `MAX_TOGETHER`).
 */
export function parseExpression(text: string): AnyOf | undefined {
  try {
    return new Parser(tokensOf(text)).whole();
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}
