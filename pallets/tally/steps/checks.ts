/** What Check and CheckEach have in common: everything must decode to zero (specification §5.9). The combined check says yes or no to all, CheckEach to each. */
import { at, present } from '../../../primitives/at.ts';
import { decodeScalar, ORDER, type Scalar } from '../../../primitives/crypto/ristretto.ts';
import { type Decoding, decodeIntegers, decodeVectors } from '../../../primitives/fhe/decode.ts';
import { type FheParams, fheParams, PLAIN_MODULUS } from '../../../primitives/fhe/params.ts';
import type { SharePost } from '../../../primitives/fhe/types.ts';
import { decodeResidues } from '../../../primitives/fhe/wire.ts';
import { CHECK_VALUES } from '../../../primitives/linear/functionals.ts';
import { CUBIC, decodePlain } from '../../../primitives/linear/field.ts';
import { enrolmentId, splitEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { checkEnrolments, enrolmentWeight, type MaskCheck } from '../../../primitives/proofs/enrolment-check.ts';
import { elementOf, residuesOf } from '../../../primitives/round/requests.ts';
import { itemsOf } from '../contributions.ts';
import { type Judgement, judgeGroups, postsOf, type StepPost, without } from '../judging.ts';
import type { Tally } from '../state.ts';
import { type BodyOf, MAX_REASON, type Round } from '../types.ts';

export type CheckStep = 'Check' | 'CheckEach';

/** What a check found out. */
export interface CheckResult {
  /** Per submission, 0 or the reason it is malformed. */
  readonly verdicts: Uint8Array;
  /** Per submission, whether it is well formed and passes; undefined in a combined check that failed. */
  readonly passed: readonly boolean[] | undefined;
  /** Per item, whether its enrolment passes. */
  readonly enrolled: readonly boolean[];
}

/** How many values a check opens: per payload residues and an element of K, per enrolment two scalars. */
interface Shape {
  readonly payloads: number;
  readonly items: number;
}

function shapeOf(round: Round, step: CheckStep, verdicts: Uint8Array): Shape {
  if (step === 'Check') return { payloads: 1, items: 1 };
  return { payloads: verdicts.filter((verdict) => verdict === 0).length, items: round.items };
}

export function hasCheckForm(
  round: Round,
  step: CheckStep,
  { verdicts, residues, words, scalars }: BodyOf<CheckStep>,
): boolean {
  if (verdicts.length !== round.submissions || verdicts.some((verdict) => verdict > MAX_REASON)) return false;
  const { payloads, items } = shapeOf(round, step, verdicts);
  if (scalars.length !== 2 * items) return false;
  for (const scalar of scalars) decodeScalar(scalar);
  decodeResidues(fheParams(round.paramsId).dataPrimes, residues, payloads * CHECK_VALUES);
  decodePlain(words, payloads * CUBIC);
  return true;
}

export function judgeCheck(tally: Tally, round: Round, step: CheckStep): Judgement<CheckResult> {
  const params = fheParams(round.paramsId);
  const posts: StepPost<CheckStep>[] = postsOf(tally, round, step, 0);
  return judgeGroups<CheckStep, CheckResult>(
    params,
    posts,
    ({ verdicts }) => [verdicts],
    (group, { verdicts }) => {
      const shape = shapeOf(round, step, verdicts);
      const decoded = decodeGroup(params, group, shape);
      if (decoded.status !== 'decoded') return decoded;
      const { residues, words, scalars } = decoded.values;
      const { payloads, items } = shape;
      const isZero = (payload: number): boolean => {
        const values = [...residuesOf(params, residues, payloads, payload), ...elementOf(words, payload)];
        return values.every((value) => value === 0n);
      };
      const masks = Array.from({ length: items }, (_, i) => ({ S: at(scalars, 2 * i), R: at(scalars, 2 * i + 1) }));
      const opened = checkMasks(tally, round, masks);
      const enrolled = Array.from({ length: round.items }, (_, item) => at(opened, step === 'Check' ? 0 : item));
      return {
        status: 'done',
        result: { verdicts, passed: passedOf(step, verdicts, isZero), enrolled },
        liars: decoded.liars,
      };
    },
  );
}

/** A combination of all that is not zero says nothing of each. */
function passedOf(step: CheckStep, verdicts: Uint8Array, isZero: (payload: number) => boolean): boolean[] | undefined {
  if (step === 'Check') return isZero(0) ? Array.from(verdicts, (verdict) => verdict === 0) : undefined;
  let payload = 0;
  return Array.from(verdicts, (verdict) => verdict === 0 && isZero(payload++));
}

/** What the posts of a group decode to. */
interface Decoded {
  readonly residues: BigUint64Array;
  readonly words: BigUint64Array;
  readonly scalars: Scalar[];
}

/** Residues mod the data primes, words mod t and scalars mod l that were posted together: who lies in one is left out of the others. */
function decodeGroup(
  params: FheParams,
  group: readonly StepPost<CheckStep>[],
  { payloads, items }: Shape,
): Decoding<Decoded> {
  const vectors = (
    of: readonly StepPost<CheckStep>[],
    read: (body: BodyOf<CheckStep>) => BigUint64Array,
  ): SharePost[] => of.map(({ member, body }) => ({ member, shares: read(body) }));
  const count = payloads * CHECK_VALUES;
  const inQ = vectors(group, ({ residues }) => decodeResidues(params.dataPrimes, residues, count));
  const first = decodeVectors(params, params.dataPrimes, inQ, count);
  if (first.status !== 'decoded') return first;
  const afterQ = without(group, first.liars);
  const inK = vectors(afterQ, ({ words }) => decodePlain(words, payloads * CUBIC));
  const second = decodeVectors(params, [PLAIN_MODULUS], inK, payloads * CUBIC);
  if (second.status !== 'decoded') return second;
  const integers = without(afterQ, second.liars).map(({ member, body }) => {
    return { member, shares: body.scalars.map(decodeScalar) };
  });
  const third = decodeIntegers(params, ORDER, integers, 2 * items);
  if (third.status !== 'decoded') return third;
  return {
    status: 'decoded',
    values: { residues: first.values, words: second.values, scalars: third.values },
    liars: [...first.liars, ...second.liars, ...third.liars],
  };
}

/** Whether the masks' sums `S`, `R` open the enrolments' commitments: together, or one by one. */
function checkMasks(tally: Tally, round: Round, values: readonly MaskCheck[]): boolean[] {
  const params = fheParams(round.paramsId);
  const beacon = present(round.beacon, 'the beacon');
  const enrolments = itemsOf(tally, round).map(({ enrolment }) => ({
    form: splitEnrolment(params, enrolment),
    rho: enrolmentWeight(beacon, enrolmentId(enrolment)),
  }));
  const groups = values.length === enrolments.length ? enrolments.map((one) => [one]) : [enrolments];
  return groups.map((group, i) =>
    checkEnrolments(
      group.map(({ form }) => form),
      group.map(({ rho }) => rho),
      at(values, i),
    ),
  );
}
