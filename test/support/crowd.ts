/** A round of many items, or of many parts, on the pallets, with a real committee: parts of a dozen values each, and a forger whom the combined check finds, so that every submission is judged by itself too. */
import { present } from '../../primitives/at.ts';
import { directionHash, laneSpecOf } from '../../primitives/round/index.ts';
import { buildEnrolment } from '../../primitives/proofs/enrolment.ts';
import { buildSubmission } from '../../primitives/linear/submission.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import {
  account,
  asBytes,
  beginRound,
  call,
  contextOfRound,
  keysOfRound,
  partOf,
  phaseOf,
  publish,
  roundInfoOf,
  SALT,
  submitSealed,
  TestCommittee,
  testChain,
  type TestRound,
  walletSeed,
} from './committee.ts';
import { forged } from './forged.ts';

const STAKE = 50_000_000n;
export const CROWD_POOL = 10_000_000_000n;

/** A round of a crowd, open to contributions. */
export interface Crowd extends TestRound {
  readonly members: TestCommittee;
  /** Who contributes, in the order of the items. Last comes the forger, if there is one. */
  readonly names: readonly string[];
  /** The parts of the honest updates, in the order of the items. */
  readonly updates: readonly (readonly Int8Array[])[];
}

/** Begins a round with so many places; it is open when this returns. */
export function openCrowd(items: number, { paramsId = 'tacit-test-256-n4', parts = 1 } = {}): Crowd {
  const names = Array.from({ length: items }, (_, i) => `contributor ${i}`);
  const members = new TestCommittee(testChain({ accounts: names, paramsId, isChecked: false }));
  const { test } = members;
  members.runToActive();
  const direction = Array.from({ length: parts }, () => partOf(test.random));
  const { id } = beginRound(test, {
    parts: direction.map(({ length }) => length),
    directions: direction.map((part, index) => directionHash(index, SALT, asBytes(part))),
    reporters: [],
    pool: CROWD_POOL,
    stake: STAKE,
    kMin: Math.ceil(items / 2),
    maxItems: items,
    openBlocks: 4,
  });
  members.runUntil(() => phaseOf(test, id) === 'Open');
  return { id, direction, members, names, updates: [] };
}

/** All enrol and submit, the last of them a false proof in its last part if `hasForger`. What is common to all is read once. */
export function contributeAll(crowd: Crowd, hasForger: boolean): Crowd {
  const { members, id, names } = crowd;
  const { test } = members;
  const info = roundInfoOf(test.chain.ctx, id);
  const { params, random } = test;
  const context = contextOfRound(test, info.round);
  const keys = keysOfRound(test, info);
  const specs = info.round.lanes.map(laneSpecOf);
  const updates: Int8Array[][] = [];
  names.forEach((name, place) => {
    const who = account(name);
    const wallet = { maskKeys: info.maskKeys, walletSeed: walletSeed(name) };
    const enrolment = buildEnrolment({ params, context, account: who, ...wallet, random });
    call(test, name, royalty.call.enrol({ round: id, enrolment }));
    const isForger = hasForger && place === names.length - 1;
    const update = specs.map((spec, part) => {
      const values = partOf(random);
      const sealed =
        isForger && part === specs.length - 1
          ? forged(test, id, name, part, 'opened')
          : buildSubmission({ params, context, spec, account: who, keys, values, random }).sealed;
      submitSealed(members, name, id, 0, part, sealed);
      return values;
    });
    if (!isForger) updates.push(update);
  });
  return { ...crowd, updates };
}

/** The round goes on to its end. @param each called in every block before the members act */
export function settleCrowd(crowd: Crowd, each: () => void = () => undefined): void {
  const { members, id } = crowd;
  const { test } = members;
  let isPublished = false;
  members.runUntil(() => {
    each();
    const phase = phaseOf(test, id);
    if (phase === 'Direction' && !isPublished) {
      publish(members, crowd);
      isPublished = true;
    }
    return phase === 'Settled' || phase === 'Failed';
  }, 400);
}
