/** Damaged inputs for one decoder: what it may do with them, and what it must not. */
import { getHeapStatistics } from 'node:v8';
import { sameBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { Random } from '../runtime/hostile/random.ts';
import { damaged, damagedJson } from './damage.ts';

interface Named {
  readonly name: string;
  /** What it runs, as `file#declaration`: see {@link decoders}. */
  readonly covers: readonly string[];
  /** The part of the wished inputs that it is given: 1 but for what takes milliseconds an input. */
  readonly share?: number;
}
/** Reads bytes, and may take its time. Gives what the value encodes back to; undefined for a refusal without an error, and where a value has no encoding. */
export interface BytesDecoder extends Named {
  readonly seeds: () => readonly Uint8Array[];
  readonly texts?: undefined;
  readonly read: (bytes: Uint8Array) => Uint8Array | undefined | Promise<Uint8Array | undefined>;
}
/** Reads a text, of JSON mostly; may take its time. */
export interface TextDecoder extends Named {
  readonly texts: () => readonly string[] | Promise<readonly string[]>;
  readonly seeds?: undefined;
  readonly read: (text: string) => unknown;
}
export type Decoder = BytesDecoder | TextDecoder;

/** What a decoder must not do, and with which input: hexadecimal, or the text. */
export interface Finding {
  readonly decoder: string;
  readonly what: string;
  readonly input: string;
}

/** Bytes of the longest inputs. */
const LONGEST = 1 << 16;
/** One input of so many is made long. */
const LONG = 500;
/** An input may take so long, and so long for each of its bytes; memory likewise. What a busy machine delays is tried again. */
const MILLISECONDS = 25;
const MILLISECONDS_A_BYTE = 0.005;
const MEMORY = 4 << 20;
const MEMORY_A_BYTE = 400;
const TRIES = 4;

const isText = (decoder: Decoder): decoder is TextDecoder => decoder.texts !== undefined;

export const inputOf = (input: Uint8Array | string): string => (typeof input === 'string' ? input : toHex(input));

const memory = (): number => {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
};

/** What came out, and what it cost. */
interface Outcome {
  readonly wrong: string | undefined;
  readonly milliseconds: number;
  readonly bytes: number;
}

async function once(decoder: Decoder, input: Uint8Array | string): Promise<Outcome> {
  const [before, begin] = [memory(), performance.now()];
  let wrong: string | undefined;
  try {
    const answer =
      typeof input === 'string' ? (decoder as TextDecoder).read(input) : (decoder as BytesDecoder).read(input);
    const again: unknown = answer instanceof Promise ? await answer : answer;
    if (again instanceof Uint8Array && typeof input !== 'string' && !sameBytes(again, input)) {
      wrong = `another encoding: ${toHex(again).slice(0, 400)}`;
    }
  } catch (error) {
    if (!isTacitError(error)) wrong = error instanceof Error ? (error.stack ?? `${error}`) : `throws ${String(error)}`;
  }
  return { wrong, milliseconds: performance.now() - begin, bytes: memory() - before };
}

/** What a decoder does wrong with an input; undefined if it keeps within what it may. */
export async function wrongOf(decoder: Decoder, input: Uint8Array | string): Promise<string | undefined> {
  const size = input.length;
  const [time, space] = [MILLISECONDS + MILLISECONDS_A_BYTE * size, MEMORY + MEMORY_A_BYTE * size];
  const scale = 1 / (decoder.share ?? 1);
  let least: Outcome | undefined;
  for (let left = TRIES; left > 0; left--) {
    const { wrong, milliseconds, bytes } = await once(decoder, input);
    if (wrong !== undefined) return wrong;
    least = {
      wrong,
      milliseconds: Math.min(milliseconds, least?.milliseconds ?? Infinity),
      bytes: Math.min(bytes, least?.bytes ?? Infinity),
    };
    if (least.milliseconds <= time * scale && least.bytes <= space * scale) return undefined;
  }
  const { milliseconds = 0, bytes = 0 } = least ?? {};
  return `${Math.round(milliseconds)} ms and ${bytes} bytes of memory for an input of ${size}`;
}

/** A long input: a piece of a valid one many times. */
function longBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const size = 1 << (10 + random.below(7));
  const piece = bytes.subarray(random.below(bytes.length + 1)).subarray(0, random.pick([1, 2, 4, 33, bytes.length]));
  const out = new Uint8Array(Math.min(LONGEST, size));
  out.set(bytes.subarray(0, out.length));
  for (let at = bytes.length; piece.length > 0 && at < out.length; at += piece.length) {
    out.set(piece.subarray(0, out.length - at), at);
  }
  return out;
}

function longText(text: string, random: Random): string {
  const many = 1 << (8 + random.below(8));
  const piece = random.pick(['[', '{"a":', '9', 'f', ' ', '\\u0000', text, 'A', '("', ')']);
  const at = random.below(text.length + 1);
  return (text.slice(0, at) + piece.repeat(many)).slice(0, LONGEST) + text.slice(at);
}

/** Valid inputs, and what draws damaged ones. */
async function inputs(
  decoder: Decoder,
  random: Random,
): Promise<{ valid: readonly (Uint8Array | string)[]; next: () => Uint8Array | string }> {
  if (isText(decoder)) {
    const valid = await decoder.texts();
    const next = (): string => {
      const seed = random.pick(valid);
      return random.once(LONG) ? longText(seed, random) : damagedJson(seed, random, valid);
    };
    return { valid, next };
  }
  const valid = decoder.seeds();
  const next = (): Uint8Array => {
    const seed = random.pick(valid);
    return random.once(LONG) ? longBytes(seed, random) : damaged(seed, random, valid);
  };
  return { valid, next };
}

/** What a decoder does wrong with `count` damaged inputs of this seed: the first of each kind. Its own seeds come first, and must be taken. */
export async function attack(decoder: Decoder, count: number, seed: number): Promise<Finding[]> {
  const found = new Map<string, Finding>();
  const note = (input: Uint8Array | string, what: string | undefined): void => {
    const kind = what
      ?.split('\n')
      .slice(0, 2)
      .join(' ')
      .replaceAll(/[0-9a-f]{8,}|\d+/g, '#')
      .slice(0, 120);
    if (what === undefined || kind === undefined || found.has(kind)) return;
    found.set(kind, { decoder: decoder.name, what, input: inputOf(input) });
  };
  const { valid, next } = await inputs(decoder, new Random(seed ^ nameSeed(decoder.name)));
  if (valid.length === 0) throw new Error(`${decoder.name} has no valid input to begin with`);
  for (const input of valid) note(input, await wrongOf(decoder, input));
  const wished = Math.ceil(count * (decoder.share ?? 1));
  for (let i = 0; i < wished; i++) {
    const input = next();
    note(input, await wrongOf(decoder, input));
  }
  return [...found.values()];
}

/** So that decoders are not all given the same choices. */
const nameSeed = (name: string): number => utf8(name).reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 7);
