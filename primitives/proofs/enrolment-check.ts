/**
 * The committee's side of enrolments (specification §7): does `M` commit to the mask that the sealed seeds give?
 *
 * The members open `S = sum(a_i + rho_i m_i)` and `R = sum(b_i + rho_i r_i)` mod l, and everyone checks `S G + R H = sum(T_i + rho_i M_i)`. The weights
 * `rho_i` come from the beacon, which nobody knew when the enrolments were posted: with weights known before (or none) two colluding items shift value
 * between their masks. If the sum fails, `S_i` and `R_i` are opened item by item WITH THE SAME weights: a second weight for the same blinding would
 * reveal the mask. A failing enrolment is void.
 */
import { decodePoints, isIdentity, type PointSet, sumOfProducts } from '../crypto/points.ts';
import { G, H, hashToScalar, modOrder, ORDER, type Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import { type Pieces, shareOf } from '../fhe/cdi.ts';
import { encodedShares } from '../fhe/masks.ts';
import { type FheParams, subsetsWith } from '../fhe/params.ts';
import type { Enrolment, EnrolmentPieces } from './enrolment.ts';

/** Shares of one member, or the values they decode to; scalars mod l. */
export interface MaskCheck {
  readonly S: Scalar;
  readonly R: Scalar;
}

/** `rho` of an enrolment: from the beacon and its id (`enrolmentId`), whichever enrolments it is summed with. */
export function enrolmentWeight(beacon: Uint8Array, id: Uint8Array): Scalar {
  return hashToScalar('tacit/enrolment-weight/1', beacon, id);
}

/** One number of each subset's pieces. */
function select(pieces: Pieces<EnrolmentPieces>, part: (p: EnrolmentPieces) => bigint): Map<number, bigint> {
  return new Map([...pieces].map(([subset, p]) => [subset, part(p)]));
}

/**
 * A member's shares of `S` and `R` of one enrolment, public part (`rho * delta`) added. Shares of several enrolments add up, mod l, to
 * the shares of the combined check: {@link sumMaskChecks}.
 */
export function maskCheckShare(
  params: FheParams,
  member: number,
  enrolment: Enrolment,
  pieces: Pieces<EnrolmentPieces>,
  rho: Scalar,
): MaskCheck {
  const share = (part: (p: EnrolmentPieces) => bigint): Scalar => shareOf(params, member, select(pieces, part), ORDER);
  return {
    S: modOrder(share(({ m, a }) => a + rho * m) + rho * enrolment.delta),
    R: share(({ r, b }) => b + rho * r),
  };
}

/** Sums mod l of shares, or of values. */
export function sumMaskChecks(checks: readonly MaskCheck[]): MaskCheck {
  return {
    S: modOrder(checks.reduce((sum, { S }) => sum + S, 0n)),
    R: modOrder(checks.reduce((sum, { R }) => sum + R, 0n)),
  };
}

/** Whether `S G + R H = sum(T_i + rho_i M_i)`: for all enrolments at once, or for one alone with its own `S` and `R`. */
export function checkEnrolments(
  enrolments: readonly Enrolment[],
  rho: readonly Scalar[],
  { S, R }: MaskCheck,
): boolean {
  if (enrolments.length !== rho.length) throw new TacitError('enrolment/weights', 'one weight per enrolment is needed');
  bases ??= decodePoints([G.toBytes(), H.toBytes()]);
  const sum = sumOfProducts(
    { points: bases, scalars: [modOrder(-S), modOrder(-R)] },
    { points: decodePoints(enrolments.map(({ blind }) => blind)), scalars: enrolments.map(() => 1n) },
    { points: decodePoints(enrolments.map(({ mask }) => mask)), scalars: rho },
  );
  return isIdentity(sum);
}

/** `G` and `H` as the crypto kernel has them. */
let bases: PointSet | undefined;

/**
 * A member's shares of the secret parts of masks, `[data prime][item]`, as `openingShare` adds them (§6). The public part of a mask, its `delta`, belongs to the
 * constant of the item's slot. A mask serves one request text only.
 */
export function maskShares(
  params: FheParams,
  member: number,
  items: readonly Pieces<EnrolmentPieces>[],
): BigUint64Array {
  const masks = subsetsWith(params, member).map((subset): [number, bigint[]] => [
    subset,
    items.map((pieces) => {
      const piece = pieces.get(subset);
      if (piece === undefined) throw new TacitError('fhe/missing-piece', 'a seed was not opened', { subset });
      return piece.m;
    }),
  ]);
  return encodedShares(params, member, new Map(masks));
}
