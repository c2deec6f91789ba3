/** What an item earned, by the mask that only its owner has; and whether its share is right, by the update that only its owner has (specification §15.2). */
import type { Scalar } from '../../../primitives/crypto/ristretto.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { recoverEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { openNote } from '../../../primitives/proofs/notes.ts';
import { squaredNorm } from '../../../primitives/round/score.ts';
import type { Wallet } from '../keys.ts';
import { type PaidItem, type RoundFacts, unlike } from './facts.ts';

/** The opening of a mask: whoever has it reads what the item was paid. It does not spend the note. */
export interface Mask {
  /** `m`, in [0, t). */
  readonly mask: bigint;
  /** Blinding of `M = m G + r H`. */
  readonly blinding: Scalar;
}

/** What a note holds. */
export interface Earned {
  /** Grains. */
  readonly grains: bigint;
  /** Whole units of 10^-6 TAC. */
  readonly amount: bigint;
  /** The score; undefined in a round that paid nothing. */
  readonly score: bigint | undefined;
}

/** Where a score comes from. */
export interface Share {
  /** `gamma * sum <u_p, v'_p>` of the owner's update. */
  readonly update: bigint;
  /** The base, and what the round's consumer gave in public. */
  readonly points: bigint;
  /** What is left: counts of the reporters, which neither owner nor anybody else but them reads. */
  readonly counts: bigint;
}

/** The mask of an item and its one-time secret. @throws `receipt/not-mine` for another wallet's */
export function maskOf(
  { params, context }: RoundFacts,
  { view, enrolment }: PaidItem,
  wallet: Wallet,
): Mask & { key: Scalar } {
  try {
    const { m, r, key } = recoverEnrolment(params, { context, account: view.account }, wallet.noteSeed, enrolment);
    return { mask: m, blinding: r, key };
  } catch (error) {
    if (isTacitError(error)) throw unlike('not-mine', 'this wallet did not make the enrolment');
    throw error;
  }
}

/**
 * Opens an item's payout.
 * @throws `receipt/wrong-mask` for a mask that does not open the note, `receipt/wrong-payout` if what it holds is no stake and score
 */
export function openItem({ params, payout }: RoundFacts, { note, z }: PaidItem, { mask, blinding }: Mask): Earned {
  const { rate, grains, stake } = payout;
  const opened = opening(() => openNote(note, z, mask, blinding, params.t).amount);
  const earned = opened - grains * stake;
  if (rate === 0n ? earned !== 0n : earned % rate !== 0n)
    throw unlike('wrong-payout', `the payout of ${opened} grains is not the stake and a multiple of the rate`);
  return { grains: opened, amount: opened / grains, score: rate === 0n ? undefined : earned / rate };
}

function opening(work: () => bigint): bigint {
  try {
    return work();
  } catch (error) {
    if (isTacitError(error)) throw unlike('wrong-mask', 'the mask does not open the payout and its note');
    throw error;
  }
}

/**
 * Works a score out again from the owner's update. What reporters counted is not known to the owner: what of the score the update and public points leave has to be
 * a number that their counts can give.
 * @param parts the update as it was submitted, part after part
 * @throws `receipt/wrong-update` if these are no update of this round, `receipt/wrong-share` if the score cannot be this update's
 */
export function shareOf(facts: RoundFacts, own: PaidItem, score: bigint, parts: readonly Int8Array[]): Share {
  const { rule } = facts.view;
  const fits = parts.length === rule.parts.length && parts.every((part, i) => part.length === rule.parts[i]);
  if (!fits || parts.some((part) => squaredNorm(part) !== rule.normSq))
    throw unlike('wrong-update', `this is no update of round ${facts.view.round}: other lengths, or another norm`);
  const products = parts.map((part, i) => innerProduct(part, facts.weights[i] as Int32Array));
  const place = facts.items.indexOf(own);
  const update = rule.gamma * products.reduce((sum, one) => sum + one, 0n);
  const points = facts.terms.points[place] as bigint;
  const counts = score - update - points;
  const factor = BigInt(facts.terms.factors[place] as number);
  const most = factor * rule.reporters.reduce((sum, one) => sum + one.points * one.total, 0n);
  if (counts < 0n || counts > most || counts % factor !== 0n || !isSum(counts / factor, rule.reporters))
    throw unlike(
      'wrong-share',
      `a score of ${score} is not ${update} of the update, ${points} public points and counts`,
    );
  return { update, points, counts };
}

function innerProduct(left: Int8Array, right: Int32Array): bigint {
  return left.reduce((sum, value, j) => sum + BigInt(value) * BigInt(right[j] as number), 0n);
}

/** Whether whole counts can add up to these points: a multiple of what all points for a count have in common. */
function isSum(points: bigint, reporters: readonly { readonly points: bigint }[]): boolean {
  const common = reporters.reduce((gcd, one) => greatestCommon(gcd, one.points), 0n);
  return common === 0n ? points === 0n : points % common === 0n;
}

function greatestCommon(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommon(b, a % b);
}
