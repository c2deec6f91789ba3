/** Claims with hidden change, and claims by provers that do not keep to the statement (§12.3 to §12.6). */
import { concatBytes, littleEndian } from '../../../primitives/crypto/bytes.ts';
import {
  commit,
  invertScalar,
  J0,
  modOrder,
  ORDER,
  randomScalar,
  type Scalar,
  times,
  U0,
} from '../../../primitives/crypto/ristretto.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { encodeHiddenBin, type HiddenBin, type OpenBin, openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { verifyHiddenClaim } from '../../../primitives/proofs/hidden-check.ts';
import {
  checkHiddenTerms,
  claimChallenge,
  claimContext,
  type HiddenTerms,
  hiddenProofBytes,
  proveHiddenClaim,
  rangeOf,
} from '../../../primitives/proofs/hidden-claim.ts';
import { mintNote, openNote } from '../../../primitives/proofs/notes.ts';
import { encodePlaceProof, openPlaceProof, placeProofBytes } from '../../../primitives/proofs/one-of-many.ts';
import { verifyRanges } from '../../../primitives/proofs/range-check.ts';
import { proveRange, type RangeStatement } from '../../../primitives/proofs/range-proof.ts';
import { bad, type Case, type Datum, flipped, good, randomOf, type Vectors } from './cases.ts';
import { strangers } from './notes.ts';

const random = randomOf('claims');
const { t } = fheParams('tacit-8192-n4');
const GRAINS = 16n;
const FEE = 10_000n;
const nextScalar = (): Scalar => randomScalar(random);

/** A note of `amount` grains whose owner's mask wraps or does not. */
function ownNote(amount: bigint, wrapped: boolean) {
  const m = wrapped ? t - 7n : 123n;
  const [key, r] = [nextScalar(), nextScalar()];
  const z = (amount + m) % t;
  const note = mintNote(z, commit(m, r).toBytes(), times(J0, key).toBytes());
  return { note, key, opening: openNote(note, z, m, r, t) };
}

const OWNERS = [ownNote(1_234_567n * GRAINS + 3n, false), ownNote(1_234_567n * GRAINS, true)];

function sceneOf(digits: number, count: number): { bin: HiddenBin; open: OpenBin } {
  const notes = [...OWNERS.map(({ note }) => note), ...strangers(count - OWNERS.length, random)];
  const bin = { genesis: random(32), modulus: t, grains: GRAINS, index: 2, digits, notes };
  return { bin, open: openHiddenBin(bin) };
}
type Scene = ReturnType<typeof sceneOf>;

interface Made {
  readonly terms: HiddenTerms;
  readonly proof: Uint8Array;
}

/** An honest claim by owner `place`; of the change `first` grains go to the first of two notes. */
function claimOf({ open }: Scene, place: number, amount: bigint, first?: bigint): Made {
  const { key, opening } = OWNERS[place]!;
  const left = opening.amount - amount * GRAINS;
  const amounts = first === undefined ? [left] : [first, left - first];
  const change = amounts.map((one) => ({
    key: times(J0, nextScalar()).toBytes(),
    amount: one,
    blinding: nextScalar(),
  }));
  return proveHiddenClaim(open, { amount, fee: FEE, destination: random(32) }, { place, key, opening }, change, random);
}

/** What a dishonest prover puts in place of the honest numbers. */
interface Forgery {
  readonly place?: number;
  readonly key?: Scalar;
  readonly amount?: bigint;
  /** What the change commits to, and what the range proof is made for. */
  readonly change: bigint;
  readonly said?: bigint;
  readonly wrap?: bigint;
  /** A tag of the prover's choice. */
  readonly tag?: Uint8Array;
}

