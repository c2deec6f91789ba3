/**
 * Claims with hidden change (specification §12): an unsigned statement "I own one unspent note of this bin; pay `amount` of it, and put what is left into these
 * new notes". The amount is a denomination; nobody learns which note it was, nor what it held, nor what is left.
 *
 * In points: for some place `l`, `K_l = k J0`, `J = k^-1 U0` and `C_l + W - d G - sum C'_j = r H`, where every `C'_j` commits to a number in [0, 2^48) and `W`
 * to 0 or `t` (the note's wrap, §7.5). One challenge covers all of it, the range proof's bytes included.
 */
import { concatBytes, type RandomBytes } from '../crypto/bytes.ts';
import { type HashPart, hash32Of, hashOf } from '../crypto/hash.ts';
import { decodePoints, isIdentity } from '../crypto/points.ts';
import { Prg } from '../crypto/prg.ts';
import { commit, encodeScalar, modOrder, reduce64, type Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import { isDenomination } from './denominations.ts';
import { MAX_OUTPUTS, type OpenBin } from './hidden-bin.ts';
import { CLAIM_LIMIT, type Note, type NoteOpening } from './notes.ts';
import { encodePlaceProof, messageList, openPlaceProof, type PlaceMessages, placeProofBytes } from './one-of-many.ts';
import { proveRange, rangeProofBytes, type RangeStatement } from './range-proof.ts';

/** Bits of an amount of change, in grains. */
const AMOUNT_BITS = 48;

/** The public terms of a claim. */
export interface HiddenTerms {
  /** What the claim takes out of its note, in units of 10^-6 TAC: a denomination. */
  readonly amount: bigint;
  /** Constant fee taken out of the amount, in units. */
  readonly fee: bigint;
  /** Account that receives `amount - fee`, 32 bytes. */
  readonly destination: Uint8Array;
  /** The change, one note or two; it is made even where nothing is left. */
  readonly outputs: readonly Note[];
}

/**
 * Checks that cost little; `bin` tells what a unit is.
 * @throws `hidden/amount`, `hidden/fee`, `hidden/destination`, `hidden/outputs`, `crypto/bad-point`, `crypto/identity`
 */
export function checkHiddenTerms({ grains }: Pick<OpenBin, 'grains'>, terms: HiddenTerms): void {
  const { amount, fee, destination, outputs } = terms;
  if (!isDenomination(amount) || amount * grains >= CLAIM_LIMIT) {
    throw new TacitError('hidden/amount', 'a claim takes 1, 2 or 5 times a power of ten, below 2^48 grains');
  }
  if (fee < 0n || fee >= amount) throw new TacitError('hidden/fee', 'the fee takes the whole amount');
  if (destination.length !== 32) throw new TacitError('hidden/destination', 'a destination has 32 bytes');
  if (outputs.length < 1 || outputs.length > MAX_OUTPUTS) {
    throw new TacitError('hidden/outputs', `a claim leaves 1 to ${MAX_OUTPUTS} notes`, { count: outputs.length });
  }
  decodePoints(outputs.map(({ key }) => key));
  if (outputs.some(({ key }) => isIdentity(key))) {
    throw new TacitError('crypto/identity', 'the identity is not a key');
  }
}

/** What the range proof of a claim says: change is an amount, the wrap is 0 or `t`. */
export function rangeOf(
  modulus: bigint,
  context: Uint8Array,
  outputs: readonly Note[],
  wrap: Uint8Array,
): RangeStatement {
  return {
    context,
    ranged: [
      ...outputs.map(({ commitment }) => ({ commitment, bits: AMOUNT_BITS, unit: 1n })),
      { commitment: wrap, bits: 1, unit: modulus },
    ],
  };
}

/** Bytes of the range proof of a claim with so many notes of change. */
function changeProofBytes(outputs: number): number {
  const bytes = new Uint8Array(32);
  const notes = Array.from({ length: outputs }, () => ({ key: bytes, commitment: bytes }));
  return rangeProofBytes(rangeOf(1n, bytes, notes, bytes));
}

/** Bytes of a claim's proof: place, `W`, ranges. The first 32 are the tag. */
export function hiddenProofBytes(digits: number, outputs: number): number {
  return placeProofBytes(digits) + 32 + changeProofBytes(outputs);
}

const termParts = ({ amount, fee, destination, outputs }: HiddenTerms): HashPart[] => [
  amount,
  fee,
  destination,
  outputs.length,
  ...outputs.flatMap(({ key, commitment }) => [key, commitment]),
];

/** Hash of the statement and of all that the prover sends before the range proof, which is bound to it. */
export function claimContext(bin: OpenBin, terms: HiddenTerms, wrap: Uint8Array, messages: PlaceMessages): Uint8Array {
  return hashOf('tacit/hidden-claim/1', bin.genesis, bin.root, ...termParts(terms), wrap, ...messageList(messages));
}

/** The challenge of a claim: behind everything but the answers to it. */
export function claimChallenge(context: Uint8Array, rangeProof: Uint8Array): Scalar {
  return reduce64(hashOf('tacit/hidden-claim-challenge/1', context, rangeProof));
}

/** The note that is spent. */
export interface HiddenWitness {
  /** Place of the note in the bin. */
  readonly place: number;
  /** One-time secret `k` of the note. */
  readonly key: Scalar;
  /** Change of an earlier claim never wraps: its `twin` is 0. */
  readonly opening: NoteOpening;
}

/** A note of change as its maker knows it. */
export interface ChangeSecrets {
  /** One-time key `K'` of whoever is to spend it, 32 bytes. */
  readonly key: Uint8Array;
  /** Grains; with the other change and the claim's amount it is what the spent note holds. */
  readonly amount: bigint;
  /** Uniform, never used before. */
  readonly blinding: Scalar;
}

/** Scalars for one proof: bound to secrets and statement, and hedged with fresh bytes, so that neither a repeated nor a poor random source shows a secret. */
function noncesOf(
  bin: OpenBin,
  terms: HiddenTerms,
  { place, key, opening }: HiddenWitness,
  change: readonly ChangeSecrets[],
  hedge: Uint8Array,
): () => Scalar {
  const nonces = new Prg(
    hash32Of(
      'tacit/hidden-claim-nonce/1',
      hedge,
      encodeScalar(key),
      encodeScalar(opening.blinding),
      opening.twin,
      ...change.flatMap(({ amount, blinding }) => [amount, encodeScalar(modOrder(blinding))]),
      bin.root,
      place,
      ...termParts(terms),
    ),
  );
  return () => reduce64(nonces.next(64));
}

/**
 * Proves a claim.
 * @param random 32 fresh bytes are drawn; nonces also depend on the secrets and terms
 * @throws what {@link checkHiddenTerms} throws, `hidden/unbalanced`, `place/no-such-note`, `range/out-of-range`
 */
export function proveHiddenClaim(
  bin: OpenBin,
  { amount, fee, destination }: Omit<HiddenTerms, 'outputs'>,
  witness: HiddenWitness,
  change: readonly ChangeSecrets[],
  random: RandomBytes,
): { terms: HiddenTerms; proof: Uint8Array } {
  const outputs = change.map((one) => ({ key: one.key, commitment: commit(one.amount, one.blinding).toBytes() }));
  const terms: HiddenTerms = { amount, fee, destination, outputs };
  checkHiddenTerms(bin, terms);
  const { opening, place, key } = witness;
  const left = change.reduce((sum, one) => sum + one.amount, amount * bin.grains);
  if (left !== opening.amount) {
    throw new TacitError('hidden/unbalanced', 'amount and change are not what the note holds');
  }
  const nextScalar = noncesOf(bin, terms, witness, change, random(32));
  const wrapBlinding = nextScalar();
  const wrap = commit(BigInt(opening.twin) * bin.modulus, wrapBlinding).toBytes();
  const blinding = change.reduce((sum, one) => sum - one.blinding, opening.blinding + wrapBlinding);
  const opened = openPlaceProof(bin.ring, { place, key, blinding: modOrder(blinding) }, nextScalar);
  const context = claimContext(bin, terms, wrap, opened.messages);
  const openings = [
    ...change.map((one) => ({ value: one.amount, blinding: one.blinding })),
    { value: BigInt(opening.twin), blinding: wrapBlinding },
  ];
  const rangeProof = proveRange(rangeOf(bin.modulus, context, outputs, wrap), openings, nextScalar);
  const responses = opened.respond(claimChallenge(context, rangeProof));
  const placeProof = encodePlaceProof({ messages: opened.messages, responses });
  return { terms, proof: concatBytes(placeProof, wrap, rangeProof) };
}
