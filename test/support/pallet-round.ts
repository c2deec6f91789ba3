/** Rounds on a test chain: their rule, their contributions, their course. */
import { Origin } from '../../pallets/support/index.ts';
import { type Reporter, type RoundPool, royalty, type RoyaltyRule } from '../../pallets/royalty/index.ts';
import { genesisHash } from '../../pallets/system/index.ts';
import { findRound, type Round, type RoundInfo, tally } from '../../pallets/tally/index.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { type RoundContext } from '../../primitives/fhe/params.ts';
import { publicA } from '../../primitives/fhe/keys.ts';
import { decodeKeyPoly } from '../../primitives/fhe/wire.ts';
import { buildEnrolment } from '../../primitives/proofs/enrolment.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { buildSubmission } from '../../primitives/linear/submission.ts';
import { type RoundKeys } from '../../primitives/proofs/round-keys.ts';
import { directionHash, laneSpecOf } from '../../primitives/round/index.ts';
import { account, call, type TestChain, modelWithRoom } from './pallet-chain.ts';
import { type TestCommittee, roundInfoOf } from './pallet-members.ts';

export const NORM_SQ = 4_000n;
const COORDINATES = 8;
/** Values of each of the two parts, spare coordinates included. */
export const PART_VALUES = COORDINATES + 4;

/** A part of an update with the round's norm, from small whole numbers. */
export function partOf(random: (n: number) => Uint8Array): Int8Array {
  return Int8Array.from(
    completeNorm(
      Array.from(random(COORDINATES), (byte) => (byte % 41) - 20),
      NORM_SQ,
    ),
  );
}

export interface TestRound {
  readonly id: number;
  readonly direction: readonly Int8Array[];
}

/** Under which the owner commits to its directions. */
export const SALT = hash32Of('test/salt', '');

export const POOL = 1_000_000_000n;

/** What of a round differs from the plain one. */
export interface RoundChanges extends Partial<RoyaltyRule> {
  readonly pool?: bigint;
  /** Points for a use that the reporter reports. */
  readonly points?: bigint;
  /** What further models give. */
  readonly others?: readonly RoundPool[];
}

/** Counts of uses of a model. */
export const usesOf = (who: string, total: bigint, points: bigint, model = 0n): Reporter => {
  return { account: account(who), total, points, metric: { tag: 'Uses' }, attested: undefined, model };
};

export const commitmentsTo = (direction: readonly Int8Array[]): Uint8Array[] =>
  direction.map((part, index) => directionHash(index, SALT, asBytes(part)));

/** A rule without anything that is not needed, over a model. */
export function plainRule(directions: Uint8Array[], { points = 100n, ...more }: RoundChanges = {}, model = 0n) {
  const { pool: _, others: __, ...changes } = more;
  const rule: RoyaltyRule = {
    parts: [PART_VALUES, PART_VALUES],
    normSq: NORM_SQ,
    reporters: [usesOf('reporter', 50n, points, model)],
    gamma: 1n,
    base: 0n,
    curation: undefined,
    factors: [],
    admits: { tag: 'Anyone' },
    holders: { tag: 'Accounts' },
    novelty: undefined,
    sketch: undefined,
    tMin: 1n,
    stake: 500_000_000n,
    kMin: 3,
    maxItems: 8,
    openBlocks: 10,
    maxExtensions: 1,
    directions,
  };
  return { ...rule, ...changes };
}

/** Funds the model's pool and begins a round over it. */
export function beginRound(test: TestChain, changes: RoundChanges = {}): TestRound {
  const { parts: lengths = [PART_VALUES, PART_VALUES] } = changes;
  const direction = lengths.map(() => partOf(test.random));
  const model = modelWithRoom(test);
  const { pool = POOL, others = [] } = changes;
  const rule = plainRule(commitmentsTo(direction), changes, model);
  call(test, 'user', royalty.call.fund({ model, amount: pool }));
  call(test, 'owner', royalty.call.createRound({ models: [{ model, pool }, ...others], rule }));
  return { id: tally.use(test.chain.ctx).store.nextRound.get() - 1, direction };
}

export function asBytes(values: Int8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.length);
}

export function contextOfRound({ chain }: TestChain, { term, round, paramsId }: Round): RoundContext {
  return { genesis: genesisHash(chain.ctx), term, round, paramsId };
}

