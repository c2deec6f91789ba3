/** What of others' votes is taken, passed on or held against them. */
import {
  checkProof,
  type Phase,
  signatureOf,
  type SignedVote,
  type VoterSet,
} from '../../../primitives/grandpa/index.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import type { Verifier } from '../../base/types.ts';
import { decodeUntrusted } from '../../base/untrusted.ts';
import type { Verdict } from '../../network/types.ts';
import { grandpaGossip } from './formats.ts';
import { areSigned } from './justification.ts';
import type { RunningSet } from './set.ts';
import type { CatchUp, CommitPacket, VotePacket } from './types.ts';
import type { VoterInput } from './voter-io.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** What the voter is to hear, whatever the verdict. */
  readonly input?: VoterInput;
}
const ignore: Judgement = { verdict: 'ignore' };
const reject: Judgement = { verdict: 'reject' };

/** Judges a gossip message that `from` has passed on. `set` is the set of the moment; `now` is milliseconds. */
export async function judgeGossip(
  from: string,
  data: Uint8Array,
  set: RunningSet,
  verifier: Verifier,
  now: () => number,
): Promise<Judgement> {
  const message = decodeUntrusted(grandpaGossip, data);
  // [REJECT] what is no GRANDPA message
  if (message === undefined) return reject;
  return message.tag === 'vote'
    ? judgeVote(from, message.value, message.value.attempt, set, verifier, now)
    : judgeCommit(from, message.value, set, verifier);
}

async function judgeVote(
  from: string,
  packet: VotePacket,
  attempt: number,
  { voter, voters, filter }: RunningSet,
  verifier: Verifier,
  now: () => number,
): Promise<Judgement> {
  const { setId, round, message } = packet;
  // [IGNORE] other sets and rounds that are over or too far ahead
  if (!voter.isRelevant(setId, round)) return ignore;
  // [REJECT] voters who are none
  if (voters.position(message.id) === undefined) return reject;
  // [IGNORE] votes passed on before, unless they are sent again and it is time
  if (!filter.wants(packet, attempt, now())) return ignore;
  // [REJECT] wrong signatures; one that is counted has been checked
  const isChecked = voter.hasCounted(round, message);
  if (!isChecked && !(await areSigned([signatureOf(setId, round, message.kind, message)], verifier))) return reject;
  // [IGNORE] what came twice while the signature was checked
  if (!filter.wants(packet, attempt, now())) return ignore;
  filter.note(packet, attempt, now());
  return { verdict: 'accept', input: { kind: 'vote', packet, from } };
}

async function judgeCommit(
  from: string,
  packet: CommitPacket,
  { voter, voters }: RunningSet,
  verifier: Verifier,
): Promise<Judgement> {
  const { setId, justification } = packet;
  // [IGNORE] other sets, and what is final and told already
  if (setId !== voter.setId || !voter.needsCommit(justification.commit.target.number)) return ignore;
  try {
    // [REJECT] what is no proof: votes of strangers, too few, not for the target, headers that lack or are too many
    const { signatures } = checkProof(justification, voters, setId);
    // [REJECT] wrong signatures
    if (!(await areSigned(signatures, verifier))) return reject;
  } catch (error) {
    if (isTacitError(error, 'grandpa/bad-justification')) return reject;
    throw error;
  }
  return { verdict: 'accept', input: { kind: 'commit', packet, from } };
}

/**
 * Whether an answer holds nothing but signed votes of the set, at most two of a voter and phase. Votes that are counted have been
 * checked before: asking again and again costs little.
 */
export async function isSigned(
  { setId, rounds }: CatchUp,
  { voter, voters }: Pick<RunningSet, 'voter' | 'voters'>,
  verifier: Verifier,
): Promise<boolean> {
  const signatures = [];
  for (const votes of rounds) {
    for (const [phase, list] of phasesOf(votes)) {
      if (!mayBeVotes(list, voters)) return false;
      const fresh = list.filter((vote) => !voter.hasCounted(votes.round, { ...vote, kind: phase }));
      signatures.push(...fresh.map((vote) => signatureOf(setId, votes.round, phase, vote)));
    }
  }
  return areSigned(signatures, verifier);
}

const phasesOf = (votes: CatchUp['rounds'][number]): (readonly [Phase, readonly SignedVote[]])[] => [
  ['prevote', votes.prevotes],
  ['precommit', votes.precommits],
];

function mayBeVotes(votes: readonly SignedVote[], voters: VoterSet): boolean {
  const perVoter = new Map<string, number>();
  for (const { id } of votes) perVoter.set(id, (perVoter.get(id) ?? 0) + 1);
  return [...perVoter].every(([id, count]) => count <= 2 && voters.position(id) !== undefined);
}
