import { toHex } from '../../../primitives/crypto/hex.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { type VoterSet, voterSetOf } from '../../../primitives/grandpa/index.ts';
import type { HexHash, MetaStore } from '../../base/types.ts';
import { decodeUntrusted } from '../../base/untrusted.ts';
import { chainView, type VotedChain } from './chain-view.ts';
import { votePayload, voterRecord } from './formats.ts';
import { GossipFilter } from './gossip-filter.ts';
import { isBehind, LastVote, lastCast } from './last-vote.ts';
import { DEFAULT_PERIOD, type GrandpaOptions, type VoterKey } from './options.ts';
import type { VoterRecord } from './types.ts';
import { Voter } from './voter.ts';
import type { VoterConfig } from './voter-io.ts';

export const RECORD_KEY = 'grandpa/voter';

/** What lives as long as one set of voters. */
export interface RunningSet {
  readonly voter: Voter;
  readonly voters: VoterSet;
  readonly filter: GossipFilter;
}

export interface SetOptions extends Pick<GrandpaOptions, 'key' | 'period'> {
  readonly chain: VotedChain;
  readonly store: Pick<MetaStore, 'get'>;
  readonly lastVote?: Pick<LastVote, 'position'>;
  readonly log: Pick<GrandpaOptions['log'], 'info' | 'error'>;
}

/** The voter of the set that the chain's finalized block names, as the last run left it. Errors: `grandpa/bad-record`. */
export function openSet(options: SetOptions, now: number): RunningSet {
  const { chain, period = DEFAULT_PERIOD, log, lastVote } = options;
  const finalized = chain.finalized();
  const set = chain.authorities(finalized.hash);
  const voters = voterSetOf(set.authorities);
  const record = loadRecord(options.store);
  const ours = record?.setId === set.setId ? record : undefined;
  const last = lastVote?.position;
  // Votes of a later set than the chain knows: the chain was rolled back under us. Whatever we voted then, we must not again.
  const recorded = [record?.setId, last?.setId].find((id) => id !== undefined && id > set.setId);
  if (recorded !== undefined)
    log.error({ recorded, chain: set.setId }, 'votes are recorded of a set that the chain has not reached; not voting');
  const self = recorded !== undefined || options.key === undefined ? undefined : selfOf(options.key, voters);
  // The record of our votes ends before our last vote. What we do not know of we must not contradict: no vote in those rounds.
  const lost = last?.setId === set.setId && isBehind(ours && lastCast(ours), last) ? last : undefined;
  if (lost && self)
    log.error(
      { code: 'grandpa/lost-votes', ...lost },
      'the database has lost votes of ours; not voting up to and with the round of the last one',
    );
  const voting = self !== undefined;
  log.info({ setId: set.setId, voters: voters.size, voting, round: ours?.running.round }, 'grandpa set');
  const config: VoterConfig = {
    voters,
    setId: set.setId,
    finalized,
    period,
    self,
    record: ours,
    ...(lost && { silentThrough: lost.round }),
  };
  return { voter: new Voter(config, chainView(chain, set.setId), now), voters, filter: new GossipFilter() };
}

/**
 * The last vote as the file at `path` tells it, or the record, if a crash came after the one was written and before the other: a vote of the
 * record is told to others from the start, so it must be in the file by then. Errors: `grandpa/bad-last-vote`, `grandpa/other-chain`,
 * `grandpa/bad-record`, `files/not-written`.
 */
export async function openLastVote(path: string, genesis: HexHash, store: SetOptions['store']): Promise<LastVote> {
  const file = await LastVote.open(path, genesis);
  const record = loadRecord(store);
  const last = record && lastCast(record);
  if (last) await file.advance(last);
  return file;
}

function selfOf(key: VoterKey, voters: VoterSet): VoterConfig['self'] {
  const id = toHex(key.publicKey);
  if (voters.position(id) === undefined) return undefined;
  return { id, sign: ({ setId, round }, kind, target) => key.sign(votePayload(setId, round, kind, target)) };
}

function loadRecord(store: SetOptions['store']): VoterRecord | undefined {
  const bytes = store.get(RECORD_KEY);
  if (bytes === undefined) return undefined;
  const record = decodeUntrusted(voterRecord, bytes);
  // Voting without knowing our votes could be voting twice.
  if (record === undefined)
    throw new TacitError(
      'grandpa/bad-record',
      `the record of our own votes (${bytes.length} bytes) cannot be read; see docs/operate.md, The votes`,
    );
  return record;
}
