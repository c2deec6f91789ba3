/** The round's score as its state fixes it once `U` and `g` are known. */
import { at } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import {
  acceptedCounts,
  aggregateValues,
  countsNorm,
  type PublicTerms,
  publicTerms,
  type ScoreBounds,
  scoreBounds,
  shapleyWeights,
  signedBytes,
  squaredNorm,
  directionHash,
} from '../../primitives/round/index.ts';
import { itemsOf, submissionsOf } from './contributions.ts';
import type { Tally } from './state.ts';
import type { Round } from './types.ts';

/** `U` per part. Empty until it is opened. */
export function aggregateParts({ store }: Tally, round: Round): Int32Array[] {
  const bytes = store.aggregates.get(round.round);
  if (bytes === undefined) return [];
  const all = aggregateValues(bytes);
  let from = 0;
  return round.rule.parts.map((values) => all.slice(from, (from += values)));
}

/** Published parts of `g`; undefined where one is missing. */
export function directionParts({ store }: Tally, round: Round): (Int8Array | undefined)[] {
  return round.rule.parts.map((_, part) => {
    const published = store.directions.get(round.round, part);
    return published && signedBytes(published.values);
  });
}

/** `v_p = 2n*g_p - U_p` per part; empty until both are known. */
export function weightsOf(tally: Tally, round: Round): Int32Array[] {
  const aggregate = aggregateParts(tally, round);
  const directions = directionParts(tally, round);
  return aggregate.flatMap((sum, part) => {
    const direction = directions[part];
    return direction === undefined ? [] : [shapleyWeights(round.accepted.length, direction, sum)];
  });
}

/** Public points and factors of the accepted items, in their order. */
export function publicTermsOf(tally: Tally, round: Round): PublicTerms {
  const items = itemsOf(tally, round);
  return publicTerms(
    round.rule,
    round.accepted.map((index) => at(items, index)),
  );
}

export function scoreBoundsOf(tally: Tally, round: Round): ScoreBounds {
  const points = acceptedCounts(round.rule, submissionsOf(tally, round));
  return scoreBounds(round.rule, weightsOf(tally, round), points, publicTermsOf(tally, round));
}

/** Weight norm of the points of all counts, which are opened beside `U`; 0 if there is nothing of them to open. Known once the round is checked. */
export function countsNormOf(tally: Tally, round: Round): bigint {
  if (!mayCount(round)) return 0n;
  return countsNorm(acceptedCounts(round.rule, submissionsOf(tally, round)), publicTermsOf(tally, round));
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
