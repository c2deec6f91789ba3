/** Storage, events and errors of the royalty pallet. */
import { fixed, u8, u16, u32, u64, u128, unit, vec } from '../../primitives/scale/index.ts';
import { accountId, constant, type Context, defineState, map, palletAccount, value } from '../support/index.ts';
import { binRecord, ROYALTY_PALLET, royaltyRound } from './types.ts';

/** Constant fee taken out of a claimed amount, because a fresh account has nothing to pay with; burned. In units of 10^-6 TAC. */
export const CLAIM_FEE = 10_000n;
/** Reserved by the model's owner for each round under way. */
export const ROUND_DEPOSIT = 10_000_000n;

export const state = defineState({
  name: 'Royalty',
  index: ROYALTY_PALLET,
  docs: 'Pools of models, royalty rounds, notes and their anonymous claims.',
  storage: {
    pools: map(u64, u128, { default: 0n, hasher: 'twox64Concat', docs: 'What waits to be paid, by model.' }),
    live: value(vec(u32), { default: [], docs: 'Rounds whose money is not settled yet.' }),
    rounds: map(u32, royaltyRound, { hasher: 'twox64Concat' }),
    bins: map([u32, u32], binRecord, { hasher: 'twox64Concat', docs: 'Notes by round and bin.' }),
    tags: map([u32, fixed(32)], unit, {
      hasher: ['twox64Concat', 'identity'],
      docs: 'Tags of claimed notes, by the round of their bin: a wallet asks for all of a round and shows which is its own to nobody.',
    }),
  },
  events: {
    PoolFunded: { model: u64, by: accountId, amount: u128 },
    RoundCreated: { round: u32, model: u64, pool: u128 },
    Enrolled: { round: u32, account: accountId, item: u16 },
    DirectionPublished: { round: u32, part: u8 },
    NotesMinted: { round: u32, bin: u32, root: fixed(32), notes: u16, escrow: u128 },
    RoundSettled: { round: u32, paid: u128, dust: u128 },
    RoundRefunded: { round: u32 },
    StakeReturned: { round: u32, account: accountId, amount: u128 },
    StakeLost: { round: u32, account: accountId, amount: u128 },
    Claimed: { round: u32, bin: u32, tag: fixed(32), destination: accountId, amount: u128, fee: u128 },
  },
  constants: {
    ClaimFee: constant(u128, CLAIM_FEE, 'Taken out of every claimed amount.'),
    RoundDeposit: constant(u128, ROUND_DEPOSIT, 'Held from the owner of a round under way.'),
  },
  errors: {
    UnknownModel: 'No model has this number.',
    NotOwner: 'The caller does not own the model.',
    PoolTooSmall: 'The model’s pool holds less than the round is to pay.',
    StakeTooSmall: 'The stake of an item is at least what a claim leaves: its fee and the existential deposit.',
    UnknownRound: 'No royalty round has this number.',
    UnknownBin: 'The round has no such bin.',
    AlreadyClaimed: 'The note of this tag is claimed.',
    EscrowTooSmall: 'The bin does not hold what is claimed.',
  },
});

export type Royalty = ReturnType<typeof state.use>;

/** Holds all pools, stakes and escrows; no key opens it. */
export const ESCROW: Uint8Array = palletAccount('tacitroy');

/** What the escrow account must hold: pools, live rounds with their stakes, and the bins' escrows. `items` counts the enrolments of a live round. */
export function obligations(ctx: Context, items: (round: number) => number): bigint {
  const { store } = state.use(ctx);
  let sum = 0n;
  for (const [, pool] of store.pools.entries()) sum += pool;
  for (const id of store.live.get()) {
    const round = store.rounds.get(id);
    if (round !== undefined) sum += round.pool + round.stake * BigInt(items(id));
  }
  for (const [, { escrow }] of store.bins.entries()) sum += escrow;
  return sum;
}
