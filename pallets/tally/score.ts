/** The round's score as its state fixes it once `U` and `g` are known. */
import { at } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import {
  acceptedCounts,
  aggregateValues,
  type PublicTerms,
  publicTerms,
  type ScoreBounds,
  scoreBounds,
  shapleyWeights,
  signedBytes,
  squaredNorm,
  directionHash,
} from '../../primitives/round/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { itemsOf, submissionsOf } from './contributions.ts';
import { liveRound, mayPublish } from './rounds.ts';
import { state, type Tally } from './state.ts';
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

/**
 * Takes a part of the validation direction that was committed when the round was made. The caller has checked who publishes.
 * Fails with `NotClosed`, `BadDirection`, `AlreadyPublished`, `UnknownRound`.
 */
export function publishDirection(
  ctx: Context,
  id: number,
  part: number,
  salt: Uint8Array,
  direction: Uint8Array,
): void {
  const tally = state.use(ctx);
  const { store, errors } = tally;
  const round = liveRound(tally, id);
  ensure(mayPublish(round.phase.tag), errors.NotClosed);
  const values = round.rule.parts[part];
  const committed = round.rule.directions[part];
  ensure(values === direction.length && committed, errors.BadDirection);
  ensure(!store.directions.has(id, part), errors.AlreadyPublished);
  ensure(sameBytes(directionHash(part, salt, direction), committed), errors.BadDirection);
  ensure(squaredNorm(signedBytes(direction)) <= round.rule.normSq, errors.BadDirection);
  store.directions.put(id, part, { salt, values: direction });
}
