/** Checks 11 and 12: rate and notes of a round, from what was opened (§7). */
import { at, present } from '../../primitives/at.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { parseEnrolment } from '../../primitives/proofs/enrolment.ts';
import { mintNote } from '../../primitives/proofs/notes.ts';
import {
  directionHash,
  paidBy,
  paymentOf,
  priceShare,
  signedBytes,
  squaredNorm,
  totalScore,
} from '../../primitives/round/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import { CHECK } from './book.ts';
import type { AuditedMint } from './claims.ts';
import { publicTermsOf } from '../evaluation/evaluate.ts';
import { boundsOf, scoredOf } from './openings.ts';
import type { RoundScene } from './scene.ts';

/** The direction is the one committed to when the round was made, and no longer than the updates. */
export function checkDirection({ book, info, partOf }: RoundScene): void {
  const { rule } = info.round;
  rule.directions.forEach((committed, part) => {
    const published = partOf(part)?.direction;
    if (!book.expect(CHECK.scores, published !== undefined, `direction part ${part} was not published`)) return;
    const { salt, values: direction } = present(published, 'the direction');
    book.same(CHECK.scores, `commitment of direction part ${part}`, committed, directionHash(part, salt, direction));
    book.same(CHECK.scores, `length of direction part ${part}`, rule.parts[part], direction.length);
    const norm = squaredNorm(signedBytes(direction));
    book.expect(CHECK.scores, norm <= rule.normSq, `norm of direction part ${part}: ${norm} above ${rule.normSq}`);
  });
}

/**
 * The total is the one that follows from what was opened, of the updates by their sum, of the counts as it is; the rate follows from it, pool, stake and the bounds of the weights, and no stake can go below zero. A
 * round whose weights are all zero has none: it fails.
 * @param counts points of all counts
 */
export function checkTotal(scene: RoundScene, counts: bigint): void {
  const { book, params, info } = scene;
  const { pool, stake } = info.round.rule;
  const scored = scoredOf(scene);
  const bounds = boundsOf(scene, scored);
  const total = totalScore(info.round.rule, scored, counts, publicTermsOf(info));
  if (bounds.weightNorm === 0n) {
    book.same(CHECK.scores, 'fate of a round without weights', 'NothingToScore', info.round.failure?.tag);
    return;
  }
  const found = info.total && (info.total.negative ? -info.total.sum : info.total.sum);
  book.same(CHECK.openings, 'total of the scores', total, found);
  const { rate, grains } = paymentOf(info.round.rule, total, bounds, params.maxWeightNorm);
  book.same(CHECK.scores, 'rate', rate, info.total?.rate);
  book.same(CHECK.scores, 'grains in a unit', grains, info.total?.grains);
  book.same(CHECK.scores, 'weight norm of a score', bounds.weightNorm, info.total?.weightNorm);
  book.expect(
    CHECK.scores,
    rate * bounds.phiBound <= grains * stake,
    'a score at its bound would take more than the stake',
  );
  book.expect(CHECK.scores, total <= 0n || rate * total <= grains * pool, 'the pool does not cover the scores');
}

/** What accepted items are owed in the open, from what was opened of the round and of those before it, against what the block says it owes to whom (§9.8). @returns all of it */
function checkPrice(scene: RoundScene, paid: bigint): bigint {
  const { book, block, info } = scene;
  const { rule, accepted, round } = info.round;
  const scored = scoredOf(scene);
  book.same(CHECK.scores, 'what of the squares of the aggregate is new', scored.news, info.total?.news);
  const share = priceShare(rule, accepted.length, scored, paid);
  const owed = block.events.flatMap(({ pallet, name, data }) => {
    const fact = data as { round: number; account: Uint8Array; amount: bigint };
    const isOfRound = pallet === 'Royalty' && name === 'PriceOwed' && fact.round === round;
    return isOfRound ? [`${toHex(fact.account)} ${fact.amount}`] : [];
  });
  const due = share === 0n ? [] : accepted.map((item) => `${toHex(at(info.items, item).account)} ${share}`);
  book.same(CHECK.scores, `what is owed for the aggregate of round ${round}`, due.join(), owed.join());
  return share * BigInt(accepted.length);
}

/** The notes of a round made again from `z` and the enrolments, and the money they stand for; undefined if the state says that it has none. */
export function checkNotes(scene: RoundScene, z: readonly bigint[]): AuditedMint | undefined {
  const { book, params, info, block } = scene;
  const { round, total, payout } = info;
  const { pool, stake } = round.rule;
  const notes = round.accepted.map((item, place) => {
    const { mask, key } = parseEnrolment(params, info.items[item]!.enrolment);
    return mintNote(z[place]!, mask, key);
  });
  const paid = total === undefined || total.negative ? 0n : paidBy(total, total.sum);
  book.same(CHECK.scores, 'rate beside the payout vector', total?.rate, payout?.rate);
  book.same(CHECK.scores, 'grains beside the payout vector', total?.grains, payout?.grains);
  book.same(CHECK.scores, 'total beside the payout vector', total?.sum, payout?.sum);
  book.same(CHECK.scores, 'sign of the total beside the payout vector', total?.negative, payout?.negative);
  book.same(CHECK.scores, 'stake beside the payout vector', stake, payout?.stake);
  const money = royalty.use(block.after).store.rounds.get(round.round);
  book.same(CHECK.scores, 'sum that the round pays', paid, money?.paid);
  const shared = checkPrice(scene, paid);
  book.same(CHECK.scores, 'sum that is owed for the aggregate', shared, money?.shared);
  book.same(CHECK.scores, 'dust that returns to the pool', pool - paid - shared, money?.dust);
  const stated = money?.notes;
  const areThere = (stated !== undefined) === notes.length > 0;
  if (!book.expect(CHECK.notes, areThere, `round ${round.round} has ${notes.length} notes, which are nowhere`)) return;
  if (stated === undefined) return;
  const units = paid + stake * BigInt(notes.length);
  return { round: round.round, modulus: params.t, grains: present(total, 'the total').grains, notes, units, stated };
}
