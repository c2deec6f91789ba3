/** The round's score as its state fixes it once `U` and `g` are known. */
import { at, present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import {
  acceptedCounts,
  aggregateOfParts,
  countsNorm,
  partWeights,
  priceShare,
  type PublicTerms,
  publicTerms,
  type ScoreBounds,
  scoreBounds,
  signedBytes,
  squaredNorm,
  directionHash,
  haveOneForm,
} from '../../primitives/round/index.ts';
import type { Context } from '../support/index.ts';
import { state, type Tally } from './state.ts';
import type { Round, Submission } from './types.ts';

/** `U` per part. Empty until it is opened. */
export function aggregateParts({ store }: Tally, round: Round): Int32Array[] {
  const bytes = store.aggregates.get(round.round);
  return bytes === undefined ? [] : aggregateOfParts(round.rule, bytes);
}

/** What stands in state of the aggregates that a round is held against, in the order of its rule. */
export function pastOf({ store }: Tally, { rule }: Round): Uint8Array[] {
  return rule.past.map((id) => present(store.aggregates.get(id), `the aggregate of round ${id}`));
}

/** Whether a rule names rounds that have settled, so that their aggregates stay, of the same form, each once. */
export function hasPast({ store }: Tally, rule: Pick<Round['rule'], 'past' | 'parts' | 'sketch'>): boolean {
  const { past } = rule;
  const isLike = (id: number): boolean => {
    const round = store.rounds.get(id);
    return round?.phase.tag === 'Settled' && haveOneForm(round.rule, rule) && store.aggregates.has(id);
  };
  return new Set(past).size === past.length && past.every(isLike);
}

/** What each accepted item of a settled round is owed besides its note (`priceShare`). @param paid by scores, in units of money */
export function priceShareOf(ctx: Context, round: Round, paid: bigint): bigint {
  const tally = state.use(ctx);
  const past = pastOf(tally, round).map((bytes) => aggregateOfParts(round.rule, bytes));
  const parts = aggregateParts(tally, round).map((aggregate, part) => {
    return { aggregate, past: past.map((one) => at(one, part)) };
  });
  return priceShare(round.rule, round.accepted.length, parts, paid);
}

/** Published parts of `g`; undefined where one is missing. */
export function directionParts({ store }: Tally, round: Round): (Int8Array | undefined)[] {
  return round.rule.parts.map((_, part) => {
    const published = store.directions.get(round.round, part);
    return published && signedBytes(published.values);
  });
}

/** `v'_p` per part; empty until `U` and `g` are known. */
function weightsOf(tally: Tally, round: Round): Int32Array[] {
  const aggregates = aggregateParts(tally, round);
  const directions = directionParts(tally, round);
  const past = aggregates.length === 0 ? [] : pastOf(tally, round).map((bytes) => aggregateOfParts(round.rule, bytes));
  return aggregates.flatMap((aggregate, part) => {
    const direction = directions[part];
    if (direction === undefined) return [];
    const opened = { direction, aggregate, past: past.map((parts) => at(parts, part)) };
    return [partWeights(round.rule, round.accepted.length, opened)];
  });
}

/** Public points and factors of the accepted items, in their order. */
export function publicTermsOf({ store }: Tally, { round, rule, accepted }: Round): PublicTerms {
  const items = accepted.map((index) => present(store.items.get(round, index), `item ${index}`));
  return publicTerms(rule, items);
}

/** The reports of a round: one of each reporter and part, if it came. */
function reportsOf({ store }: Tally, { round, rule }: Round): Submission[] {
  return rule.reporters.flatMap(({ account }, part) => {
    const index = store.submissionOf.get(round, account, LANES.usage, part);
    return index === undefined ? [] : [present(store.submissions.get(round, index), `submission ${index}`)];
  });
}

/** What is public of a round's scores once `U` and `g` are known. */
export interface OpenScore {
  readonly terms: PublicTerms;
  /** `v'_p` per part. */
  readonly weights: readonly Int32Array[];
  readonly bounds: ScoreBounds;
}

export function openScoreOf(tally: Tally, round: Round): OpenScore {
  const terms = publicTermsOf(tally, round);
  const weights = weightsOf(tally, round);
  const points = acceptedCounts(round.rule, reportsOf(tally, round));
  return { terms, weights, bounds: scoreBounds(round.rule, weights, points, terms) };
}

/** What a round's `countsNorm` is once its checks are done. */
export function normOfCounts(tally: Tally, round: Round): bigint {
  if (!mayCount(round)) return 0n;
  return countsNorm(acceptedCounts(round.rule, reportsOf(tally, round)), publicTermsOf(tally, round));
}

/** Whether counts could be worth points, as far as the rule says it. */
export function mayCount({ rule }: Round): boolean {
  return rule.reporters.some(({ points }) => points > 0n);
}

/** A part of a direction and the salt under which it was committed. */
export interface ShownPart {
  readonly round: number;
  readonly part: number;
  readonly salt: Uint8Array;
  readonly direction: Uint8Array;
}

/** Whether a part is the one that the rule of its round is committed to. There is one such part at most. */
export function isCommitted({ rule }: Round, { part, salt, direction }: ShownPart): boolean {
  const committed = rule.directions[part];
  return (
    rule.parts[part] === direction.length &&
    committed !== undefined &&
    sameBytes(directionHash(part, salt, direction), committed) &&
    squaredNorm(signedBytes(direction)) <= rule.normSq
  );
}

/** Keeps a part of the validation direction that has been validated (posts.ts), whoever shows it. */
export function keepDirection({ store, events }: Tally, { round, part, salt, direction }: ShownPart): void {
  store.directions.put(round, part, { salt, values: direction });
  events.DirectionPublished({ round, part });
}
