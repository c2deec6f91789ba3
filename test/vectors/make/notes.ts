/** Notes, bins with hidden change, denominations, change of one's own (§7.5, §12.1, §12.2, §12.11). */
import { commit, J0, randomScalar, times } from '../../../primitives/crypto/ristretto.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { changeFor } from '../../../primitives/proofs/change-secrets.ts';
import { denominationsOf, isDenomination } from '../../../primitives/proofs/denominations.ts';
import {
  decodeHiddenBin,
  encodeHiddenBin,
  type HiddenBin,
  openHiddenBin,
} from '../../../primitives/proofs/hidden-bin.ts';
import { mintNote, type Note, noteAmount } from '../../../primitives/proofs/notes.ts';
import { bad, type Case, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('notes');
const { t } = fheParams('tacit-8192-n4');

export function strangers(count: number, draw = random): Note[] {
  return Array.from({ length: count }, () => ({
    key: times(J0, randomScalar(draw)).toBytes(),
    commitment: commit(1n, randomScalar(draw)).toBytes(),
  }));
}

function minting(): Case[] {
  const [r, key] = [randomScalar(random), times(J0, randomScalar(random)).toBytes()];
  return [5n, t - 1n].flatMap((m) => {
    const mask = commit(m, r).toBytes();
    return [0n, 1n, 2n ** 47n - 1n].map((amount) => {
      const z = (amount + m) % t;
      if (noteAmount(z, m, t) !== amount) throw new Error('not what the owner reads');
      const made = mintNote(z, mask, key);
      return good(
        'mintNote',
        `${amount} grains under a mask of ${m}`,
        { z, mask, key, m, t },
        { commitment: made.commitment, amount, wrap: z < m },
      );
    });
  });
}

function amounts(): Case[] {
  const refused = (name: string, z: bigint, m: bigint): Case =>
    bad('noteAmount', name, { z, m, t }, () => noteAmount(z, m, t));
  return [refused('2^47 grains', 2n ** 47n, 0n), refused('not below t', t, t - 1n), refused('another mask', 5n, 6n)];
}

function bins(): Case[] {
  const notes = strangers(3);
  const bin: HiddenBin = { genesis: random(32), modulus: t, grains: 16n, index: 7, digits: 3, notes };
  const bytes = encodeHiddenBin(bin);
  const repeated = { ...bin, notes: [...notes, notes[0]!], digits: 5, grains: 1n };
  const rootOf = (data: Uint8Array): Uint8Array => openHiddenBin(decodeHiddenBin(data)).root;
  const changed = (at: number, value: number): Uint8Array => {
    const out = bytes.slice();
    out[at] = value;
    return out;
  };
  const refused: Readonly<Record<string, Uint8Array>> = {
    'a byte more': new Uint8Array([...bytes, 0]),
    'a byte less': bytes.slice(0, -1),
    'no note': changed(53, 0).subarray(0, 55),
    'four digits': changed(52, 4),
    'grains that are no power of two': changed(40, 17),
    'grains of 0': changed(40, 0),
    'a modulus of 2^49': new Uint8Array([...bytes.subarray(0, 32), 0, 0, 0, 0, 0, 0, 2, 0, ...bytes.subarray(40)]),
    'the identity as key': new Uint8Array([...bytes.subarray(0, 55), ...new Uint8Array(32), ...bytes.subarray(87)]),
    'a commitment that is none': changed(87 + 31, 255),
  };
  return [
    good('hiddenBin', 'three notes of 64 places', bytes, rootOf(bytes)),
    good('hiddenBin', 'a note twice, 1,024 places', encodeHiddenBin(repeated), rootOf(encodeHiddenBin(repeated))),
    ...Object.entries(refused).map(([name, data]) => bad('hiddenBin', name, data, () => rootOf(data))),
  ];
}

function denominations(): Case[] {
  const single = [0n, 1n, 2n, 3n, 5n, 10n, 15n, 20_000n, 21_000n, 5n * 10n ** 13n, -10n];
  const split: readonly (readonly [bigint, bigint, bigint])[] = [
    [1_234_567n, 20_000n, 1_000_000n],
    [1_234_567n, 20_000n, 100_000n],
    [19_999n, 20_000n, 100_000n],
    [20_000n, 20_000n, 20_000n],
    [999_999_999n, 1n, 500_000_000n],
  ];
  return [
    ...single.map((amount) => good('isDenomination', `${amount}`, { amount }, isDenomination(amount))),
    ...split.map(([amount, least, most]) =>
      good(
        'denominations',
        `of ${amount} up to ${most}`,
        { amount, least, most },
        { ...denominationsOf(amount, { least, most }) },
      ),
    ),
  ];
}

function change(): Case[] {
  const terms = { amount: 50_000n, destination: random(32) };
  const source = { noteSeed: random(32), genesis: random(32), tag: random(32), terms, left: 123_456_789n };
  const given = (first: number, left: bigint) => ({
    noteSeed: source.noteSeed,
    genesis: source.genesis,
    tag: source.tag,
    ...terms,
    left,
    first,
  });
  const made = (first: number, left = source.left): Case =>
    good(
      'ownChange',
      `${first} of 64 parts of ${left}`,
      given(first, left),
      changeFor({ ...source, left }, first).map(({ secret, key, amount, blinding }) => ({
        secret,
        key,
        amount,
        blinding,
        commitment: commit(amount, blinding).toBytes(),
      })),
    );
  const refused = (first: number): Case =>
    bad('ownChange', `${first} of 64 parts`, given(first, 1n), () => changeFor(source, first));
  return [made(0), made(0, 0n), made(1), made(63), made(32, 1n), refused(64), refused(-1)];
}

export function noteVectors(): Vectors {
  return {
    spec: ['§7.5', '§12.1', '§12.2', '§12.11'],
    cases: [...minting(), ...amounts(), ...bins(), ...denominations(), ...change()],
  };
}
