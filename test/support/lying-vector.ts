/** Vectors of a round without payout as a contributor with its own software makes them: well signed and not honest. */
import { sealOnce } from '../../primitives/crypto/aead.ts';
import { publicKeyOf, sealTo } from '../../primitives/crypto/box.ts';
import { modOrder, randomScalar, type Scalar } from '../../primitives/crypto/ristretto.ts';
import { proveSchnorr } from '../../primitives/crypto/schnorr.ts';
import { assembleCiphertext, prepareKey } from '../../primitives/fhe/encrypt.ts';
import { scalarField, type ScalarVector } from '../../primitives/fhe/scalar-kernel.ts';
import { DIGIT_TERMS } from '../../primitives/proofs/digits.ts';
import { expandSeed, SEED_BYTES } from '../../primitives/proofs/expand.ts';
import { DIGIT_BASE, LANES } from '../../primitives/proofs/lane.ts';
import { encodePayload, type Payload } from '../../primitives/proofs/payload.ts';
import { encodeSealed, joinKey } from '../../primitives/proofs/sealed.ts';
import { statementOf } from '../../primitives/proofs/statement.ts';
import {
  type Binding,
  boxData,
  challengeOf,
  digitWeights,
  keyDigestOf,
  payloadData,
  type SealedHead,
  statementHash,
  submissionMessage,
} from '../../primitives/proofs/transcript.ts';
import { padAt, plaintextDeltas, valuePads } from '../../primitives/proofs/values.ts';
import { laneSpecOf } from '../../primitives/round/index.ts';
import { account, contextOfRound, keysOfRound, roundInfoOf, type TestChain } from './committee.ts';

/** The digits of a value, least significant first; of one below zero the lowest is below zero. */
function digitsOfAny(value: number, digits: number): bigint[] {
  if (value < 0) return Array.from({ length: digits }, (_, i) => (i === 0 ? BigInt(value) : 0n));
  return Array.from({ length: digits }, (_, i) => BigInt(Math.floor(value / DIGIT_BASE ** i) % DIGIT_BASE));
}

/** `C_0..C_15` of any integers in the place of digits: `C_16`, which a proof has no place for, is left out. */
function termsOfAny(digits: readonly bigint[], masks: ScalarVector, weights: ScalarVector): Scalar[] {
  const terms = Array.from({ length: DIGIT_TERMS }, () => 0n);
  digits.forEach((digit, k) => {
    let product = [scalarField.get(weights, k)];
    for (let c = 0; c < DIGIT_BASE; c++) {
      const [low, high] = [scalarField.get(masks, k), digit - BigInt(c)];
      const next = Array.from({ length: product.length + 1 }, () => 0n);
      product.forEach((value, j) => {
        next[j] = modOrder((next[j] as bigint) + value * low);
        next[j + 1] = modOrder((next[j + 1] as bigint) + value * high);
      });
      product = next;
    }
    for (let j = 0; j < DIGIT_TERMS; j++) terms[j] = modOrder((terms[j] as bigint) + (product[j] as bigint));
  });
  return terms;
}

/**
 * A sealed vector of a voter that writes its own prover: any integers, everything of the proof that can be right is right. With `payload`, another's payload
 * under this voter's own seal.
 */
export function lyingVector(
  test: TestChain,
  id: number,
  who: string,
  values: readonly number[],
  payload?: Payload,
  lane: number = LANES.ballot,
): Uint8Array {
  const { params, random } = test;
  const info = roundInfoOf(test.chain.ctx, id);
  const record = info.round.lanes.find((known) => known.lane === lane);
  if (record === undefined) throw new Error('no such lane');
  const binding: Binding = {
    context: contextOfRound(test, info.round),
    spec: laneSpecOf(record),
    account: account(who),
  };
  const keys = keysOfRound(test, info);
  const secret = randomScalar(random);
  const seeds = params.subsets.map(() => random(SEED_BYTES));
  const summands = params.subsets.map(() => random(SEED_BYTES));
  const key = joinKey(summands);
  const seal = (to: readonly Uint8Array[], purpose: 'key' | 'seed', secrets: readonly Uint8Array[]): Uint8Array[] =>
    secrets.map((one, A) => sealTo(to[A] as Uint8Array, one, boxData(binding, purpose, A), secret));
  const head: SealedHead = {
    ephemeral: publicKeyOf(secret),
    keyDigest: keyDigestOf(key),
    keyBoxes: seal(keys.sealKeys, 'key', summands),
    seedBoxes: seal(keys.maskKeys, 'seed', seeds),
  };
  const proved = payload ?? proveAny(test, binding, keys, head, seeds, values);
  const payloadBox = sealOnce(key, encodePayload(params, proved), payloadData(binding, head));
  const proof = proveSchnorr(secret, submissionMessage(binding, head, payloadBox), random(32));
  return encodeSealed(binding.spec, { ...head, proof, payloadBox });
}

function proveAny(
  { params }: TestChain,
  binding: Binding,
  keys: ReturnType<typeof keysOfRound>,
  head: SealedHead,
  seeds: readonly Uint8Array[],
  values: readonly number[],
): Payload {
  const { spec } = binding;
  const digits = values.flatMap((value) => digitsOfAny(value, spec.digits));
  const expansions = seeds.map((seed, A) => expandSeed(params, binding, head.ephemeral, A, seed));
  const sumOf = (pick: (one: (typeof expansions)[number]) => ScalarVector): ScalarVector =>
    expansions.map(pick).reduce((a, b) => scalarField.addVec(a, b));
  const pads = sumOf((one) => one.pads);
  const deltas = digits.map((digit, k) => digit - padAt(pads, k));
  const ciphertext = assembleCiphertext(
    params,
    prepareKey(params, keys.publicKey),
    expansions.map(({ small }) => small),
    expansions.map((one) => valuePads(params, spec, one.pads)),
    plaintextDeltas(params, spec, deltas),
  );
  const h0 = statementHash(statementOf(params, binding, keys, head, { ciphertext, deltas }));
  const masks = sumOf((one) => one.masks);
  const terms = scalarField.subVec(
    scalarField.from(termsOfAny(digits, masks, digitWeights(h0, digits.length))),
    sumOf((one) => one.terms),
  );
  const x = challengeOf(h0, scalarField.encode(terms));
  const responses = scalarField.addVec(masks, scalarField.mulScalar(scalarField.from(digits.map(modOrder)), x));
  return { ciphertext, deltas, terms, responses };
}
