/** Notes (specification §12): what rounds pay, in bins across rounds, and anonymous claims of round amounts that leave the rest hidden in new notes. */
import { BIN_DIGITS, MAX_OUTPUTS } from '../../primitives/proofs/hidden-bin.ts';
import { hiddenProofBytes } from '../../primitives/proofs/hidden-claim.ts';
import { bounded, bytes, compact, field } from '../../primitives/scale/index.ts';
import { pin } from '../balances/index.ts';
import { accountId, balance, definePallet } from '../support/index.ts';
import { notesApi } from './api.ts';
import { closeBins, closingWeight } from './bins.ts';
import { claim, validateClaim } from './claims.ts';
import { held } from './held.ts';
import { ESCROW, state } from './state.ts';
import { binIndex, classId, outputs } from './types.ts';
import { weights } from './weights.ts';

const MAX_PROOF_BYTES = hiddenProofBytes(BIN_DIGITS[1], MAX_OUTPUTS);

export const notes = definePallet({
  ...state,
  ...held,
  calls: {
    claim: {
      index: 0,
      docs: 'Claim an amount out of a note without saying which: unsigned, to a fresh account. The fee is taken out of the amount; what is left stands in new notes.',
      args: {
        class: classId,
        bin: binIndex,
        amount: field(compact(balance), 'What is taken out of the note, in units: 1, 2 or 5 times a power of ten.'),
        outputs,
        destination: field(accountId, 'Who is paid.'),
        proof: field(bounded(bytes, MAX_PROOF_BYTES), 'As specification §12.5 has it.'),
      },
      paysFee: false,
      weight: ({ measured }) => measured(weights.claim),
      run(pallet, args) {
        pallet.origin.none();
        claim(pallet, args);
      },
    },
  },
  validateUnsigned(pallet, call) {
    return validateClaim(pallet, call.value);
  },
  onFinalize(pallet) {
    closeBins(pallet);
  },
  finalizeWeight: closingWeight,
  genesis({ ctx }) {
    pin(ctx, ESCROW);
  },
  apis: { NotesApi: notesApi },
});

export { type Mint, mintNotes } from './mint.ts';
export { CLAIM_FEE, ESCROW as NOTES_ESCROW, LEAST_CLAIM } from './state.ts';
export {
  BIN_NOTES,
  type BinRecord,
  CHUNK_CLAIMS,
  CHUNK_NOTES,
  type ClaimRecord,
  type MintedNotes,
  mintedNotes,
} from './types.ts';
