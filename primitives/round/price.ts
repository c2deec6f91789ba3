/**
 * The price of an aggregate: what a round's owner pays for it at least, whatever its direction says (specification §9.8, decision 042). It follows what the updates have in common,
 * which the owner cannot choose and which is zero for noise.
 */
import type { RoundRule } from './rule.ts';
import type { ScoredParts } from './score.ts';

/** One part in so many of what a direction along the aggregate would have paid. */
const PRICE_SHARE = 4n;

type PriceTerms = Pick<RoundRule, 'parts' | 'normSq' | 'pool' | 'stake'>;
type News = Pick<ScoredParts, 'news'>;

/**
 * The price in units of money. Every update has the norm of the rule, so that `c`, what is new of the aggregate's square less the squares of the updates, is the sum of the inner products of
 * all pairs of them.
 * @param accepted `n`, at least 1
 * @param scored of all parts
 */
export function aggregatePrice({ parts, normSq, pool, stake }: PriceTerms, accepted: number, { news }: News): bigint {
  const squares = BigInt(accepted) * BigInt(parts.length) * normSq;
  const common = news - squares;
  if (common <= 0n) return 0n;
  const [ofPool, ofStake] = [(pool * common) / (PRICE_SHARE * news), (stake * common) / (PRICE_SHARE * squares)];
  return ofPool < ofStake ? ofPool : ofStake;
}

/** What each accepted item is owed besides its note: an equal part of what the scores were paid less than the price. Below a fourth of the stake. @param paid by scores, in units */
export function priceShare(rule: PriceTerms, accepted: number, scored: News, paid: bigint): bigint {
  if (accepted === 0) return 0n;
  const missing = aggregatePrice(rule, accepted, scored) - paid;
  return missing > 0n ? missing / BigInt(accepted) : 0n;
}
