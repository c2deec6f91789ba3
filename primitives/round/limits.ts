/** How large the things of a round may be, and what checking them costs. One source for runtime, node and client. */

/** Items of a round: a block judges each, and pays each, in one go (pallets/tally/hook-weight.ts). */
export const MAX_ITEMS = 1_000;
export const MAX_UPDATE_PARTS = 64;
/** Parts that one request for `U` opens: full ones have as many shares as a post carries ({@link MAX_SHARE_BYTES}). */
export const PARTS_AT_ONCE = 4;
/** Items times parts: submissions that the members read one after the other, and that one post of `CheckEach` speaks of. */
export const MAX_UPDATES = 1_024;
export const MAX_REPORTERS = 8;
/**
 * Accounts that a round without payout may admit: their vectors fill no bin, but the members check each, and where one is false the end of a block judges each
 * (pallets/tally/hook-weight.ts).
 */
export const MAX_PLACES = 64;
/** Values of one vector, theirs or of a part of an update: what a polynomial of the admitted parameter sets carries. */
export const MAX_SUMMED_VALUES = 8_192;
/** Counts of a meter. */
export const MAX_BOUNDS = 256;
/** Members and subsets of the largest committee. */
export const MAX_MEMBERS = 10;
export const MAX_SUBSETS = 120;

/**
 * Bytes. A sealed submission of any lane of the admitted parameter sets stays below this: the largest has 496,214 (n = 10, 8,192 values of two digits). So do posts
 * with the most shares. How long an extrinsic may be follows from it (pallets/system/limits.ts).
 */
export const MAX_SEALED_BYTES: number = 1 << 20;
export const MAX_ENROLMENT_BYTES = 16_384;
/** One part of a direction: one byte a value. */
export const MAX_DIRECTION_BYTES = 8_192;
/** Any share vector or key sum of the admitted parameter sets. */
export const MAX_SHARE_BYTES = 800_000;
/** Shares of a few values: a key test, a combined check. */
export const MAX_FEW_SHARES_BYTES = 8_192;
/** Shares of three values of each item or submission: payouts under the three data primes have 22,125 bytes for 1,000 items, elements of K 19,350 for 1,032 submissions. */
export const MAX_ITEM_SHARES_BYTES = 24_576;

/** Pool and stakes of a round, in the units its notes are counted in, are below this (specification §1). */
export const MONEY_LIMIT: bigint = 1n << 47n;
/**
 * Blocks a round may stay open, extensions included: seven days. A round that never ends would keep one of the few places for live rounds, and the
 * committee of its term, forever.
 */
export const MAX_OPEN_BLOCKS: number = (7 * 24 * 3600) / 2;
