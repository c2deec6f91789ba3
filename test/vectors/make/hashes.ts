/** Hash framing, key streams, hashes of Substrate (§1.2, §14.1). */
import { fromSignedLittleEndian, littleEndian, signedLittleEndian } from '../../../primitives/crypto/bytes.ts';
import {
  blake2_128,
  blake2b256,
  blake2b512,
  hash32Of,
  hashOf,
  type HashPart,
  twox128,
  twox64,
} from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { bad, type Case, type Datum, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('hashes');

/** A part with its kind, so that a reader knows a text from an integer. */
const partOf = (part: HashPart): Datum =>
  typeof part === 'string' ? { text: part } : part instanceof Uint8Array ? { bytes: part } : { integer: BigInt(part) };

function hashes(): Case[] {
  const lists: readonly (readonly HashPart[])[] = [
    [],
    [''],
    ['', ''],
    [random(3)],
    [random(1), random(2)],
    ['text', 7, 2n ** 64n - 1n, random(200)],
    ['täglich', 0],
    [random(1000)],
  ];
  return lists.map((parts, i) =>
    good('hashOf', `parts ${i}`, { label: 'tacit/example/1', parts: parts.map(partOf) }, [
      hashOf('tacit/example/1', ...parts),
      hash32Of('tacit/example/1', ...parts),
    ]),
  );
}

function integers(): Case[] {
  const values = [0n, 1n, -1n, 127n, -128n, 2n ** 95n - 1n, -(2n ** 95n)];
  const fits = (value: bigint): Case => {
    const bytes = signedLittleEndian(value, 12);
    if (fromSignedLittleEndian(bytes) !== value) throw new Error('not its own inverse');
    return good('signedInteger', `${value} in 12 bytes`, { value, length: 12 }, bytes);
  };
  const tooLarge = [2n ** 95n, -(2n ** 95n) - 1n].map((value) =>
    bad('signedInteger', `${value} in 12 bytes`, { value, length: 12 }, () => signedLittleEndian(value, 12)),
  );
  const none = bad('hashOf', 'an integer of nine bytes', { label: 'l', parts: [{ integer: 2n ** 64n }] }, () =>
    littleEndian(2n ** 64n, 8),
  );
  return [...values.map(fits), ...tooLarge, none];
}

function streams(): Case[] {
  const seed = random(32);
  const cuts = [[64], [1, 63, 64], [100, 28, 1000], [5000]];
  const cases = cuts.map((lengths) => {
    const prg = new Prg(seed);
    return good(
      'keyStream',
      `cut into ${lengths.join(', ')}`,
      { seed, lengths },
      lengths.map((n) => prg.next(n)),
    );
  });
  const short = random(31);
  return [...cases, bad('keyStream', 'a short seed', { seed: short, lengths: [1] }, () => new Prg(short))];
}

function substrate(): Case[] {
  return [new Uint8Array(), new Uint8Array([1, 2, 3]), random(31), random(32), random(33), random(300)].map((data) =>
    good('substrateHashes', `${data.length} bytes`, data, {
      blake2_256: blake2b256(data),
      blake2_512: blake2b512(data),
      blake2_128: blake2_128(data),
      twox64: twox64(data),
      twox128: twox128(data),
    }),
  );
}

export function hashVectors(): Vectors {
  return { spec: ['§1.2', '§14.1'], cases: [...hashes(), ...integers(), ...streams(), ...substrate()] };
}