export function keysOfRound(test: TestChain, info: RoundInfo): RoundKeys {
  const b = decodeKeyPoly(test.params, info.publicKey as Uint8Array);
  const a = publicA(test.params, contextOfRound(test, info.round));
  return { publicKey: { a, b }, sealKeys: info.sealKeys, maskKeys: info.maskKeys };
}

export function walletSeed(who: string): Uint8Array {
  return hash32Of('test/wallet', who);
}

/** The bytes of an enrolment of `who`. */
export function enrolmentOf(test: TestChain, id: number, who: string): Uint8Array {
  const info = roundInfoOf(test.chain.ctx, id);
  return buildEnrolment({
    params: test.params,
    context: contextOfRound(test, info.round),
    account: account(who),
    maskKeys: info.maskKeys,
    walletSeed: walletSeed(who),
    random: test.random,
  });
}

/** The sealed bytes of a lane's values. */
export function sealedOf(
  test: TestChain,
  id: number,
  who: string,
  lane: number,
  part: number,
  values: ArrayLike<number>,
): Uint8Array {
  const info = roundInfoOf(test.chain.ctx, id);
  const record = info.round.lanes.find((known) => known.lane === lane && known.part === part);
  if (record === undefined) throw new Error('no such lane');
  const { sealed } = buildSubmission({
    params: test.params,
    context: contextOfRound(test, info.round),
    spec: laneSpecOf(record),
    account: account(who),
    keys: keysOfRound(test, info),
    values,
    random: test.random,
  });
  return sealed;
}

/** Enrols `who` and submits all parts; returns them. */
export function contribute(members: TestCommittee, id: number, who: string): Int8Array[] {
  const { test } = members;
  call(test, who, royalty.call.enrol({ round: id, enrolment: enrolmentOf(test, id, who) }));
  return submitParts(members, id, who);
}

/** All parts of an update of whoever is enrolled. @param chosen in place of random ones */
export function submitParts(members: TestCommittee, id: number, who: string, chosen?: Int8Array[]): Int8Array[] {
  const { test } = members;
  const { rule } = findRound(test.chain.ctx, id) as Round;
  const parts = chosen ?? rule.parts.map(() => partOf(test.random));
  parts.forEach((values, part) => {
    submitSealed(members, who, id, 0, part, sealedOf(test, id, who, 0, part, values));
  });
  return parts;
}

export function submitSealed(
  members: TestCommittee,
  who: string,
  round: number,
  lane: number,
  part: number,
  sealed: Uint8Array,
): void {
  call(members.test, who, tally.call.submit({ round, lane, part, sealed }));
  members.addSealed(sealed);
}

/** The counts of a reporter, padded to the lane. */
export function report(
  members: TestCommittee,
  id: number,
  counts: readonly number[],
  part = 0,
  who = 'reporter',
): void {
  const { maxItems } = (findRound(members.test.chain.ctx, id) as Round).rule;
  const values = Array.from({ length: maxItems }, (_, i) => counts[i] ?? 0);
  submitSealed(members, who, id, 1, part, sealedOf(members.test, id, who, 1, part, values));
}

export function publish({ test }: TestCommittee, { id, direction }: TestRound): void {
  direction.forEach((part, index) => {
    const shown = tally.call.publishDirection({ round: id, part: index, salt: SALT, direction: asBytes(part) });
    const outcome = test.chain.dispatch(Origin.none, shown);
    if (outcome !== 'ok') throw new Error(`part ${index} of the direction: ${outcome}`);
  });
}

export function phaseOf({ chain }: TestChain, id: number): string {
  return findRound(chain.ctx, id)?.phase.tag ?? 'none';
}

export interface CompletedRound extends TestRound {
  readonly names: readonly string[];
  readonly updates: Int8Array[][];
}

/** A whole round of honest contributors, up to its end, whatever the members do. */
export function runRound(members: TestCommittee, names: readonly string[], changes: RoundChanges = {}): CompletedRound {
  const { test } = members;
  const begun = beginRound(test, changes);
  const over = (): boolean => ['Settled', 'Failed'].includes(phaseOf(test, begun.id));
  const until = (phase: string): void => members.runUntil(() => over() || phaseOf(test, begun.id) === phase);
  until('Open');
  const updates = over() ? [] : names.map((name) => contribute(members, begun.id, name));
  if (!over()) report(members, begun.id, [20, 5, 25]);
  until('Direction');
  if (!over()) publish(members, begun);
  members.runUntil(over);
  return { ...begun, names, updates };
}
