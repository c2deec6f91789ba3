/** Rounds whose items name holders, and updates that the test has chosen. */
import { royalty } from '../../pallets/royalty/index.ts';
import { findRound } from '../../pallets/tally/index.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { vouched, ownData } from './evidence.ts';
import {
  call,
  enrolmentOf,
  NORM_SQ,
  PART_VALUES,
  phaseOf,
  publish,
  submitParts,
  type TestChain,
  type TestCommittee,
  type TestRound,
} from './committee.ts';
import { named } from './registry.ts';

/** An account, and what its attester calls its holder; without a holder it shows nothing. */
export interface Party {
  readonly name: string;
  readonly holder?: string;
  readonly attester?: string;
  readonly update?: Int8Array[];
}

/** A part of the round's norm that begins with these whole numbers. */
export const partFrom = (...values: number[]): Int8Array =>
  Int8Array.from(
    completeNorm(
      Array.from({ length: PART_VALUES - 4 }, (_, j) => values[j] ?? 0),
      NORM_SQ,
    ),
  );

let shown = 0;
/** New data of an account, with an attester's claim that names its holder. @returns what it shows */
export function voucherOf(test: TestChain, who: string, holder: string, attester = 'attester') {
  const data = ownData(test, who, `${who} ${holder} ${shown++}`);
  const claim = vouched(test, attester, data, 'Holder', { digest: named(holder) });
  return { data: [data], claims: [claim] };
}

/** Enrols an account, as the item of a holder if one is named. */
export function enrolAs(test: TestChain, id: number, { name, holder, attester }: Party): void {
  const enrolment = enrolmentOf(test, id, name);
  if (holder === undefined) call(test, name, royalty.call.enrol({ round: id, enrolment }));
  else {
    const evidence = voucherOf(test, name, holder, attester);
    call(test, name, royalty.call.enrolWithEvidence({ round: id, enrolment, ...evidence }));
  }
}

/** Takes a round that was begun to its end. @returns the updates */
export function play(members: TestCommittee, begun: TestRound, parties: readonly Party[]): Int8Array[][] {
  const { test } = members;
  members.runUntil(() => phaseOf(test, begun.id) === 'Open');
  for (const party of parties) enrolAs(test, begun.id, party);
  const updates = parties.map(({ name, update }) => submitParts(members, begun.id, name, update));
  const isOver = (): boolean => findRound(test.chain.ctx, begun.id)?.endedAt !== undefined;
  members.runUntil(() => isOver() || phaseOf(test, begun.id) === 'Direction');
  if (!isOver()) publish(members, begun);
  members.runUntil(isOver);
  return updates;
}
