/**
 * The check of section 5 as the committee runs it: members post shares of `pieces - public side`, which decode to zero for honest payloads. First all payloads
 * of a round in one weighted combination; only if that fails, each on its own. A payload's own shares are the same in both, so a member
 * computes them once. A check has passed when `2f+1` posts lie on polynomials that are zero at 0 in every equation (primitives/fhe/decode.ts).
 */
import { fromLittleEndian } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { modOrder, ORDER, reduce64, type Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import { cdiCoefficients, memberPieces } from '../fhe/cdi.ts';
import { modulo } from '../fhe/modulus.ts';
import type { FheParams } from '../fhe/params.ts';
import { ringOf } from '../fhe/ring.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import type { RnsPoly } from '../fhe/types.ts';
import { expandSeed } from './expand.ts';
import type { Binding } from './transcript.ts';
import type { OpenedSubmission } from './unseal.ts';
import {
  type CheckTables,
  type CheckValues,
  coefficientLabel,
  FUNCTIONALS,
  type LinearExpansion,
  linearExpansion,
  publicSide,
  secretSide,
} from './validity.ts';

/** Equations per data prime: `CheckValues.q` is `[prime][PER_PRIME]`. */
export const PER_PRIME = 2 * FUNCTIONALS;

/**
 * `member`'s share of everything that the seeds of a submission stand for. It needs neither the payload nor the beacon: a member makes it while the
 * round is open and has little left to do after the close. About a megabyte, and as secret as the seeds.
 * @param seeds the seeds of all subsets that the member is in (`openSeedBoxes`); throws `fhe/missing-piece` if one is not there
 */
export function shareExpansions(
  params: FheParams,
  binding: Binding,
  ephemeral: Uint8Array,
  seeds: ReadonlyMap<number, Uint8Array>,
  member: number,
): LinearExpansion {
  const { subsets, values } = memberPieces(params, member, seeds);
  let share: LinearExpansion | undefined;
  for (const [i, A] of subsets.entries()) {
    const piece = linearExpansion(params, binding.spec, expandSeed(params, binding, ephemeral, A, values[i]!));
    share = addScaled(params, share, piece, (q) => cdiCoefficients(params, [A], member, q)[0]!);
  }
  if (share === undefined) throw new TacitError('fhe/member', 'a member is in no subset', { member });
  return share;
}

/** `sum + factor * piece`, one piece at a time: a committee of ten has 84 of them. */
function addScaled(
  params: FheParams,
  sum: LinearExpansion | undefined,
  piece: LinearExpansion,
  factor: (modulus: bigint) => bigint,
): LinearExpansion {
  const poly = (pick: (of: LinearExpansion) => RnsPoly): RnsPoly => {
    const terms = sum === undefined ? [pick(piece)] : [pick(piece), pick(sum)];
    return ringOf(params).linear(terms, (_, q) => [factor(q), 1n], params.dataPrimes.length);
  };
  const scalars = (pick: (of: LinearExpansion) => ScalarVector): ScalarVector => {
    const scaled = scalarField.mulScalar(pick(piece), factor(ORDER));
    return sum === undefined ? scaled : scalarField.addVec(pick(sum), scaled);
  };
  return {
    u: poly(({ u }) => u),
    e1: poly(({ e1 }) => e1),
    noise: poly(({ noise }) => noise),
    pads: scalars(({ pads }) => pads),
    masks: scalars(({ masks }) => masks),
    terms: scalars(({ terms }) => terms),
  };
}

const primeAt = (params: FheParams, at: number): bigint => params.dataPrimes[Math.floor(at / PER_PRIME)]!;

/** A member's shares of one payload's check, public side taken off. `share` is what {@link shareExpansions} made of the same submission. */
export function payloadShares(tables: CheckTables, submission: OpenedSubmission, share: LinearExpansion): CheckValues {
  const { params } = tables;
  const own = secretSide(tables, submission, share);
  const known = publicSide(tables, submission);
  return {
    q: own.q.map((value, at) => modulo(value - known.q[at]!, primeAt(params, at))),
    l: modOrder(own.l - known.l),
  };
}

/**
 * The shares of a weighted combination of payloads. The weights follow from the beacon and each payload's id, independently per prime and functional, so that
 * a combination of any wrong payloads passes with no better chance than one of them alone.
 */
export function combineShares(
  tables: CheckTables,
  entries: readonly { readonly id: Uint8Array; readonly shares: CheckValues }[],
): CheckValues {
  const { params } = tables;
  const q = new BigUint64Array(params.dataPrimes.length * PER_PRIME);
  let l = 0n;
  for (const { id, shares } of entries) {
    const weights = payloadWeights(tables, id);
    for (let at = 0; at < q.length; at++) {
      q[at] = (q[at]! + weights.q[at >> 1]! * shares.q[at]!) % primeAt(params, at);
    }
    l = modOrder(l + weights.l * shares.l);
  }
  return { q, l };
}

/** `rho` of a payload: `[prime][functional]`, and one mod l. */
function payloadWeights({ params, context, beacon }: CheckTables, id: Uint8Array): { q: bigint[]; l: Scalar } {
  const prg = new Prg(hash32Of('tacit/check/rho/1', ...coefficientLabel(context, beacon), id));
  const q = params.dataPrimes.flatMap((prime) =>
    Array.from({ length: FUNCTIONALS }, () => fromLittleEndian(prg.next(16)) % prime),
  );
  return { q, l: reduce64(prg.next(64)) };
}
