/** The least an account holds, in units of 10^-6 TAC: what keeps the state free of empty accounts. */
export const EXISTENTIAL_DEPOSIT = 1_000n;
