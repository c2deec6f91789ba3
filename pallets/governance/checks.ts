/** What always holds of the pallet, by walking its state: for tests and the audit. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Held } from '../support/index.ts';
import { heldBy, sameCause } from './commitments.ts';
import { findRound } from '../tally/index.ts';
import { type Governance, state } from './state.ts';
import { NO_VOTES, withVote } from './tally.ts';
import { type Commitment, MAX_BALLOTS, MAX_OPEN_EACH, type Proposal, type Tally } from './types.ts';

/** What is reserved, of whom. */
export function* deposits({ store }: Governance): Generator<Held> {
  for (const [, { proposer, deposit }] of store.proposals.entries()) yield [proposer, deposit];
  for (const [[who], list] of store.commitments.entries()) yield [who, heldBy(list)];
  const vote = store.secretVote.get();
  for (const who of vote?.seats ?? []) yield [who, vote?.reserve ?? 0n];
  for (const { account, bond } of [...store.candidates.get(), ...store.panel.get()]) yield [account, bond];
  for (const { opener, deposit } of store.motions.get()) yield [opener, deposit];
}

function expect(condition: boolean, code: string, what: string): void {
  if (!condition) throw new TacitError(`governance/broken-${code}`, what);
}

export function tryState(pallet: Governance): undefined {
  checkProposals(pallet);
  checkSecret(pallet);
  checkVoters(pallet);
  checkElection(pallet);
  checkPanel(pallet);
}

function checkProposals(pallet: Governance): void {
  const { ctx, store } = pallet;
  const open = store.open.get();
  const stored = [...store.proposals.entries()].map(([[id]]) => id).toSorted((a, b) => Number(a - b));
  const listed = open.map(({ id }) => id);
  expect(listed.join() === stored.join(), 'list', `proposals ${stored.join()} stand, ${listed.join()} are listed`);
  expect([...store.calls.entries()].length === open.length, 'calls', 'a call has no proposal');
  for (const { id, proposer } of open) {
    const found = store.proposals.get(id) as Proposal;
    const call = store.calls.get(id) ?? new Uint8Array(0);
    const isCall = sameBytes(blake2b256(call), found.callHash) && call.length === found.callLength;
    expect(isCall && sameBytes(found.proposer, proposer), 'proposal', `proposal ${id} is not what is kept of it`);
    expect(found.closes <= found.enactFrom && found.enactFrom < found.expires, 'times', `times of proposal ${id}`);
    const own = open.filter((each) => sameBytes(each.proposer, proposer)).length;
    expect(own <= MAX_OPEN_EACH, 'places', `an account has ${own} open proposals`);
    // Afterwards locks end, and the sums stay as they are.
    if (ctx.block < found.closes) checkTally(found, sumOf(pallet, id), id);
  }
}

/** Whatever waits for ballots is what the secret vote is about, and its round is one that the tally knows and has not been told to forget. */
function checkSecret({ ctx, store }: Governance): void {
  const vote = store.secretVote.get();
  const waiting = [...store.proposals.entries()].filter(([, { ballots }]) => ballots?.tag === 'Waiting');
  const isThat = waiting.every(([[id]]) => id === vote?.id);
  expect(isThat, 'secret', `${waiting.length} proposals wait for ballots, the vote is about ${vote?.id}`);
  if (vote === undefined) return;
  const { id, round, leastBallots, seats } = vote;
  const kept = store.proposals.get(id)?.ballots;
  expect(kept === undefined || kept.tag === 'Waiting', 'secret', `the ballots of proposal ${id} are counted`);
  const isOnce = seats.every((who, i) => seats.findIndex((other) => sameBytes(who, other)) === i);
  expect(isOnce && seats.length <= MAX_BALLOTS, 'seats', 'an account has two places');
  const found = findRound(ctx, round);
  const isOurs = found?.consumer === state.index && found.rule.kMin === leastBallots && found.admitted === seats.length;
  expect(isOurs, 'round', `round ${round} is not that of the secret vote`);
}

function sumOf({ store }: Governance, id: bigint): Tally {
  let sum = NO_VOTES;
  for (const [, list] of store.commitments.entries()) {
    for (const { amount, cause } of list) {
      if (cause.tag === 'Proposal' && cause.value.id === id)
        sum = withVote(sum, { choice: cause.value.choice, amount });
    }
  }
  return sum;
}

function checkTally({ tally }: Proposal, sum: Tally, id: bigint): void {
  for (const key of Object.keys(NO_VOTES) as (keyof Tally)[]) {
    expect(tally[key] === sum[key], 'tally', `${key} of proposal ${id} are ${tally[key]}, votes add up to ${sum[key]}`);
  }
}

function checkVoters({ store }: Governance): void {
  for (const [, list] of store.commitments.entries()) {
    expect(list.length > 0, 'votes', 'an empty list of votes is kept');
    const isTwice = list.some((each, i) => list.slice(i + 1).some((other) => sameCause(each.cause, other.cause)));
    expect(!isTwice, 'votes', 'an account votes twice in one matter');
    const isFree = list.some(({ closes, until }) => until < closes);
    expect(!isFree, 'votes', 'a vote is free before the voting is over');
  }
}

function checkElection({ ctx, store }: Governance): void {
  const { number, closes } = store.election.get();
  if (ctx.block >= closes) return;
  const all = [...store.commitments.entries()].flatMap(([, list]): Commitment[] => list);
  for (const { id, backing } of store.candidates.get()) {
    const sum = all.reduce((before, { amount, cause }) => {
      const isFor = cause.tag === 'Election' && cause.value.number === number && cause.value.candidates.includes(id);
      return isFor ? before + amount : before;
    }, 0n);
    expect(sum === backing, 'backing', `candidate ${id} is backed by ${backing}, approvals add up to ${sum}`);
  }
}

function checkPanel({ store }: Governance): void {
  const members = store.panel.get();
  const isMember = (who: Uint8Array): boolean => members.some(({ account }) => sameBytes(account, who));
  for (const { approvals } of store.motions.get()) {
    expect(approvals.length > 0 && approvals.every(isMember), 'motion', 'somebody approved who is no member');
  }
}
