/**
 * Amounts that a claim with hidden change may show (specification §12.2): 1, 2 and 5 times the powers of ten, in units of money. Amounts that many notes can
 * pay say little about the note that pays.
 */

/** Whether `amount` is 1, 2 or 5 times a power of ten; 1 is the smallest. */
export function isDenomination(amount: bigint): boolean {
  if (amount <= 0n) return false;
  let rest = amount;
  while (rest % 10n === 0n) rest /= 10n;
  return rest === 1n || rest === 2n || rest === 5n;
}

/** The largest denomination that is not above `limit`; undefined below 1. */
export function denominationBelow(limit: bigint): bigint | undefined {
  if (limit < 1n) return undefined;
  let power = 1n;
  while (power * 10n <= limit) power *= 10n;
  return [5n, 2n, 1n].map((digit) => digit * power).find((amount) => amount <= limit);
}

/** What a bin admits of denominations, in units. */
export interface DenominationBounds {
  /** The smallest that a claim may show: fee and existential deposit fit in. */
  readonly least: bigint;
  /** The largest that a claim on the bin may show. */
  readonly most: bigint;
}

/** The fewest denominations within the bounds that pay `amount`, largest first, and the dust that stays hidden, below `least`. */
export function denominationsOf(
  amount: bigint,
  { least, most }: DenominationBounds,
): { amounts: bigint[]; dust: bigint } {
  const amounts: bigint[] = [];
  let dust = amount;
  for (;;) {
    const next = denominationBelow(dust < most ? dust : most);
    if (next === undefined || next < least) return { amounts, dust };
    amounts.push(next);
    dust -= next;
  }
}
