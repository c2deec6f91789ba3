/** Lanes and the parts of linear proofs: bytes, layouts, fields (§4.2, §5.2, §5.3, §5.11). */
import { Prg } from '../../../primitives/crypto/prg.ts';
import { PLAIN_MODULUS } from '../../../primitives/fhe/params.ts';
import {
  decodePlain,
  encodePlain,
  lagrangeAt,
  mulCubic,
  uniformPlain,
  uniformPoint,
  vanishingReciprocal,
} from '../../../primitives/linear/field.ts';
import { linearBytes, linearShape } from '../../../primitives/linear/shape.ts';
import { checkLane, laneBytes, type LaneSpec } from '../../../primitives/proofs/lane.ts';
import { bad, type Case, type Datum, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('linear');

export function laneGiven({ lane, part, values, digits, offset, normSq, total, bounds }: LaneSpec): Datum {
  return {
    lane,
    part,
    values,
    digits,
    offset,
    normSq: normSq ?? null,
    total: total ?? null,
    bounds: bounds ?? null,
  };
}

const update = { lane: 'update', digits: 2, offset: 128 } as const;

const LANES: Readonly<Record<string, LaneSpec>> = {
  'an update of 4,096 values': { ...update, part: 0, values: 4096, normSq: 1_000_000n },
  'an update of 8,192 values': { ...update, part: 1, values: 8192, normSq: 250_000n },
  'an update of 262,144 values': { ...update, part: 0, values: 262_144, normSq: 250_000n },
  'an update of 14 values': { ...update, part: 0, values: 14, normSq: 2n ** 40n },
  'uses of 32 items': { lane: 'usage', part: 2, values: 32, digits: 4, offset: 0, total: 65_535n },
  'one count': { lane: 'counts', part: 0, values: 1, digits: 12, offset: 0 },
  'a ballot': { lane: 'ballot', part: 0, values: 3, digits: 2, offset: 0, total: 100n },
  'a meter': { lane: 'meter', part: 0, values: 12, digits: 3, offset: 0, total: 77n, bounds: [1n, 40n, 4095n] },
};

const WRAPPING: Readonly<Record<string, LaneSpec>> = {
  'squares that reach t': { ...update, part: 0, digits: 7, offset: 0, values: 4, normSq: 9n },
  'a norm that reaches t': { ...update, part: 0, values: 4, normSq: PLAIN_MODULUS },
  'a total that reaches t': { lane: 'usage', part: 0, values: 64, digits: 12, offset: 0, total: 1n },
  'sums of a meter that reach t': {
    lane: 'meter',
    part: 0,
    values: 1024,
    digits: 11,
    offset: 0,
    total: 1n,
    bounds: Array.from({ length: 256 }, () => 5n),
  },
};

const MOST_VALUES = 8192;

function lanes(): Case[] {
  const shown = Object.entries(LANES).flatMap(([name, spec]) => {
    const shape = linearShape(spec);
    const { rows, wires, range, squares, padding } = shape;
    return [
      good('laneBytes', name, laneGiven(spec), laneBytes(spec)),
      good('linearShape', name, laneGiven(spec), { rows, wires, range, squares, padding, ...linearBytes(shape) }),
    ];
  });
  const wrapping = Object.entries(WRAPPING).map(([name, spec]) =>
    bad('lane', name, laneGiven(spec), () => checkLane(spec, MOST_VALUES)),
  );
  return [...shown, ...wrapping];
}

function fields(): Case[] {
  const prg = new Prg(random(32));
  const elements = Array.from({ length: 4 }, () => uniformPoint(prg));
  const [a, b, rho, other] = elements as [BigUint64Array, BigUint64Array, BigUint64Array, BigUint64Array];
  const top = BigUint64Array.from([PLAIN_MODULUS - 1n, PLAIN_MODULUS - 1n, PLAIN_MODULUS - 1n]);
  const products = [
    [a, b],
    [a, other],
    [top, top],
  ] as const;
  return [
    ...products.map(([x, y], i) => good('cubicProduct', `pair ${i}`, [[...x], [...y]], [...mulCubic(x, y)])),
    ...[1, 2, 7].map((count) =>
      good('cubicLagrange', `${count} points from 3`, { rho: [...rho], first: 3, count }, [
        ...lagrangeAt(rho, 3, count),
      ]),
    ),
    good('cubicVanishing', 'of 5 points', { rho: [...rho], count: 5 }, [...vanishingReciprocal(rho, 5)]),
  ];
}

/** Elements of a key stream. */
function streams(): Case[] {
  const seed = random(32);
  const counts = [1, 2, 3, 100];
  return counts.map((count) =>
    good('uniformPlain', `${count} elements`, { seed, count }, [...uniformPlain(new Prg(seed), count)]),
  );
}

function packing(): Case[] {
  const words = BigUint64Array.from([0n, PLAIN_MODULUS - 1n, 1n, 2n ** 49n, 5n]);
  const bytes = encodePlain(words);
  const read = (name: string, data: Uint8Array): Case =>
    bad('unpackPlain', name, { data, count: 5 }, () => decodePlain(data, 5));
  const over = bytes.map((byte, i) => (i < 7 ? 255 : byte));
  const behind = bytes.map((byte, i) => (i === bytes.length - 1 ? byte | 128 : byte));
  return [
    good('unpackPlain', 'five elements', { data: bytes, count: 5 }, [...words]),
    read('not below t', over),
    read('a bit behind the last', behind),
    read('a byte less', bytes.slice(1)),
  ];
}

export function linearVectors(): Vectors {
  return { spec: ['§4.2', '§5.2', '§5.3', '§5.11'], cases: [...lanes(), ...fields(), ...streams(), ...packing()] };
}
