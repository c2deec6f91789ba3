/** What one member takes for what `checkCost` counts, each by itself: processor time, of which other work on the machine takes little. */
import process from 'node:process';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { subsetsWith } from '../../primitives/fhe/params.ts';
import {
  combineShares,
  laneTables,
  type OpenedSubmission,
  openSealed,
  payloadShares,
} from '../../primitives/linear/member.ts';
import { linearShape } from '../../primitives/linear/shape.ts';
import { type LinearShare, sharePieces } from '../../primitives/linear/shares.ts';
import { buildSubmission } from '../../primitives/linear/submission.ts';
import { enrolmentWeight, maskCheckShare } from '../../primitives/proofs/enrolment-check.ts';
import {
  buildEnrolment,
  enrolmentId,
  expandEnrolmentSeed,
  openEnrolmentSeeds,
  splitEnrolment,
} from '../../primitives/proofs/enrolment.ts';
import { type LaneSpec, SPARE_COORDINATES } from '../../primitives/proofs/lane.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { sealedId } from '../../primitives/proofs/sealed.ts';
import type { Binding } from '../../primitives/proofs/transcript.ts';
import { openSeedBoxes } from '../../primitives/proofs/unseal.ts';
import { median } from '../harness.ts';
import { BenchCommittee, random } from '../support/committee.ts';

const MEMBER = 0;
const ACCOUNT = new Uint8Array(32).fill(8);
const BEACON = hash32Of('tacit/bench/1', 'beacon');

/** Microseconds of processor time of each of `calls` calls: the median of some runs. */
function microsOf(body: () => unknown, { runs, calls }: { readonly runs: number; readonly calls: number }): number {
  const once = (): number => {
    const before = process.cpuUsage();
    for (let i = 0; i < calls; i++) body();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / calls;
  };
  once();
  return median(Array.from({ length: runs }, once));
}

/** Microseconds of one member, who comes after the close and has prepared nothing. */
export interface CheckFigures {
  /** What all payloads of a lane have in common. */
  readonly lane: number;
  /** One payload: to open it, and its shares of the check without the seeds. */
  readonly payload: number;
  /** The seeds of one payload: boxes and streams. */
  readonly seeds: number;
}

function updateSpec(values: number): { spec: LaneSpec; update: ArrayLike<number> } {
  const coordinates = Int32Array.from({ length: values - SPARE_COORDINATES }, (_, i) => ((i * 7919) % 41) - 20);
  const normSq = coordinates.reduce((sum, u) => sum + BigInt(u * u), 0n) + 12_345n;
  const spec: LaneSpec = { lane: 'update', part: 0, values, digits: 2, offset: 128, normSq };
  return { spec, update: completeNorm(coordinates, normSq) };
}

export interface Effort {
  readonly runs: number;
}

/** A payload of so many values of two digits. */
export function payloadFigures(committee: BenchCommittee, values: number, { runs }: Effort): CheckFigures {
  const { params, context } = committee;
  const keys = committee.roundKeys();
  const { spec, update } = updateSpec(values);
  const binding: Binding = { context, spec, account: ACCOUNT };
  const { sealed } = buildSubmission({ params, keys, values: update, random, ...binding });
  const [sealSecrets, maskSecrets] = [committee.sealSecrets(), committee.maskSecrets(MEMBER)];
  const lane = (): ReturnType<typeof laneTables> => laneTables(params, context, keys, BEACON, spec);
  const tables = lane();
  const open = (): OpenedSubmission => {
    const outcome = openSealed(params, binding, keys, sealed, sealSecrets, { id: sealedId(sealed) });
    if (outcome.status !== 'open') throw new Error(`the submission was rejected: ${outcome.reason}`);
    return outcome.submission;
  };
  const submission = open();
  const shape = linearShape(spec);
  const share = (): LinearShare => {
    const seeds = openSeedBoxes(params, binding, sealed, maskSecrets, keys.maskKeys);
    return sharePieces(params, binding, shape, submission.ephemeral, seeds, MEMBER);
  };
  const known = share();
  const effort = { runs, calls: 3 };
  return {
    lane: microsOf(lane, { runs, calls: 1 }),
    payload: microsOf(() => {
      const { id } = open();
      combineShares(params, context, BEACON, [{ id, shares: payloadShares(tables, submission, known) }]);
    }, effort),
    seeds: microsOf(share, effort),
  };
}

/** The masks of one enrolment: its seeds, and the shares of their check. */
export function enrolmentMicros(committee: BenchCommittee, { runs }: Effort): number {
  const { params, context } = committee;
  const { maskKeys } = committee.roundKeys();
  const binding = { context, account: ACCOUNT };
  const bytes = buildEnrolment({ params, context, account: ACCOUNT, maskKeys, walletSeed: random(32), random });
  const maskSecrets = committee.maskSecrets(MEMBER);
  const check = (): unknown => {
    const enrolment = splitEnrolment(params, bytes);
    const id = enrolmentId(bytes);
    const seeds = openEnrolmentSeeds(binding, enrolment, maskSecrets, maskKeys);
    const pieces = new Map(
      [...seeds].map(([subset, seed]) => [subset, expandEnrolmentSeed(binding, enrolment.ephemeral, subset, seed)]),
    );
    return maskCheckShare(params, MEMBER, enrolment, pieces, enrolmentWeight(BEACON, id));
  };
  return microsOf(check, { runs, calls: 5 });
}

/** Subsets of the committee, and those of one member. */
export const subsetsOf = ({ params }: BenchCommittee): { all: number; mine: number } => ({
  all: params.subsets.length,
  mine: subsetsWith(params, MEMBER).length,
});