/** Runs the protocol on any numbers in the order of the product's prover. */
function forge(
  { open }: Scene,
  { place = 0, key, amount = 1_000_000n, change, said = change, wrap = 0n, tag }: Forgery,
): Made {
  const owner = OWNERS[place]!;
  const [changeBlinding, wrapBlinding] = [nextScalar(), nextScalar()];
  const output = { key: times(J0, 5n).toBytes(), commitment: commit(modOrder(change), changeBlinding).toBytes() };
  const terms = { amount, fee: FEE, destination: random(32), outputs: [output] };
  const W = commit(modOrder(wrap), wrapBlinding).toBytes();
  const blinding = modOrder(owner.opening.blinding + wrapBlinding - changeBlinding);
  const opened = openPlaceProof(open.ring, { place, key: key ?? owner.key, blinding }, nextScalar);
  const messages = { ...opened.messages, ...(tag === undefined ? {} : { tag }) };
  const context = claimContext(open, terms, W, messages);
  const openings = [
    { value: said, blinding: changeBlinding },
    { value: wrap === t ? 1n : 0n, blinding: wrapBlinding },
  ];
  const range = proveRange(rangeOf(t, context, terms.outputs, W), openings, nextScalar);
  const responses = opened.respond(claimChallenge(context, range));
  return { terms, proof: concatBytes(encodePlaceProof({ messages, responses }), W, range) };
}

const termsOf = ({ amount, fee, destination, outputs }: HiddenTerms): Record<string, Datum> => ({
  amount,
  fee,
  destination,
  outputs: outputs.map(({ key, commitment }) => [key, commitment]),
});

function claimCase(name: string, { bin, open }: Scene, { terms, proof }: Made, holds: boolean): Case {
  if (verifyHiddenClaim({ bin: open, terms, proof }) !== holds) throw new Error(`'${name}' is not as it must be`);
  return good('claim', name, { bin: encodeHiddenBin(bin), ...termsOf(terms), proof }, holds);
}

function forged(scene: Scene): Case[] {
  const held = OWNERS[0]!.opening.amount;
  const left = held - 1_000_000n * GRAINS;
  const wrapped = OWNERS[1]!.opening.amount - 1_000_000n * GRAINS;
  const kinds: Readonly<Record<string, Forgery>> = {
    'one grain more than the note holds': { change: left + 1n },
    'change below zero, called an amount': { change: -1n, said: 0n, amount: 1_000_000n },
    'change of 2^48 and more, called an amount': { change: 2n ** 48n + left, said: left },
    'an unwrapped note with a wrap of t': { change: left + t, said: 1n, wrap: t },
    'a wrapped note without its wrap': { place: 1, change: wrapped - t, said: wrapped },
    'a wrap of one': { change: left + 1n, wrap: 1n },
    'a tag that is not that of the key': { tag: times(U0, 7n).toBytes(), change: left },
    'the key of another note': { key: OWNERS[1]!.key, change: left },
  };
  return Object.entries(kinds).map(([name, kind]) => claimCase(name, scene, forge(scene, kind), false));
}

/** Every part of a claim changed by itself. */
function changed(scene: Scene): Case[] {
  const made = claimOf(scene, 1, 200_000n);
  const { terms, proof } = made;
  const cut = placeProofBytes(scene.open.digits);
  const parts = {
    tag: 0,
    A: 32,
    X: 96,
    f: 32 * 12,
    z: cut - 96,
    zValue: cut - 32,
    W: cut,
    'range A': cut + 32,
    'range d': proof.length - 32,
  };
  const bits = Object.entries(parts).map(([part, at]): [string, Made] => [
    `a bit of ${part}`,
    { terms, proof: flipped(proof, at) },
  ]);
  const replaced = (name: string, value: Partial<HiddenTerms>): [string, Made] => [
    name,
    { proof, terms: { ...terms, ...value } },
  ];
  const tag = times(U0, invertScalar(3n)).toBytes();
  const [output] = terms.outputs;
  const changes: [string, Made][] = [
    ...bits,
    ['another tag', { terms, proof: concatBytes(tag, proof.slice(32)) }],
    ['the identity as tag', { terms, proof: concatBytes(new Uint8Array(32), proof.slice(32)) }],
    [
      'an answer of l',
      { terms, proof: concatBytes(proof.slice(0, cut - 32), littleEndian(ORDER, 32), proof.slice(cut)) },
    ],
    ['a byte more', { terms, proof: concatBytes(proof, new Uint8Array(1)) }],
    ['a byte less', { terms, proof: proof.slice(0, -1) }],
    replaced('another destination', { destination: flipped(terms.destination, 0) }),
    replaced('another amount', { amount: 100_000n }),
    replaced('another fee', { fee: FEE - 1n }),
    replaced('another key of the change', { outputs: [{ ...output!, key: tag }] }),
    replaced('another note besides', { outputs: [output!, output!] }),
  ];
  const other = { ...scene.bin, index: scene.bin.index + 1 };
  return [
    claimCase('holds, a wrapped note', scene, made, true),
    ...changes.map(([name, one]) => claimCase(name, scene, one, false)),
    claimCase('for another bin', { bin: other, open: openHiddenBin(other) }, made, false),
  ];
}

