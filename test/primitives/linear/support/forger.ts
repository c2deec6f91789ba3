/**
 * A contributor that may lie, written apart from the honest one: any elements of F_t for digits, one subset after the other, the definition instead of the kernel.
 * With no option set its submissions are honest ones.
 */
import { modulo } from '../../../../primitives/fhe/modulus.ts';
import { PLAIN_MODULUS as t } from '../../../../primitives/fhe/params.ts';
import { ringOf } from '../../../../primitives/fhe/ring.ts';
import type { RnsPoly } from '../../../../primitives/fhe/types.ts';
import { keysFor, type LinearCiphertext } from '../../../../primitives/linear/ciphertext.ts';
import { encodePlain } from '../../../../primitives/linear/field.ts';
import type { OpenedSubmission } from '../../../../primitives/linear/member.ts';
import { encodeUsed } from '../../../../primitives/linear/payload.ts';
import { expandPiece, type LinearPiece } from '../../../../primitives/linear/pieces.ts';
import { type LinearShape, linearShape, placesOf } from '../../../../primitives/linear/shape.ts';
import { hashOfPayload } from '../../../../primitives/linear/submission.ts';
import { pointChallenge, rangeChallenge } from '../../../../primitives/linear/transcript.ts';
import type { Binding, SealedHead } from '../../../../primitives/proofs/transcript.ts';
import { seeded } from '../../proofs/support/round.ts';
import type { K } from './model.ts';
import type { LinearRound } from './wide.ts';
import { elementOf, elementsOf, real as M, tableOf, wordsOf } from './words.ts';

type ForgerRound = Pick<LinearRound, 'params' | 'keys'>;

/** What a liar sees when it makes up its proof. */
export interface Sight {
  readonly shape: LinearShape;
  readonly table: bigint[][];
  readonly r: K[];
}

export interface Lies {
  /** Changes the ciphertext before anything is hashed. */
  ciphertext?: (honest: LinearCiphertext) => LinearCiphertext;
  /** Digits of the plaintext, unlike those that are shared. */
  encrypted?: readonly bigint[];
  /** Range quotient instead of the honest one. */
  quotient?: (honest: K[], sight: Sight) => K[];
  squares?: (honest: bigint[]) => bigint[];
  /** Opened wires instead of the honest ones. */
  opened?: (honest: K[], sight: Sight & { rho: K; quotient: K[] }) => K[];
  seeds?: readonly Uint8Array[];
  /** The seal that the payload is for. */
  head?: SealedHead;
  /** Challenges of a verifier that left something out of a hash. */
  weakRange?: BigUint64Array;
  weakPoint?: BigUint64Array;
}

export interface Forged {
  readonly submission: OpenedSubmission;
  readonly seeds: readonly Uint8Array[];
  readonly sight: Sight;
}

const sumOf = (pieces: readonly LinearPiece[], i: number): bigint =>
  pieces.reduce((sum, { words }) => sum + (words[i] as bigint), 0n);

function encrypt(
  { params, keys }: ForgerRound,
  { spec }: Binding,
  pieces: readonly LinearPiece[],
  digits: readonly bigint[],
): LinearCiphertext {
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const { degree } = params;
  const { a, b } = keysFor(params, keys, spec);
  const valuesOf = (digit: (k: number) => bigint): bigint[] =>
    Array.from({ length: spec.values }, (_, v) =>
      Array.from({ length: spec.digits }, (__, i) => 16n ** BigInt(i) * digit(v * spec.digits + i)).reduce(
        (x, y) => x + y,
      ),
    );
  const encode = (values: bigint[]): RnsPoly => ring.encode(BigUint64Array.from(values, (value) => modulo(value, t)));
  const known = valuesOf((k) => digits[k]! - sumOf(pieces, k)).map((value) => value - BigInt(spec.offset));
  const pads = pieces.map(({ words }) => valuesOf((k) => words[k] as bigint));
  const c1 = pieces
    .map(({ u, e1 }) => ring.add(ring.multiplySmall(a, u), ring.fromSmall(e1, primes)))
    .reduce((x, y) => ring.add(x, y));
  const c0 = b.map((key, p) => {
    const own = (values: bigint[]): RnsPoly => encode(values.slice(degree * p, degree * (p + 1)));
    let sum = own(known);
    for (const [A, { u, e0 }] of pieces.entries()) {
      sum = ring.add(sum, ring.add(ring.multiplySmall(key, u), ring.fromSmall(e0[p]!, primes)));
      sum = ring.add(sum, own(pads[A]!));
    }
    return sum.map((word, k) => (degree * p + (k % degree) < spec.values ? word : 0n));
  });
  return { c1, c0 };
}

export function forge(round: ForgerRound, binding: Binding, digits: readonly bigint[], lies: Lies = {}): Forged {
  const { params, keys } = round;
  const { spec } = binding;
  const shape = linearShape(spec);
  const at = placesOf(shape);
  const random = seeded(`forger/${digits.join()}/${binding.account.join()}`);
  const drawn = { ephemeral: random(32), seedBoxes: params.subsets.map(() => random(48)) };
  const head = lies.head ?? { ...drawn, keyDigest: new Uint8Array(32), keyBoxes: [] };
  const { ephemeral } = head;
  const seeds = lies.seeds ?? params.subsets.map(() => random(32));
  const pieces = seeds.map((seed, A) => expandPiece(params, binding, shape, ephemeral, A, seed));
  const less = (values: readonly bigint[], from: number): BigUint64Array =>
    BigUint64Array.from(values, (value, i) => modulo(value - sumOf(pieces, from + i), t));

  const honest = encrypt(round, binding, pieces, lies.encrypted ?? digits);
  const ciphertext = lies.ciphertext?.(honest) ?? honest;
  const deltas = less(digits, 0);
  const canonical = { ciphertext: encodeUsed(params, spec, ciphertext), deltas: encodePlain(deltas) };
  const h0 = hashOfPayload(params, binding, keys, head, canonical);
  const range = lies.weakRange ?? rangeChallenge(h0, shape);

  const masks = BigUint64Array.from({ length: 3 * shape.wires }, (_, i) => modulo(sumOf(pieces, at.masks + i), t));
  const table = tableOf(shape, digits, masks);
  const sight: Sight = { shape, table, r: elementsOf(range) };
  const trueQuotient = M.quotient(shape, table, sight.r);
  const quotient = lies.quotient?.(trueQuotient, sight) ?? trueQuotient;
  const trueSquares = shape.squares === 0 ? [] : M.squares(shape, table, shape.perValue, BigInt(spec.offset));
  const squares = lies.squares?.(trueSquares) ?? trueSquares;
  const proof = less([...quotient.flat(), ...squares], at.range);
  const point = lies.weakPoint ?? pointChallenge(h0, encodePlain(proof));
  const trueOpened = M.wiresAt(table, elementOf(point));
  const opened = lies.opened?.(trueOpened, { ...sight, rho: elementOf(point), quotient }) ?? trueOpened;
  const payload = { ciphertext, deltas, proof, opened: wordsOf(opened) };
  return { submission: { id: random(32), binding, ephemeral, payload, range, point }, seeds, sight };
}
