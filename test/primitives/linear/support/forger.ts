/**
 * A contributor that may lie, written apart from the honest one: any elements of F_t for digits, one subset after the other, the definition instead of the kernel.
 * With no option set its submissions are honest ones.
 */
import { modulo } from '../../../../primitives/fhe/modulus.ts';
import { PLAIN_MODULUS as t } from '../../../../primitives/fhe/params.ts';
import { ringOf } from '../../../../primitives/fhe/ring.ts';
import type { Ciphertext, RnsPoly } from '../../../../primitives/fhe/types.ts';
import { firstCoefficients } from '../../../../primitives/linear/ciphertext.ts';
import { encodePlain } from '../../../../primitives/linear/field.ts';
import type { OpenedLinear } from '../../../../primitives/linear/member.ts';
import { expandPiece, type LinearPiece } from '../../../../primitives/linear/pieces.ts';
import { type LinearShape, linearShape, placesOf } from '../../../../primitives/linear/shape.ts';
import { hashOfPayload } from '../../../../primitives/linear/submission.ts';
import { pointChallenge, rangeChallenge } from '../../../../primitives/linear/transcript.ts';
import type { Binding } from '../../../../primitives/proofs/transcript.ts';
import { seeded, type TestRound } from '../../proofs/support/round.ts';
import type { K } from './model.ts';
import { elementOf, elementsOf, real as M, tableOf, wordsOf } from './words.ts';

/** What a liar sees when it makes up its proof. */
export interface Sight {
  readonly shape: LinearShape;
  readonly table: bigint[][];
  readonly r: K[];
}

export interface Lies {
  /** Changes the ciphertext before anything is hashed. */
  ciphertext?: (honest: Ciphertext) => Ciphertext;
  /** Digits of the plaintext, unlike those that are shared. */
  encrypted?: readonly bigint[];
  /** Range quotient instead of the honest one. */
  quotient?: (honest: K[], sight: Sight) => K[];
  squares?: (honest: bigint[]) => bigint[];
  /** Opened wires instead of the honest ones. */
  opened?: (honest: K[], sight: Sight & { rho: K; quotient: K[] }) => K[];
  seeds?: Uint8Array[];
  /** Challenges of a verifier that left something out of a hash. */
  weakRange?: BigUint64Array;
  weakPoint?: BigUint64Array;
}

export interface Forged {
  readonly submission: OpenedLinear;
  readonly seeds: readonly Uint8Array[];
  readonly sight: Sight;
}

const sumOf = (pieces: readonly LinearPiece[], i: number): bigint =>
  pieces.reduce((sum, { words }) => sum + (words[i] as bigint), 0n);

function encrypt(
  { params, keys }: TestRound,
  { spec }: Binding,
  pieces: readonly LinearPiece[],
  digits: readonly bigint[],
): Ciphertext {
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const valuesOf = (digit: (k: number) => bigint): bigint[] =>
    Array.from({ length: spec.values }, (_, v) =>
      Array.from({ length: spec.digits }, (__, i) => 16n ** BigInt(i) * digit(v * spec.digits + i)).reduce(
        (a, b) => a + b,
      ),
    );
  const encode = (values: bigint[]): RnsPoly => ring.encode(BigUint64Array.from(values, (value) => modulo(value, t)));
  let c0 = encode(valuesOf((k) => digits[k]! - sumOf(pieces, k)).map((value) => value - BigInt(spec.offset)));
  let c1 = ring.zero(primes);
  for (const { small, words } of pieces) {
    c1 = ring.add(c1, ring.add(ring.multiplySmall(keys.publicKey.a, small.u), ring.fromSmall(small.e1, primes)));
    c0 = ring.add(c0, ring.add(ring.multiplySmall(keys.publicKey.b, small.u), ring.fromSmall(small.e0, primes)));
    c0 = ring.add(c0, encode(valuesOf((k) => words[k] as bigint)));
  }
  return { c0: firstCoefficients(params, c0, spec.values), c1 };
}

export function forge(round: TestRound, binding: Binding, digits: readonly bigint[], lies: Lies = {}): Forged {
  const { params, keys } = round;
  const { spec } = binding;
  const shape = linearShape(spec);
  const at = placesOf(shape);
  const random = seeded(`forger/${digits.join()}/${binding.account.join()}`);
  const ephemeral = random(32);
  const seedBoxes = params.subsets.map(() => random(48));
  const seeds = lies.seeds ?? params.subsets.map(() => random(32));
  const pieces = seeds.map((seed, A) => expandPiece(params, binding, shape, ephemeral, A, seed));
  const less = (values: readonly bigint[], from: number): BigUint64Array =>
    BigUint64Array.from(values, (value, i) => modulo(value - sumOf(pieces, from + i), t));

  const honest = encrypt(round, binding, pieces, lies.encrypted ?? digits);
  const ciphertext = lies.ciphertext?.(honest) ?? honest;
  const deltas = less(digits, 0);
  const head = { ephemeral, keyDigest: new Uint8Array(32), keyBoxes: [], seedBoxes };
  const h0 = hashOfPayload(params, binding, keys, head, ciphertext, deltas);
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
