/** Whether a rule is one that can be made, and what the tally is told of it. */
import { toHex } from '../../../primitives/crypto/hex.ts';
import { MAX_FACTOR } from '../../../primitives/round/factors.ts';
import { MAX_PAST, WHOLE_DISCOUNT } from '../../../primitives/round/novelty.ts';
import { ensureLive } from '../../ownership/index.ts';
import { isAdmittedFor, portfolioOf } from '../../registry/index.ts';
import { ensure } from '../../support/index.ts';
import type { RuleRecord } from '../../tally/index.ts';
import type { Royalty } from '../state.ts';
import type { Reporter, RoundPool, RoundTerms, RoyaltyRule } from './types.ts';

const isBetween = (value: number, least: number, most: number): boolean => value >= least && value <= most;
const areDifferent = (names: readonly string[]): boolean => new Set(names).size === names.length;

/** Fails unless the rule names only what there is: models of the round, admitted attesters, a portfolio in good standing. What its numbers are is the tally's affair. */
export function checkRule(royalty: Royalty, pools: readonly RoundPool[], rule: RoyaltyRule): void {
  const { ctx, errors } = royalty;
  const { reporters, curation, factors, admits, holders, novelty } = rule;
  ensure(pools.length > 0 && areDifferent(pools.map(({ model }) => `${model}`)), errors.BadModels);
  ensure(
    reporters.every(({ model }) => pools.some((pool) => pool.model === model)),
    errors.ForeignModel,
  );
  ensure(areDifferent(reporters.map(nameOf)), errors.RepeatedReporter);
  for (const { account, attested } of reporters)
    ensure(attested === undefined || isAdmittedFor(ctx, account, attested), errors.NotAttesting);
  if (curation !== undefined) {
    ensure(portfolioOf(ctx, curation.portfolio), errors.UnknownPortfolio);
    ensureLive(ctx, { tag: 'Portfolio', value: curation.portfolio });
  }
  ensure(curation !== undefined || admits.tag !== 'Curated', errors.NoCuration);
  const isNoveltyWhole =
    novelty === undefined || (isBetween(novelty.past, 1, MAX_PAST) && isBetween(novelty.discount, 1, WHOLE_DISCOUNT));
  ensure(isNoveltyWhole, errors.BadNovelty);
  const attester = holders.tag === 'Attested' ? holders.value : undefined;
  ensure(attester === undefined || isAdmittedFor(ctx, attester, { tag: 'Holder' }), errors.NotAttesting);
  const areWhole = factors.every(({ factor }) => factor >= 2 && factor <= MAX_FACTOR);
  ensure(areWhole && areDifferent(factors.map(({ kind }) => kind.tag)), errors.BadFactors);
}

function nameOf({ account, metric, model }: Reporter): string {
  const what = metric.tag === 'Other' ? toHex(metric.value) : metric.tag;
  return `${toHex(account)} ${what} ${model}`;
}

/** The numbers of a rule, as the tally takes them. @param past rounds that this one is held against */
export function tallyRuleOf(rule: RoyaltyRule, pool: bigint, past: number[]): RuleRecord {
  const { curation, factors, admits: _, reporters, holders, novelty, ...rest } = rule;
  return {
    ...rest,
    past,
    discount: novelty?.discount ?? 0,
    holders: holders.tag !== 'Accounts',
    reporters: reporters.map(({ account, total, points }) => ({ account, total, points })),
    mostStanding: curation?.most ?? 0n,
    mostFactor: Math.max(1, ...factors.map(({ factor }) => factor)),
    pool,
  };
}

/** What the tally does not know of a rule. */
export function termsOf({ curation, factors, admits, holders, reporters }: RoyaltyRule): RoundTerms {
  const counts = reporters.map(({ metric, attested, model }) => ({ metric, attested, model }));
  return { curation, factors, admits, holders, counts };
}
