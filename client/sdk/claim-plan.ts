/**
 * When a wallet claims what. Claims that follow each other at once are seen to be one wallet's: by default exponential times lie between them, as between
 * the claims of strangers. The plan is kept, sealed, so that a wallet that was closed goes on where it was.
 */
import { z } from 'zod';
import { openOnce, sealOnce } from '../../primitives/crypto/aead.ts';
import { type RandomBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { TacitError } from '../../primitives/errors.ts';
import { LEAST_CLAIM, type OwnNote } from './claim.ts';
import type { Wallet } from './keys.ts';

/** A claim that is to be made. */
export interface Planned {
  readonly round: number;
  /** Milliseconds since 1970; not before. */
  readonly due: number;
}

export interface Spread {
  /** Mean of the times between two claims, in milliseconds; 0: all at once. */
  readonly meanMs: number;
  readonly now: number;
  readonly random: RandomBytes;
}

/**
 * Brings a plan up to date: what is claimed leaves it, what is overdue is drawn anew, new notes come behind what stands, in an order of chance. Notes that
 * are spent, or too small to be claimed, are no part of it.
 */
export function planClaims(notes: readonly OwnNote[], before: readonly Planned[], spread: Spread): Planned[] {
  const open = new Set(notes.filter(({ spent, amount }) => !spent && amount >= LEAST_CLAIM).map(({ round }) => round));
  if (spread.meanMs === 0) return [...open].sort((a, b) => a - b).map((round) => ({ round, due: spread.now }));
  const standing = before.filter(({ round }) => open.has(round)).sort((a, b) => a.due - b.due);
  const kept = redrawn(standing, spread);
  for (const { round } of kept) open.delete(round);
  const added: Planned[] = [];
  // the very first has nothing to be told from
  let due = kept.length > 0 ? Math.max(spread.now, ...kept.map((one) => one.due)) : undefined;
  for (const round of shuffled([...open], spread.random)) {
    due = due === undefined ? spread.now : due + exponential(spread);
    added.push({ round, due });
  }
  return [...kept, ...added].sort((a, b) => a.due - b.due);
}

/** The longest time between two claims, in means. */
const LONGEST_GAP = 20;

/**
 * A plan whose times have passed [the machine was asleep], or are farther than any gap [its clock was ahead], with new gaps from now on, in the same order:
 * claims that are all overdue would be made at once. The same plan if its first claim is neither. `plan` is sorted by its times.
 */
export function redrawn(plan: readonly Planned[], spread: Spread): readonly Planned[] {
  const first = plan[0]?.due;
  if (first === undefined) return plan;
  if (first >= spread.now && first - spread.now <= LONGEST_GAP * spread.meanMs) return plan;
  let due = spread.now;
  return plan.map(({ round }) => ({ round, due: (due += exponential(spread)) }));
}

/** A time of chance with the spread's mean, at most twenty times as long. */
export function exponential({ meanMs, random }: Pick<Spread, 'meanMs' | 'random'>): number {
  const bytes = random(6);
  let word = 0;
  for (const byte of bytes) word = word * 256 + byte;
  return Math.min(LONGEST_GAP, -Math.log((word + 1) / 2 ** 48)) * meanMs;
}

function shuffled<T>(items: T[], random: RandomBytes): T[] {
  return items
    .map((item) => ({ item, key: toHex(random(8)) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ item }) => item);
}

const planSchema = z.strictObject({
  genesis: z.string(),
  claims: z.array(z.strictObject({ round: z.number().int().min(1), due: z.number().int().min(0) })).max(100_000),
});
const fileSchema = z.strictObject({
  format: z.literal('tacit-claims-1'),
  salt: z.string().regex(/^0x[0-9a-f]{64}$/),
  box: z.string().regex(/^0x([0-9a-f]{2})*$/),
});
const LABEL = 'tacit/claims-file/1';
const ASSOCIATED = utf8(LABEL);

/** One key seals one text: the salt is fresh with every writing. */
const keyOf = (wallet: Wallet, salt: Uint8Array): Uint8Array => hash32Of(LABEL, wallet.noteSeed, salt);

/** The text of a plan's file. It would tell which rounds the wallet was in, so that only the wallet can read it. */
export function sealPlan(wallet: Wallet, genesis: Uint8Array, claims: readonly Planned[], random: RandomBytes): string {
  const salt = random(32);
  const whole = claims.map(({ round, due }) => ({ round, due: Math.round(due) }));
  const text = utf8(JSON.stringify({ genesis: toHex(genesis), claims: whole }));
  const box = sealOnce(keyOf(wallet, salt), text, ASSOCIATED);
  return `${JSON.stringify({ format: 'tacit-claims-1', salt: toHex(salt), box: toHex(box) })}\n`;
}

/** The plan in a file's text; none if it is of another chain. Throws `sdk/bad-plan`. */
export function openPlan(wallet: Wallet, genesis: Uint8Array, text: string): Planned[] {
  const file = fileSchema.safeParse(jsonOf(text));
  const plain = file.success
    ? openOnce(keyOf(wallet, fromHex(file.data.salt)), fromHex(file.data.box), ASSOCIATED)
    : undefined;
  const plan = planSchema.safeParse(plain && jsonOf(new TextDecoder().decode(plain)));
  if (!plan.success)
    throw new TacitError('sdk/bad-plan', 'the file with the plan of claims is damaged or another wallet’s: delete it');
  return plan.data.genesis === toHex(genesis) ? plan.data.claims : [];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
