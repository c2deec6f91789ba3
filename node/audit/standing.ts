/** Check 11, what is public of scores: the rule stays as it was made, and items have the points and factors that were stated, within what they can be worth (§9.4). */
import { toHex } from '../../primitives/crypto/hex.ts';
import { portfolioOf, claimOf } from '../../pallets/registry/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import { roundRule } from '../../pallets/tally/types.ts';
import { CHECK } from './book.ts';
import type { RoundScene, StatedStanding } from './scene.ts';

const NOTHING: StatedStanding = { standing: 0n, factor: 1 };

/** Keeps the rule of a round that begins. */
export function keepRule({ file, info }: RoundScene): void {
  file.rule = roundRule.codec.enc(info.round.rule);
}

/**
 * Keeps what an item was given, and sees that all its data and claims together can be worth as much: portfolios never change, nor does what a claim is about.
 * What of it is owned and holds in a block is looked at by executing that block again.
 */
export function keepStanding(scene: RoundScene, account: Uint8Array, stated: StatedStanding): void {
  const { book, file, info, block } = scene;
  const { store } = royalty.use(block.after);
  const item = info.items.findIndex((one) => toHex(one.account) === toHex(account));
  const terms = store.rounds.get(info.round.round)?.terms;
  const shown = store.statements.get(info.round.round, item);
  const name = `item ${item} of round ${info.round.round}`;
  file.standings.set(toHex(account), stated);
  // A round that ended in this very block has forgotten what was shown.
  if (info.round.endedAt !== undefined) return;
  if (!book.expect(CHECK.scores, terms !== undefined && shown !== undefined, `${name} has shown nothing`)) return;
  const curated = terms?.curation && portfolioOf(block.after, terms.curation.portfolio);
  const weights = curated?.items.filter(({ data }) => shown?.data.includes(data)).map(({ weight }) => weight) ?? [];
  const weight = weights.reduce((sum, one) => sum + one, 0n);
  const most = weight * (terms?.curation?.points ?? 0n);
  const kinds = shown?.claims.map((id) => claimOf(block.after, id)?.kind.tag) ?? [];
  const factors = terms?.factors.filter(({ kind }) => kinds.includes(kind.tag)).map(({ factor }) => factor) ?? [];
  book.expect(CHECK.scores, stated.standing <= most, `public points of ${name}: its data are worth ${most} at most`);
  const isGiven = stated.factor === 1 || factors.includes(stated.factor);
  book.expect(CHECK.scores, isGiven, `factor of ${name}: ${stated.factor} is none that its claims give`);
}

/** The rule is the one that the round was made with, and every item has what was stated. */
export function checkPublic({ book, file, info }: RoundScene): void {
  const { round, items } = info;
  if (file.rule !== undefined)
    book.same(CHECK.scores, `rule of round ${round.round}`, file.rule, roundRule.codec.enc(round.rule));
  for (const [index, { account, holder, standing, factor }] of items.entries()) {
    const stated = file.standings.get(toHex(account)) ?? NOTHING;
    const name = `item ${index} of round ${round.round}`;
    book.same(CHECK.scores, `holder of ${name}`, file.holders.get(toHex(account)), holder);
    book.same(CHECK.scores, `public points of ${name}`, stated.standing, standing);
    book.same(CHECK.scores, `factor of ${name}`, stated.factor, factor);
  }
}
