/** What is kept costs, in units of 10^-6 TAC. Deposits stand on the title of an asset and go along with it; what nobody can ever remove is paid for good. */

/** Reserved of the owner of `$Data`. */
export const DATA_DEPOSIT = 200_000n;
/** For each digest beside the two that it must have. */
export const DIGEST_DEPOSIT = 50_000n;
/** While something is disclosed. */
export const DISCLOSURE_DEPOSIT = 300_000n;
/** Of the owner of a `$Portfolio`, and for each item and each curator of it. */
export const PORTFOLIO_DEPOSIT = 500_000n;
export const ENTRY_DEPOSIT = 20_000n;
/** Of the owner of a `$Model`, with its first version. */
export const MODEL_DEPOSIT = 1_000_000n;
/** Of whoever keeps evidence of a shared tensor. */
export const EVIDENCE_DEPOSIT = 500_000n;

/** Burned of who releases a further version. */
export const VERSION_FEE = 200_000n;
/** Burned of who names a parent: it stands with the child and with the parent. */
export const LINK_FEE = 30_000n;
/** Burned of an attester for each claim. */
export const CLAIM_FEE = 100_000n;
/** Reserved for a commitment to a registration; what is burned of it when it is used: that it was there is kept for good. */
export const COMMITMENT_DEPOSIT = 100_000n;
export const COMMIT_FEE = 20_000n;
