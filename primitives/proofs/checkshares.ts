/**
 * The check of section 5 as the committee runs it: members post shares of `pieces - public side`, which decode to zero for honest payloads. First all payloads
 * of a round in one weighted combination; only if that fails, each on its own. A payload's own shares are the same in both, so a member
 * computes them once. A check has passed when `2f+1` posts lie on polynomials that are zero at 0 in every equation (primitives/fhe/decode.ts).
 */
import { fromLittleEndian } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { modOrder, ORDER, reduce64, type Scalar } from '../crypto/ristretto.ts';
import { shareOf } from '../fhe/cdi.ts';
import { modulo } from '../fhe/modulus.ts';
import { type FheParams, subsetsWith } from '../fhe/params.ts';
import { expandSeed } from './expand.ts';
import type { OpenedSubmission } from './unseal.ts';
import {
  type CheckTables,
  type CheckValues,
  coefficientLabel,
  FUNCTIONALS,
  publicSide,
  subsetPieces,
} from './validity.ts';

/** Equations per data prime: `CheckValues.q` is `[prime][PER_PRIME]`. */
export const PER_PRIME = 2 * FUNCTIONALS;

/**
 * `member`'s shares of one payload's check, public side taken off.
 * @param seeds the seeds of all subsets that the member is in (`openSeedBoxes`); throws `fhe/missing-piece` if one is not there
 */
export function payloadShares(
  tables: CheckTables,
  submission: OpenedSubmission,
  seeds: ReadonlyMap<number, Uint8Array>,
  member: number,
): CheckValues {
  const { params } = tables;
  const pieces = new Map<number, CheckValues>();
  for (const A of subsetsWith(params, member)) {
    const seed = seeds.get(A);
    if (seed === undefined) continue;
    pieces.set(
      A,
      subsetPieces(tables, submission, expandSeed(params, submission.binding, submission.ephemeral, A, seed)),
    );
  }
  const known = publicSide(tables, submission);
  const share = (pick: (piece: CheckValues) => bigint, modulus: bigint, off: bigint): bigint => {
    const picked = new Map(Array.from(pieces, ([A, piece]) => [A, pick(piece)]));
    return modulo(shareOf(params, member, picked, modulus) - off, modulus);
  };
  return {
    q: known.q.map((off, at) => share((piece) => piece.q[at]!, primeAt(params, at), off)),
    l: share((piece) => piece.l, ORDER, known.l),
  };
}

const primeAt = (params: FheParams, at: number): bigint => params.dataPrimes[Math.floor(at / PER_PRIME)]!;

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
