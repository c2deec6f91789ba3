/** Verification of claims with hidden change (specification §12.5): all that are given together, by one multi-scalar multiplication. */
import { concatBytes } from '../crypto/bytes.ts';
import { decodePoints } from '../crypto/points.ts';
import { encodeScalar, modOrder, type Scalar } from '../crypto/ristretto.ts';
import { isTacitError, TacitError } from '../errors.ts';
import { BASE, basePoints, Combination } from './combination.ts';
import type { OpenBin } from './hidden-bin.ts';
import {
  checkHiddenTerms,
  claimChallenge,
  claimContext,
  hiddenProofBytes,
  type HiddenTerms,
  rangeOf,
} from './hidden-claim.ts';
import { decodePlaceProof, type PlaceProof, placeProofBytes } from './one-of-many.ts';
import { addNotes, addPlaceEquations } from './place-check.ts';
import { addRangeEquation, weightsFrom } from './range-check.ts';

/** A claim as it stands on the chain, and the bin that it names. */
export interface HiddenClaim {
  readonly bin: OpenBin;
  readonly terms: HiddenTerms;
  readonly proof: Uint8Array;
}

/**
 * The tag inside a proof, for the set of those spent.
 * @throws `hidden/proof-length`, `crypto/bad-point`, `crypto/identity`
 */
export function tagOfHiddenClaim({
  bin,
  terms,
  proof,
}: Pick<HiddenClaim, 'terms' | 'proof'> & { readonly bin: Pick<OpenBin, 'digits'> }): Uint8Array {
  const { tag } = partsOf(bin.digits, terms, proof).place.messages;
  decodePoints([tag]);
  return tag;
}

function partsOf(
  digits: number,
  { outputs }: HiddenTerms,
  proof: Uint8Array,
): { place: PlaceProof; wrap: Uint8Array; rangeProof: Uint8Array } {
  const wanted = hiddenProofBytes(digits, outputs.length);
  if (proof.length !== wanted) {
    throw new TacitError('hidden/proof-length', `this claim's proof has ${wanted} bytes`, { length: proof.length });
  }
  const at = placeProofBytes(digits);
  const place = decodePlaceProof(digits, proof.slice(0, at));
  return { place, wrap: proof.slice(at, at + 32), rangeProof: proof.slice(at + 32) };
}

/** A claim whose form is good, with its challenge. */
interface Read {
  readonly claim: HiddenClaim;
  readonly parts: ReturnType<typeof partsOf>;
  readonly context: Uint8Array;
  readonly x: Scalar;
}

function read(claim: HiddenClaim): Read {
  const { bin, terms, proof } = claim;
  checkHiddenTerms(bin, terms);
  const parts = partsOf(bin.digits, terms, proof);
  const context = claimContext(bin, terms, parts.wrap, parts.place.messages);
  const x = claimChallenge(context, parts.rangeProof);
  if (x === 0n) throw new TacitError('proofs/zero-challenge', 'a challenge is zero');
  return { claim, parts, context, x };
}

/** Adds all equations of one claim but those of the notes, whose coefficients it adds to `notes`. */
function addClaim(
  sum: Combination,
  { claim, parts, context, x }: Read,
  values: Scalar,
  nextWeight: () => Scalar,
  notes: bigint[],
): void {
  const { bin, terms } = claim;
  const { outputs } = terms;
  const weights = { digits: nextWeight(), keys: nextWeight(), tags: nextWeight(), values };
  const added = addPlaceEquations(sum, bin.digits, parts.place, x, weights);
  added.notes.forEach((scalar, i) => {
    notes[i] = (notes[i] ?? 0n) + scalar;
  });
  // D = d G + sum C' - W
  sum.add(basePoints(), BASE.G, added.onD * terms.amount * bin.grains);
  sum.addAll(decodePoints([...outputs.map(({ commitment }) => commitment), parts.wrap]), [
    ...outputs.map(() => added.onD),
    -added.onD,
  ]);
  addRangeEquation(sum, rangeOf(bin.modulus, context, outputs, parts.wrap), parts.rangeProof, nextWeight());
}

/**
 * Whether all claims hold; false for anything malformed, and for more than a thousand, which are too many points. Does not know which tags are spent, nor what
 * the bins may pay. The weights of the equations are fixed by everything that is checked, so every node gives the same answer, and a set with a claim that does
 * not hold passes with probability 2^-250 a try.
 */
export function verifyHiddenClaims(claims: readonly HiddenClaim[]): boolean {
  try {
    const all = claims.map(read);
    const nextWeight = weightsFrom(...all.map(({ claim, x }) => concatBytes(encodeScalar(x), claim.proof)));
    const values = nextWeight();
    const sum = new Combination();
    const notes = new Map<OpenBin, bigint[]>();
    for (const one of all) {
      const of = notes.get(one.claim.bin) ?? [];
      notes.set(one.claim.bin, of);
      addClaim(sum, one, values, nextWeight, of);
    }
    for (const [bin, scalars] of notes) addNotes(sum, bin.ring, scalars.map(modOrder), values);
    return sum.isZero();
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

/** Whether one claim holds, as {@link verifyHiddenClaims}. */
export function verifyHiddenClaim(claim: HiddenClaim): boolean {
  return verifyHiddenClaims([claim]);
}

/** Which of the claims do not hold: one after the other, where not all do. */
export function wrongHiddenClaims(claims: readonly HiddenClaim[]): number[] {
  if (claims.length > 1 && verifyHiddenClaims(claims)) return [];
  return claims.flatMap((claim, i) => (verifyHiddenClaim(claim) ? [] : [i]));
}
