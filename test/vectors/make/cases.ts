/** The form of test vectors: JSON that a verifier in any language reads. Bytes are `0x` hexadecimal, integers of any size decimal texts. */
import { Prg } from '../../../primitives/crypto/prg.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import type { RandomBytes } from '../../../primitives/crypto/bytes.ts';

/** What stands in a vector before it is written down. */
export type Datum =
  | Uint8Array
  | bigint
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Datum[]
  | { readonly [name: string]: Datum };

/** One vector: what is `given` to the function that `about` names `gives` something, or is refused with a code. */
export interface Case {
  readonly about: string;
  readonly name: string;
  readonly given: Datum;
  readonly gives?: Datum;
  /** Code of the error with which the input is refused. */
  readonly refused?: string;
}

/** The vectors of one file. */
export interface Vectors {
  /** Headings of docs/spec that they are about. */
  readonly spec: readonly string[];
  /** What is given to every case besides its own. */
  readonly common?: Readonly<Record<string, Datum>>;
  readonly cases: readonly Case[];
}

export function good(about: string, name: string, given: Datum, gives: Datum): Case {
  return { about, name, given, gives };
}

/** A vector that `body` refuses with an error of the product. Throws if it does not. */
export function bad(about: string, name: string, given: Datum, body: () => unknown): Case {
  try {
    body();
  } catch (error) {
    if (isTacitError(error)) return { about, name, given, refused: error.code };
    throw error;
  }
  throw new Error(`'${name}' is not refused`);
}

/** Bytes that look random and are the same in every making. */
export function randomOf(name: string): RandomBytes {
  const stream = new Prg(hash32Of('tacit/vectors/1', name));
  return (count) => stream.next(count);
}

function plain(datum: Datum): unknown {
  if (datum instanceof Uint8Array) return toHex(datum);
  if (typeof datum === 'bigint') return datum.toString();
  if (Array.isArray(datum)) return datum.map(plain);
  if (typeof datum !== 'object' || datum === null) return datum;
  return Object.fromEntries(Object.entries(datum).map(([name, value]) => [name, plain(value)]));
}

/** The text of a file of vectors: a case a line, so that a difference shows which. */
export function textOf({ spec, common, cases }: Vectors): string {
  const lines = cases.map(({ about, name, ...rest }) => {
    const shown = Object.entries(rest).map(([key, value]) => [key, plain(value as Datum)]);
    return JSON.stringify({ about, name, ...Object.fromEntries(shown) });
  });
  const head = [`"spec":${JSON.stringify(spec)}`, ...(common ? [`"common":${JSON.stringify(plain(common))}`] : [])];
  return `{${head.join(',\n')},\n"cases":[\n${lines.join(',\n')}\n]}\n`;
}

/** The same bytes but for one bit. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const out = bytes.slice();
  out[at]! ^= 1;
  return out;
}
