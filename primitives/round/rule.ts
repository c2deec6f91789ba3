/** The rule of a round: what is collected, how it is scored, what it pays. Fixed when the round is made. */

/** Money in units of 10^-6 TAC. */
export interface RoundRule {
  /** Values of each update part, the four spare coordinates included. */
  readonly parts: readonly number[];
  /** Squared norm of every update part; bound of that of the direction's parts. */
  readonly normSq: bigint;
  /** Accounts that report usage, each with the publicly paid uses that its vector must add up to. */
  readonly reporters: readonly { readonly account: Uint8Array; readonly total: bigint }[];
  /** Points for one use. */
  readonly alpha: bigint;
  /** Points for one unit of `n^2 * phi`. */
  readonly gamma: bigint;
  /** Below this total score nothing is paid. */
  readonly tMin: bigint;
  /** What the round may pay on top of the stakes. */
  readonly pool: bigint;
  /** Put up by each enrolment and paid out with the note. */
  readonly stake: bigint;
  /** Least number of accounts that a round closes and is opened with. */
  readonly kMin: number;
  readonly maxItems: number;
  readonly openBlocks: number;
  readonly maxExtensions: number;
  /** `directionHash` of each part of the validation direction. */
  readonly directions: readonly Uint8Array[];
}
