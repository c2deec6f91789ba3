/** Check 9: the shares of every opening of a round, decoded again; what the state took from them (§6). */
import type { Item } from '../../pallets/tally/index.ts';
import { at, present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { centred, slotCount } from '../../primitives/fhe/open.ts';
import { CHECK_VALUES } from '../../primitives/linear/functionals.ts';
import { CUBIC } from '../../primitives/linear/field.ts';
import { enrolmentId, parseEnrolment } from '../../primitives/proofs/enrolment.ts';
import { checkEnrolments, enrolmentWeight, type MaskCheck } from '../../primitives/proofs/enrolment-check.ts';
import {
  acceptedCounts,
  aggregateBytes,
  aggregateRequest,
  aggregateSlots,
  countingItems,
  countsNorm,
  elementOf,
  itemLanes,
  partsOfRequest,
  payoutRequest,
  residuesOf,
  type ScoreBounds,
  scoreBounds,
  type ScoredParts,
  scoredParts,
} from '../../primitives/round/index.ts';
import { openedParts, publicTermsOf } from '../evaluation/evaluate.ts';
import { CHECK } from './book.ts';
import { type Agreement, agreeing, decodeCheck, openedBy } from './judge.ts';
import { partName, type RoundScene } from './scene.ts';

export interface CheckOutcome {
  readonly verdicts: Uint8Array;
  /** Per submission; undefined where the combination of all failed and says nothing of each. */
  readonly passed: readonly boolean[] | undefined;
  /** Per item, whether its enrolment's mask is the one its seeds give. */
  readonly enrolled: readonly boolean[];
}

/** Whether `S` and `R` open the commitments of the enrolments, all together or one by one. */
function checkMasks({ params, info }: RoundScene, values: readonly MaskCheck[]): boolean[] {
  const { items, round } = info;
  const enrolments = items.map(({ enrolment }) => ({
    form: parseEnrolment(params, enrolment),
    rho: enrolmentWeight(round.beacon!, enrolmentId(enrolment)),
  }));
  const groups = values.length === items.length ? enrolments.map((one) => [one]) : [enrolments];
  const found = groups.map((group, i) =>
    checkEnrolments(
      group.map(({ form }) => form),
      group.map(({ rho }) => rho),
      values[i]!,
    ),
  );
  return items.map((_, item) => found[found.length === items.length ? item : 0]!);
}

/** Every equation of §5.7 opens to zero: in one combination, or for each payload. */
export function judgeCheck(scene: RoundScene, step: 'Check' | 'CheckEach'): Agreement<CheckOutcome> | undefined {
  const { params, info, file } = scene;
  const each = step === 'CheckEach';
  return agreeing(
    params,
    file.posts(step, 0),
    ({ verdicts }) => [verdicts],
    (group) => {
      const { verdicts } = group[0]!.body;
      const formed = [...verdicts.keys()].filter((index) => verdicts[index] === 0);
      const payloads = each ? formed.length : 1;
      const items = each ? info.items.length : 1;
      const counts = { residues: payloads * CHECK_VALUES, words: payloads * CUBIC, scalars: 2 * items };
      const decoded = decodeCheck(params, group, counts);
      if (decoded === undefined) return undefined;
      const { residues, words, scalars } = decoded.result;
      const isZero = (at: number): boolean =>
        [...residuesOf(params, residues, payloads, at), ...elementOf(words, at)].every((value) => value === 0n);
      const masks = Array.from({ length: items }, (_, i) => ({ S: scalars[2 * i]!, R: scalars[2 * i + 1]! }));
      const passed = Array.from(
        verdicts,
        (verdict, index) => verdict === 0 && isZero(each ? formed.indexOf(index) : 0),
      );
      const result = { verdicts, passed: each || isZero(0) ? passed : undefined, enrolled: checkMasks(scene, masks) };
      return { result, liars: decoded.liars };
    },
  );
}

/** Whether the combined check leaves open who is to blame, so that everything is opened one by one. */
export const isInconclusive = ({ passed, enrolled }: CheckOutcome): boolean =>
  passed === undefined || enrolled.includes(false);

/** Items with a good enrolment and all parts accepted, against those that the state counts. */
export function compareAccepted(
  { book, info }: RoundScene,
  passed: readonly boolean[],
  { enrolled }: CheckOutcome,
): void {
  const { items, submissions, round } = info;
  const isComplete = ({ account }: Item): boolean =>
    itemLanes(round.lanes).every(({ lane, part }) =>
      submissions.some(
        (known, place) =>
          known.lane === lane && known.part === part && sameBytes(known.account, account) && passed[place],
      ),
    );
  const good = items.flatMap((item, index) => (enrolled[index] && isComplete(item) ? [index] : []));
  const accepted = countingItems(round.rule, good, (index) => at(items, index).holder);
  items.forEach((item, index) => {
    const hasPassed = good.includes(index);
    const fate = hasPassed && !accepted.includes(index) ? 'Pending' : hasPassed ? 'Accepted' : 'Incomplete';
    book.same(CHECK.openings, `fate of item ${index}`, enrolled[index] ? fate : 'BadEnrolment', item.status.tag);
  });
  book.same(CHECK.openings, 'accepted items', accepted.join(), round.accepted.join());
}

export interface AggregateOutcome {
  /** Number of the request. */
  readonly number: number;
  readonly ciphertexts: readonly Uint8Array[];
  /** The parts of `U` that it opens, one after the other. */
  readonly values: readonly bigint[];
  /** Points of all counts, in the last request. */
  readonly counts: bigint;
}

export function judgeAggregate(scene: RoundScene, number: number): Agreement<AggregateOutcome> | undefined {
  const { params, context, info, file } = scene;
  const { rule } = info.round;
  const points = acceptedCounts(rule, info.submissions);
  const terms = publicTermsOf(info);
  const counted = { accepted: info.round.accepted.length, countsNorm: countsNorm(points, terms) };
  return agreeing(
    params,
    file.posts('Aggregate', number),
    ({ ciphertexts }) => ciphertexts,
    (group) => {
      const { ciphertexts } = group[0]!.body;
      const request = aggregateRequest(context, rule, number, counted, ciphertexts);
      const opened = openedBy(params, request, sharesOf(group), slotCount(request));
      if (opened === undefined) return undefined;
      const values = opened.result.slice(0, aggregateSlots(rule, number));
      return {
        result: { number, ciphertexts, values, counts: opened.result[values.length] ?? 0n },
        liars: opened.liars,
      };
    },
  );
}

export function compareAggregate(scene: RoundScene, { number, values }: AggregateOutcome): void {
  const { book, params, aggregates, info, partOf } = scene;
  const { round, rule } = info.round;
  let from = 0;
  for (const part of partsOfRequest(rule, number)) {
    const of = values.slice(from, (from += at(rule.parts, part)));
    const expected = aggregateBytes(Int32Array.from(of, (value) => Number(centred(params, value))));
    aggregates.set(partName(round, part), blake2b256(expected));
    book.same(
      CHECK.openings,
      `part ${part} of the opened aggregate of round ${round}`,
      expected,
      partOf(part)?.aggregate,
    );
  }
  book.passed(CHECK.openings, values.length);
}

/** What all parts come to that stand in the state: each was compared when it was opened, and the direction is when the last is. */
export function scoredOf({ info, partOf }: RoundScene): ScoredParts {
  const { rule, accepted } = info.round;
  return scoredParts(rule, accepted.length, openedParts(info, partOf));
}

/** Bounds of the round's scores, from what was opened and published. */
export function boundsOf({ info }: RoundScene, scored: ScoredParts): ScoreBounds {
  const points = acceptedCounts(info.round.rule, info.submissions);
  return scoreBounds(info.round.rule, scored, points, publicTermsOf(info));
}

export interface PayoutOutcome {
  readonly scores: readonly Uint8Array[];
  readonly z: readonly bigint[];
}

export function judgePayout(scene: RoundScene): Agreement<PayoutOutcome> | undefined {
  const { params, context, info, file } = scene;
  const { accepted, rule } = info.round;
  const { rate, grains } = present(info.total, 'the total');
  const masks = accepted.map((item) => {
    const { enrolment } = info.items[item]!;
    return { id: enrolmentId(enrolment), delta: parseEnrolment(params, enrolment).delta };
  });
  return agreeing(
    params,
    file.posts('Payout', 0),
    ({ scores }) => scores,
    (group) => {
      const { scores } = group[0]!.body;
      const { weightNorm } = boundsOf(scene, scoredOf(scene));
      const { points } = publicTermsOf(info);
      const request = payoutRequest(context, { scores, rate, grains, stake: rule.stake, points, weightNorm }, masks);
      const opened = openedBy(params, request, sharesOf(group), accepted.length);
      return opened && { result: { scores, z: opened.result }, liars: opened.liars };
    },
  );
}

export function comparePayout({ book, info }: RoundScene, { scores, z }: PayoutOutcome): void {
  const { payout, round } = info;
  z.forEach((value, i) => {
    book.same(CHECK.openings, `payout ${i} of the vector`, value, payout?.z[i]);
  });
  book.same(CHECK.notes, 'items of the payout vector', round.accepted.join(), payout?.items.join());
  scores.forEach((hash, i) => {
    book.same(CHECK.notes, `ciphertext that payout ${i} came from`, hash, payout?.scores[i]);
  });
}

function sharesOf(group: readonly { member: number; body: { shares: Uint8Array } }[]) {
  return group.map(({ member, body }) => ({ member, body: body.shares }));
}