function termCases({ open }: Scene): Case[] {
  const [output] = strangers(1, random);
  const terms: HiddenTerms = { amount: 20_000n, fee: FEE, destination: random(32), outputs: [output!] };
  const kinds: Readonly<Record<string, Partial<HiddenTerms>>> = {
    'no denomination': { amount: 30_000n },
    nothing: { amount: 0n },
    '2^48 grains': { amount: 20_000_000_000_000n },
    'the fee takes all': { fee: 20_000n },
    'a short destination': { destination: new Uint8Array(31) },
    'no change': { outputs: [] },
    'three notes of change': { outputs: [output!, output!, output!] },
    'the identity as key of change': { outputs: [{ ...output!, key: new Uint8Array(32) }] },
    'a key that is no point': { outputs: [{ ...output!, key: new Uint8Array(32).fill(255) }] },
  };
  return [
    good('claimTerms', 'good', { grains: GRAINS, ...termsOf(terms) }, hiddenProofBytes(3, 1)),
    ...Object.entries(kinds).map(([name, change]) => {
      const all = { ...terms, ...change };
      return bad('claimTerms', name, { grains: GRAINS, ...termsOf(all) }, () => checkHiddenTerms(open, all));
    }),
  ];
}

function ranges(): Case[] {
  const shapes: readonly (readonly (readonly [value: bigint, bits: number, unit: bigint])[])[] = [
    [[0n, 1, 1n]],
    [[2n ** 64n - 1n, 64, 2n ** 64n - 1n]],
    [
      [2n ** 48n - 1n, 48, 1n],
      [0n, 48, 1n],
      [1n, 1, t],
    ],
    [
      [1n, 7, 3n],
      [100n, 7, 1n],
    ],
  ];
  return shapes.flatMap((shape, i) => {
    const openings = shape.map(([value]) => ({ value, blinding: nextScalar() }));
    const ranged = shape.map(([value, bits, unit], j) => {
      return { commitment: commit(value * unit, openings[j]!.blinding).toBytes(), bits, unit };
    });
    const statement = { context: random(64), ranged };
    const proof = proveRange(statement, openings, nextScalar);
    const one = (name: string, given: RangeStatement, bytes: Uint8Array): Case =>
      good(
        'range',
        `${name}, shape ${i}`,
        { ...given, proof: bytes } as unknown as Datum,
        verifyRanges([{ statement: given, proof: bytes }]),
      );
    const narrower = { ...statement, ranged: [{ ...ranged[0]!, unit: 5n }, ...ranged.slice(1)] };
    return [
      one('holds', statement, proof),
      one('another context', { ...statement, context: random(64) }, proof),
      one('another unit', narrower, proof),
      one('an answer changed', statement, flipped(proof, proof.length - 64)),
      one('a byte less', statement, proof.slice(1)),
    ];
  });
}

export function claimVectors(): Vectors {
  const scene = sceneOf(3, 5);
  const large = sceneOf(5, 40);
  const one = OWNERS[0]!.opening.amount - 1_000_000n * GRAINS;
  return {
    spec: ['§12.3', '§12.4', '§12.5', '§12.6'],
    cases: [
      ...ranges(),
      ...termCases(scene),
      claimCase('holds', scene, claimOf(scene, 0, 1_000_000n), true),
      claimCase('holds, two notes of change', scene, claimOf(scene, 0, 1_000_000n, one / 3n), true),
      claimCase('holds, 1,024 places of 40 notes', large, claimOf(large, 1, 500_000n, 0n), true),
      claimCase(
        'a bit of Z in 1,024 places',
        large,
        { ...claimOf(large, 1, 20_000n), proof: flipped(claimOf(large, 1, 20_000n).proof, 96 + 320) },
        false,
      ),
      ...changed(scene),
      ...forged(scene),
    ],
  };
}
