/** A number of the chain that governance may change, within bounds that nobody may. */
export interface Parameter {
  readonly docs: string;
  readonly default: bigint;
  readonly least: bigint;
  readonly most: bigint;
}

/** Blocks of two seconds in 365 days. */
export const YEAR = 15_768_000n;
