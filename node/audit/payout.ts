/** Checks 11 and 12: rate, notes and bins of a round, from what was opened (§7). */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { parseEnrolment } from '../../primitives/proofs/enrolment.ts';
import { type Bin, binRoot, binsOf, encodeBin, mintNote, ringNotes } from '../../primitives/proofs/notes.ts';
import { paymentOf, paidBy, signedBytes, squaredNorm, directionHash } from '../../primitives/round/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import { CHECK } from './book.ts';
import { boundsOf } from './openings.ts';
import type { RoundScene } from './scene.ts';

/** The direction is the one committed to when the round was made, and no longer than the updates. */
export function checkDirection({ book, info }: RoundScene): void {
  const { rule } = info.round;
  rule.directions.forEach((committed, part) => {
    const published = info.directions[part];
    if (!book.expect(CHECK.scores, published !== undefined, `direction part ${part} was not published`)) return;
    const { salt, values: direction } = present(published, 'the direction');
    book.same(CHECK.scores, `commitment of direction part ${part}`, committed, directionHash(part, salt, direction));
    book.same(CHECK.scores, `length of direction part ${part}`, rule.parts[part], direction.length);
    const norm = squaredNorm(signedBytes(direction));
    book.expect(CHECK.scores, norm <= rule.normSq, `norm of direction part ${part}: ${norm} above ${rule.normSq}`);
  });
}

/**
 * The total is the one that follows from what was opened; the rate follows from it, pool, stake and the bounds of the weights, and no stake can go below zero. A
 * round whose weights are all zero has none: it fails.
 */
export function checkTotal(scene: RoundScene, total: bigint): void {
  const { book, params, info } = scene;
  const { pool, stake } = info.round.rule;
  const bounds = boundsOf(scene);
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

/** A bin that the audit minted itself, with what may be claimed from it. */
export interface AuditedBin {
  readonly bin: Bin;
  /** Grains in a unit of money. */
  readonly grains: bigint;
  escrow: bigint;
  claimed: number;
}

/** Notes and bins made again from `z` and the enrolments, and the money they stand for. */
export function checkNotes(scene: RoundScene, z: readonly bigint[]): AuditedBin[] {
  const { book, params, context, info, block } = scene;
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
  const { store } = royalty.use(block.after);
  const money = store.rounds.get(round.round);
  book.same(CHECK.scores, 'sum that the round pays', paid, money?.paid);
  book.same(CHECK.scores, 'dust that returns to the pool', pool - paid, money?.dust);
  const bins = binsOf(context.genesis, round.round, params.t, notes);
  book.same(CHECK.notes, 'number of bins', bins.length, money?.bins);
  // With several bins nobody could say what each holds: the state must put all notes of a round into one.
  return bins.flatMap((bin) => {
    const record = store.bins.get(round.round, bin.index);
    const escrow = paid + stake * BigInt(bin.notes.length);
    if (!book.expect(CHECK.notes, record !== undefined, `bin ${bin.index} is not there`)) return [];
    const stored = present(record, 'the bin').bin;
    book.same(CHECK.notes, `grains in a unit of bin ${bin.index}`, total?.grains, record?.grains);
    const expected = encodeBin(bin);
    if (!sameBytes(expected, stored)) {
      const place = bin.notes.findIndex((_, i) => !sameBytes(noteBytes(expected, i), noteBytes(stored, i)));
      const what = `note ${place} of bin ${bin.index} of round ${round.round}`;
      book.same(CHECK.notes, what, noteBytes(expected, place), noteBytes(stored, place));
    }
    book.same(CHECK.notes, `bin ${bin.index} of round ${round.round}`, expected, stored);
    book.same(CHECK.notes, `root of bin ${bin.index}`, binRoot(bin), record?.root);
    book.same(CHECK.notes, `escrow of bin ${bin.index}`, escrow, record?.escrow);
    // Twins are `C + tG` under the same key: the ring holds both of every note, under keys that all differ.
    book.same(CHECK.notes, `modulus of the twins of bin ${bin.index}`, params.t, bin.modulus);
    book.passed(CHECK.notes, 2 * ringNotes(bin).slice(0, bin.notes.length).length);
    return [{ bin, escrow, claimed: 0, grains: present(total, 'the total').grains }];
  });
}

/** Key and commitment of note `place` in a bin's bytes. */
function noteBytes(bin: Uint8Array, place: number): Uint8Array {
  const header = 53;
  return bin.subarray(header + 64 * place, header + 64 * (place + 1));
}
