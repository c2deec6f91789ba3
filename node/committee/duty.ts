/** What a member knows of a round when it acts: its state as far as nothing can change it, finalized bodies, its round keys. */
import { TacitError } from '../../primitives/errors.ts';
import type { RoundKeys as SubsetKeys } from '../../primitives/fhe/keys.ts';
import { type FheParams, fheParams, type RoundContext } from '../../primitives/fhe/params.ts';
import { roundContext } from '../../primitives/round/index.ts';
import type { Evaluator, PartSource } from '../evaluation/evaluate.ts';
import type { RoundInfo, SealedSource } from '../evaluation/payloads.ts';

/** One member's view of one round. */
export interface RoundDuty {
  readonly genesis: Uint8Array;
  readonly member: number;
  readonly info: RoundInfo;
  /** What is public of each part of the updates, once all of `U` stands. */
  readonly partOf: PartSource;
  /** Round keys `K_A^r` of the member's subsets. */
  readonly keys: SubsetKeys;
  readonly sealed: SealedSource;
  readonly evaluator: Evaluator;
}

export function setting({ genesis, info }: RoundDuty): { params: FheParams; context: RoundContext } {
  return { params: fheParams(info.round.paramsId), context: roundContext(genesis, info.round) };
}

export function keyOf(keys: SubsetKeys, subset: number): Uint8Array {
  const key = keys.get(subset);
  if (key === undefined)
    throw new TacitError('committee/no-key', 'a key of one of the member’s subsets is missing', { subset });
  return key;
}

export function beaconOfRound({ round }: RoundInfo): Uint8Array {
  if (round.beacon === undefined) throw new TacitError('tally/no-beacon', `round ${round.round} has no beacon yet`);
  return round.beacon;
}
