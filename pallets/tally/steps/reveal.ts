/** Reveal: the sealing secrets of the subsets, checked at the door; the step is done when those of all subsets are there (specification §4). */
import { at, present } from '../../../primitives/at.ts';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { decodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { fheParams, subsetsWith } from '../../../primitives/fhe/params.ts';
import { beaconOf } from '../../../primitives/round/commitments.ts';
import { contextOf, enter } from '../rounds.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { failAtDeadline, type Step } from './step.ts';

export const reveal: Step<'Reveal'> = {
  comparesLate: false,
  isJudgedAtOnce: true,
  /** Whether every secret is the one of its subset's `X_A^seal`: there is nothing else to lie about. */
  hasForm({ store }, round, member, { secrets }) {
    const own = subsetsWith(fheParams(round.paramsId), member);
    const keys = store.boxKeys.get(round.round)?.seal;
    if (keys === undefined || secrets.length !== own.length) return false;
    return own.every((subset, i) => {
      const secret = at(secrets, i);
      const known = store.secrets.get(round.round, subset);
      return known === undefined
        ? sameBytes(publicKeyOf(decodeScalar(secret)), at(keys, subset))
        : sameBytes(known, secret);
    });
  },
  isReady: (tally, round) => secretsOf(tally, round).every((secret) => secret !== undefined),
  advance(tally, round) {
    const secrets = secretsOf(tally, round).filter((secret) => secret !== undefined);
    if (secrets.length < fheParams(round.paramsId).subsets.length) return;
    const beacon = beaconOf(contextOf(tally.ctx, round).genesis, round.round, secrets);
    enter(tally, { ...round, beacon }, 'Check');
    const closedAt = present(round.closedAt, 'the close of the round');
    const { block } = tally.ctx;
    // Several rounds may be revealed in one block: a consumer has to see the beacon of each.
    const ofBlock = tally.store.beacons.get().filter((known) => known.block === block);
    tally.store.beacons.put([...ofBlock, { round: round.round, closedAt, block, value: beacon }]);
    tally.events.Revealed({ round: round.round, beacon });
  },
  compareLate: () => undefined,
  atDeadline: failAtDeadline,
};

function secretsOf({ store }: Tally, { round, paramsId }: Round): (Uint8Array | undefined)[] {
  return fheParams(paramsId).subsets.map((_, subset) => store.secrets.get(round, subset));
}

/** Keeps the secrets of a post that has been validated. */
export function keepSecrets(
  { store }: Tally,
  { round, paramsId }: Round,
  member: number,
  secrets: readonly Uint8Array[],
): void {
  subsetsWith(fheParams(paramsId), member).forEach((subset, i) => {
    store.secrets.put(round, subset, at(secrets, i));
  });
}
