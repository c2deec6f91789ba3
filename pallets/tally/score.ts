/** The round's score as its state fixes it once `U` and `g` are known. */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import {
  acceptedCounts,
  aggregateValues,
  countsNorm,
  NO_PARTS,
  type OpenedPart,
  priceShare,
  type PublicTerms,
  publicTerms,
  type ScoreBounds,
  scoreBounds,
  type ScoredParts,
  scoredParts,
  signedBytes,
  squaredNorm,
  directionHash,
  haveOneForm,
} from '../../primitives/round/index.ts';
import type { Context } from '../support/index.ts';
import { state, type Tally } from './state.ts';
import type { PartInfo, Round, Submission } from './types.ts';

/** `U` per part, as far as it is opened. */
export function aggregateParts({ store }: Tally, { round, rule }: Round): Int32Array[] {
  return rule.parts.flatMap((_, part) => {
    const bytes = store.aggregates.get(round, part);
    return bytes === undefined ? [] : [aggregateValues(bytes)];
  });
}

/** What stands in state of one part of the aggregates that a round is held against, in the order of its rule. */
function pastOf({ store }: Tally, { rule }: Round, part: number): Uint8Array[] {
  return rule.past.map((id) => present(store.aggregates.get(id, part), `part ${part} of the aggregate of round ${id}`));
}

/** What is public of one part, once it is opened. */
export function partInfoOf(tally: Tally, round: Round, part: number): PartInfo | undefined {
  const { store } = tally;
  const aggregate = store.aggregates.get(round.round, part);
  const direction = store.directions.get(round.round, part);
  if (aggregate === undefined || direction === undefined) return undefined;
  return { direction, aggregate, past: pastOf(tally, round, part) };
}

/** Whether a rule names rounds that have settled, so that their aggregates stay, of the same form, each once. */
export function hasPast({ store }: Tally, rule: Pick<Round['rule'], 'past' | 'parts' | 'sketch'>): boolean {
  const { past } = rule;
  const isLike = (id: number): boolean => {
    const round = store.rounds.get(id);
    return round?.phase.tag === 'Settled' && haveOneForm(round.rule, rule) && store.aggregates.has(id, 0);
  };
  return new Set(past).size === past.length && past.every(isLike);
}

/** What each accepted item of a settled round is owed besides its note (`priceShare`). @param paid by scores, in units of money */
export function priceShareOf(ctx: Context, round: Round, paid: bigint): bigint {
  const { news } = present(state.use(ctx).store.totals.get(round.round), 'the total');
  return priceShare(round.rule, round.accepted.length, { news }, paid);
}

/** Of each part of `g`, whether it is published. */
export function publishedParts({ store }: Tally, { round, rule }: Round): boolean[] {
  return rule.parts.map((_, part) => store.directions.has(round, part));
}

/** What the opened parts of a round came to before the present request. */
function scoredBefore({ store }: Tally, { round }: Round): ScoredParts {
  const known = store.scored.get(round);
  if (known === undefined) return NO_PARTS;
  const { products, negative, phi, norm, news } = known;
  return { products: negative ? -products : products, phi, norm, news };
}

/** What all opened parts come to, with those of the present request: each is read for its turn. */
export function scoreOpened(tally: Tally, round: Round, parts: readonly number[]): ScoredParts {
  const opened = function* (): Generator<OpenedPart> {
    for (const part of parts) {
      const { direction, aggregate, past } = present(partInfoOf(tally, round, part), `part ${part}`);
      yield {
        direction: signedBytes(direction.values),
        aggregate: aggregateValues(aggregate),
        past: past.map(aggregateValues),
      };
    }
  };
  return scoredParts(round.rule, round.accepted.length, opened(), scoredBefore(tally, round));
}

/** Keeps what the parts come to that are opened, until all are. */
export function keepScored({ store }: Tally, { round }: Round, { products, ...bounds }: ScoredParts): void {
  const [size, negative] = products < 0n ? [-products, true] : [products, false];
  store.scored.put(round, { ...bounds, products: size, negative });
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
  /** Of all parts. */
  readonly scored: ScoredParts;
  readonly bounds: ScoreBounds;
}

export function openScoreOf(tally: Tally, round: Round, scored: ScoredParts): OpenScore {
  const terms = publicTermsOf(tally, round);
  const points = acceptedCounts(round.rule, reportsOf(tally, round));
  return { terms, scored, bounds: scoreBounds(round.rule, scored, points, terms) };
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
