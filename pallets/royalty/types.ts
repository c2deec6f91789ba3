/** What the royalty pallet keeps: codecs are the declaration, TypeScript types follow from them. */
import { enumeration, field, type Of, option, struct } from '../../primitives/scale/index.ts';
import { mintedNotes } from '../notes/index.ts';
import { accountId, balance } from '../support/types.ts';
import { roundPools, roundTerms } from './rule/types.ts';

/** Index of the pallet in the runtime. */
export const ROYALTY_PALLET = 41;

export const roundState = enumeration('tacit_royalty::RoundState', {
  Live: null,
  /** Notes are minted. */
  Settled: null,
  /** Stakes and pool went back. */
  Refunded: null,
});

/** The money side of a tally round. */
export const royaltyRound = struct('tacit_royalty::RoyaltyRound', {
  models: roundPools,
  owner: accountId,
  pool: field(balance, 'Taken from the pools of all models when the round was made; what is not paid rolls over.'),
  stake: balance,
  deposit: field(
    balance,
    'The owner’s deposit against idle rounds; lost if it withholds its direction, half of it if too few take part.',
  ),
  state: roundState,
  notes: field(
    option(mintedNotes),
    'Where the notes of its payouts stand, once it has settled; none if nobody was accepted.',
  ),
  paid: field(balance, 'What went out of the pool into notes, without the stakes.'),
  shared: field(
    balance,
    'What the accepted items are owed in equal parts, because scores paid less than the price of the aggregate.',
  ),
  dust: field(balance, 'What went back to the models’ pools.'),
  terms: roundTerms,
});
export type RoyaltyRound = Of<typeof royaltyRound>;
