/** Damages valid encodings, knowing what they are made of: lengths, compact integers, fixed parts, lists; of JSON its places. */
import { concatBytes, littleEndian, utf8 } from '../../primitives/crypto/bytes.ts';
import { Writer } from '../../primitives/scale/index.ts';
import type { Random } from '../runtime/hostile/random.ts';

const EDGES = [0, 1, 2, 3, 4, 63, 64, 127, 128, 252, 253, 254, 255] as const;
const WIDE = [0n, 1n, 63n, 64n, 16_383n, 16_384n, 2n ** 30n - 1n, 2n ** 30n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 64n - 1n];
const WIDTHS = [2, 4, 8, 16] as const;
/** Compact integers longer than needed, and wider than any. */
const WRONG_COMPACTS: readonly (readonly number[])[] = [
  [0x01, 0x00],
  [0x02, 0x00, 0x00, 0x00],
  [0x03, 0x00, 0x00, 0x00, 0x00],
  [0x03, 0xff, 0xff, 0xff, 0x3f],
  [0xff, ...Array.from({ length: 67 }, () => 0xff)],
];

type Change = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array;

const spliced = (bytes: Uint8Array, from: number, to: number, inner: Uint8Array): Uint8Array =>
  concatBytes(bytes.subarray(0, from), inner, bytes.subarray(to));

/** A piece of what is given: where it begins and ends. */
function piece({ length }: Uint8Array, random: Random): readonly [from: number, to: number] {
  const from = random.below(length + 1);
  const size = random.pick([1, 2, 4, 8, 32, 64, length]);
  return [from, Math.min(length, from + random.below(size + 1))];
}

function compactAt(bytes: Uint8Array, at: number): number {
  const mode = (bytes[at] ?? 0) & 3;
  return mode === 3 ? ((bytes[at] ?? 0) >> 2) + 5 : 1 << mode;
}

const compactOf = (value: bigint): Uint8Array => {
  const writer = new Writer(20);
  writer.compact(value);
  return writer.finish();
};

const CHANGES: readonly Change[] = [
  function flipBit(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[random.below(out.length)]! ^= 1 << random.below(8);
    return out;
  },
  function setByte(bytes, random) {
    const out = bytes.slice();
    if (out.length > 0) out[random.below(out.length)] = random.pick(EDGES);
    return out;
  },
  function cutTail(bytes, random) {
    return bytes.slice(0, random.below(bytes.length + 1));
  },
  function cutPiece(bytes, random) {
    return spliced(bytes, ...piece(bytes, random), new Uint8Array());
  },
  function repeatPiece(bytes, random) {
    const [from, to] = piece(bytes, random);
    const copies = Array.from({ length: 1 + random.below(4) }, () => bytes.subarray(from, to));
    return spliced(bytes, from, from, concatBytes(...copies));
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    return spliced(bytes, at, at, random.bytes(1 + random.below(8)));
  },
  function spliceOther(bytes, random, others) {
    const other = random.pick(others);
    const [from, to] = piece(other, random);
    return spliced(bytes, ...piece(bytes, random), other.subarray(from, to));
  },
  function replaceInteger(bytes, random) {
    const width = random.pick(WIDTHS);
    const at = random.below(bytes.length + 1);
    const value = BigInt.asUintN(8 * width, random.pick(WIDE));
    return spliced(bytes, at, Math.min(bytes.length, at + width), littleEndian(value, width));
  },
  function replaceCompact(bytes, random) {
    const at = random.once(3) ? 0 : random.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + compactAt(bytes, at));
    const wrong = random.once(4) ? Uint8Array.from(random.pick(WRONG_COMPACTS)) : compactOf(random.pick(WIDE));
    return spliced(bytes, at, end, wrong);
  },
  function fillPiece(bytes, random) {
    const [from, to] = piece(bytes, random);
    return bytes.slice().fill(random.pick([0, 255]), from, to);
  },
];

/** What an input is changed into: by one to four changes. */
export function damaged(bytes: Uint8Array, random: Random, others: readonly Uint8Array[]): Uint8Array {
  let out = bytes;
  for (let left = 1 + random.below(4); left > 0; left--) out = random.pick(CHANGES)(out, random, others);
  return out;
}

/** Values that stand in the place of another in JSON. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  '0x',
  '0x0',
  '0xzz',
  '-1',
  '007',
  '9'.repeat(400),
  `0x${'ff'.repeat(32)}`,
  '\u{1F600}\uD800',
  [],
  {},
  [[]],
];

interface Place {
  readonly of: Record<string, unknown>;
  readonly name: string;
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const name of Object.keys(value)) {
    const of = value as Record<string, unknown>;
    found.push({ of, name });
    placesIn(of[name], found);
  }
  return found;
}

function changePlace({ of, name }: Place, places: readonly Place[], random: Random): void {
  const whole = of[name];
  switch (random.below(6)) {
    case 0:
      if (Array.isArray(of)) of.splice(Number(name), 1);
      else delete of[name];
      return;
    case 1:
      of[random.pick(['__proto__', 'constructor', 'length', `${name}x`])] = whole;
      return;
    case 2: {
      const other = random.pick(places);
      of[name] = structuredClone(other.of[other.name]);
      return;
    }
    case 3:
      of[name] = Array.isArray(whole) ? [...(whole as unknown[]), ...(whole as unknown[])] : [whole];
      return;
    case 4:
      of[name] = typeof whole === 'string' ? changedText(whole, random) : random.pick(STRANGE);
      return;
    default:
      of[name] = random.pick(STRANGE);
  }
}

function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const inner = random.pick(['', '0', 'f', '-', ' ', '\0', text, 'é', '1'.repeat(30)]);
  return text.slice(0, at) + inner + text.slice(at + random.below(3));
}

/** The same for a text of JSON: half of the time at a place of it, else as bytes, whatever becomes of it. */
export function damagedJson(text: string, random: Random, others: readonly string[]): string {
  if (random.once(3)) {
    return new TextDecoder().decode(damaged(utf8(text), random, others.map(utf8)));
  }
  try {
    const whole = { value: JSON.parse(text) as unknown };
    for (let left = 1 + random.below(3); left > 0; left--) {
      const places = placesIn(whole);
      changePlace(random.pick(places), places, random);
    }
    return JSON.stringify(whole.value) ?? '';
  } catch {
    return changedText(text, random);
  }
}
