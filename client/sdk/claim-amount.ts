/**
 * How much a wallet claims of a note, and how its change is divided (docs/adr/036). Amounts alone: no notes, no requests, so that the study of anonymity
 * (docs/anonymity.md) simulates these very wallets.
 */
import type { RandomBytes } from '../../primitives/crypto/bytes.ts';
import { SPLIT_PARTS } from '../../primitives/proofs/change-secrets.ts';
import { denominationBelow, denominationsOf } from '../../primitives/proofs/denominations.ts';
import { below } from './chance.ts';
import { constants } from './generated/chain.ts';

const { leastClaim } = constants.notes;

/** A note that holds as many largest amounts is split: its parts are paid out beside each other, which halves the time, and shows that it was a large one (§12.8). */
export const SPLIT_FROM = 8n;

/** What there is to claim of. In units. */
export interface Holding {
  /** What the note holds. */
  readonly holds: bigint;
  /** The largest amount that its bin admits. */
  readonly largest: bigint;
}

/** The amounts that pay a note in full, dust left out: `most` as often as `times` says, and the others. What is paid over and over is counted, not listed: it can be a million times. */
export interface Amounts {
  readonly most: bigint;
  readonly times: number;
  readonly others: readonly bigint[];
}

/** The amounts that pay a note in full; undefined if it holds less than a claim takes. */
export function amountsOf({ holds, largest }: Holding): Amounts | undefined {
  const most = denominationBelow(holds < largest ? holds : largest);
  if (most === undefined || most < leastClaim) return undefined;
  const { amounts } = denominationsOf(holds % most, { least: leastClaim, most });
  return { most, times: Number(holds / most), others: amounts };
}

/** What a claim takes, in units, and of 64 parts of what is left those of the first of two new notes; 0: one new note. */
export interface Draw {
  readonly amount: bigint;
  readonly split: number;
}

/**
 * One amount out of those that pay the note in full; a note much larger than what its bin admits is split. Undefined if it holds too little.
 * @param splitFrom largest amounts in a note from which on it is split
 */
export function drawClaim(holding: Holding, random: RandomBytes, splitFrom = SPLIT_FROM): Draw | undefined {
  const amounts = amountsOf(holding);
  if (amounts === undefined) return undefined;
  const { most, times, others } = amounts;
  const amount = others[below(times + others.length, random)] ?? most;
  const isLarge = holding.holds >= splitFrom * holding.largest;
  return { amount, split: isLarge ? 1 + below(SPLIT_PARTS - 1, random) : 0 };
}
