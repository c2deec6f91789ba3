/** Claiming a note without saying which of its bin it is, and what accounts hold. */
import { TacitError } from '../../primitives/errors.ts';
import { proveClaim } from '../../primitives/proofs/ring.ts';
import type { Chain } from './connect.ts';
import { calls, constants, storage } from './generated/chain.ts';
import { random } from './ports.ts';
import { finalizedState } from './round.ts';
import type { OwnNote } from './scan.ts';
import { type Sent, send } from './transact.ts';

export { type OwnNote, type Scan, scan, scanRound } from './scan.ts';

/** What every claim leaves to the chain, out of its amount. */
export const CLAIM_FEE: bigint = constants.royalty.claimFee;
/** The smallest amount that can be claimed: the fee, and what an account must hold to be. */
export const LEAST_CLAIM: bigint = CLAIM_FEE + constants.balances.existentialDeposit;

/**
 * Claims the whole amount of a note to `destination` by an unsigned extrinsic: nobody learns whose note of the bin it was, although everyone sees the
 * amount. The connection itself can give the wallet away: use a node that may know.
 * @throws `sdk/note-spent`, `sdk/note-too-small` if the note does not pay the fee and an account, and what `send` throws
 */
export async function claim(
  chain: Pick<Chain, 'api' | 'light'>,
  note: OwnNote,
  destination: Uint8Array,
): Promise<Sent> {
  const { round, amount } = note;
  if (note.spent)
    throw new TacitError('sdk/note-spent', `the note of round ${round} has been claimed already`, { round });
  if (amount < LEAST_CLAIM) {
    const why = `the note of round ${round} holds ${amount} units; a claim takes at least ${LEAST_CLAIM}`;
    throw new TacitError('sdk/note-too-small', why, { round });
  }
  // the proof is about grains; whole units are paid
  const grains = note.opening.amount;
  const terms = { amount: grains, fee: CLAIM_FEE * note.grains, destination };
  const proof = proveClaim(note.bin, terms, note, random);
  const call = calls.royalty.claim({ round, bin: note.bin.index, amount: grains, destination, proof });
  return send(chain, call, undefined, { until: 'finalized' });
}

/** Free balance of an account in the last finalized block. Tells the node which account is of interest. */
export async function balanceOf(chain: Pick<Chain, 'light'>, account: Uint8Array): Promise<bigint> {
  return (await (await finalizedState(chain)).get(storage.system.account, account)).data.free;
}
