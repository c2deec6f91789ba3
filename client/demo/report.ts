/** What a demo round reports: the JSON that `--report` writes, and the table that people read. Scores and amounts are decimal strings, they may pass 2^53. */
import { z } from 'zod';

const decimal = z.string().regex(/^-?[0-9]+$/);
const milliseconds = z.number().nonnegative();

const partyReport = z.strictObject({
  name: z.string(),
  /** `n^2 * phi_i`: the closed form on plain updates. */
  shapleyPlain: decimal,
  /** The same out of the note that only the party's wallet can read; null if the round paid nothing. */
  shapleyOpened: decimal.nullable(),
  /** Bit by bit. */
  equal: z.boolean(),
  /** What the note pays on top of the stake; below zero where the stake was charged. Units of 10^-6 TAC. */
  amount: decimal,
  /** Part of the stake that came back. */
  depositBack: decimal,
  /** What the fresh account holds after one claim, of a round amount. */
  paidOut: decimal,
  /** What the claim left to the chain. */
  fee: decimal,
  /** What is left in new notes, as the party's wallet has opened them: nobody else can. */
  hidden: decimal,
  /** Notes that the claim hides among. */
  ring: z.number().int().nonnegative(),
  /** Whether the fresh account has been paid, and the wallet holds what is left to the grain. */
  claimed: z.boolean(),
});
export type PartyReport = z.infer<typeof partyReport>;

export const roundReport = z.strictObject({
  parties: z.array(partyReport),
  pool: decimal,
  /** Sum of the parties' amounts. */
  paid: decimal,
  /** What notes hold of fractions of a unit, together: less than a unit each. */
  fractions: decimal,
  /** What went back to the pool. */
  dust: decimal,
  /** Sums over the parties; the smallest ring. */
  claims: z.strictObject({ paid: decimal, fees: decimal, hidden: decimal, ring: z.number().int().nonnegative() }),
  spearmanRetrained: z.number().min(-1).max(1),
  /** Filled in by whoever audits the chain afterwards; null if nobody has. */
  audit: z.strictObject({ ok: z.boolean(), checks: z.number().int().nonnegative() }).nullable(),
  /** From a block's own time stamp to the news of its finality. */
  finality: z.strictObject({ p50Ms: milliseconds, p99Ms: milliseconds }),
  timingsMs: z.strictObject({
    /** From the round's creation in a finalized block to its checked public key. */
    roundKey: milliseconds,
    /**
     * Encrypting and proving one party's update (one submission): processor time of the party's thread, median over the parties. By the clock it would be mostly
     * waiting for a core: all eight do it at the same time, beside the validators.
     */
    encryptAndProve: milliseconds,
    /** From the block that closed the round to the block that settled it, both as finalized. */
    closeToPayout: milliseconds,
    total: milliseconds,
  }),
  validators: z.array(z.strictObject({ rpc: z.string(), killed: z.boolean().optional() })),
});
export type RoundReport = z.infer<typeof roundReport>;

/** Whether a round did what it promises: all opened scores right, everyone paid, the money adds up. */
export function isSound(report: RoundReport): boolean {
  const sum = (of: (party: PartyReport) => bigint): bigint => report.parties.reduce((all, one) => all + of(one), 0n);
  const [paid, fractions] = [BigInt(report.paid), BigInt(report.fractions)];
  const { claims } = report;
  const out = (party: PartyReport): bigint => BigInt(party.paidOut) + BigInt(party.fee) + BigInt(party.hidden);
  return (
    report.parties.every((party) => party.equal && party.claimed && holds(party) === out(party)) &&
    BigInt(claims.paid) + BigInt(claims.fees) + BigInt(claims.hidden) === sum(holds) &&
    paid === sum(({ amount }) => BigInt(amount)) &&
    fractions >= 0n &&
    fractions < BigInt(report.parties.length) &&
    BigInt(report.pool) === paid + fractions + BigInt(report.dust) &&
    report.audit?.ok !== false
  );
}

/** What a party's note held: its stake, as far as that came back, and what it earned. */
function holds({ amount, depositBack }: PartyReport): bigint {
  const earned = BigInt(amount);
  return BigInt(depositBack) + (earned > 0n ? earned : 0n);
}

/** Units of 10^-6 as TAC, six decimals. */
export function tac(units: bigint): string {
  const size = units < 0n ? -units : units;
  return `${units < 0n ? '-' : ''}${size / 1_000_000n}.${(size % 1_000_000n).toString().padStart(6, '0')}`;
}

/** The quantile `q` in [0, 1] of some measurements (nearest rank); 0 if there are none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}

/** Columns of text, numbers right-aligned, one line per row. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, c) => Math.max(title.length, ...rows.map((row) => row[c]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) =>
        /^[-+]?[0-9]/.test(cell) ? cell.padStart(widths[c] as number) : cell.padEnd(widths[c] as number),
      )
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** The payout table and the totals. */
export function renderReport(report: RoundReport, kinds: readonly string[]): string {
  const rows = report.parties.map((party, i) => [
    party.name,
    kinds[i] ?? '',
    party.shapleyPlain,
    party.shapleyOpened ?? 'not opened',
    party.equal ? 'yes' : 'NO',
    tac(BigInt(party.amount)),
    tac(BigInt(party.depositBack)),
    tac(BigInt(party.paidOut)),
    tac(BigInt(party.hidden)),
    party.claimed ? 'yes' : 'NO',
  ]);
  const { timingsMs, finality, claims } = report;
  const notes = report.parties.reduce((all, party) => all + holds(party), 0n);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    table(
      [
        'party',
        'kind',
        'Shapley, plain',
        'opened',
        'equal',
        'amount TAC',
        'stake back',
        'claimed TAC',
        'hidden TAC',
        'exact',
      ],
      rows,
    ),
    '',
    `pool ${tac(BigInt(report.pool))} TAC = paid ${tac(BigInt(report.paid))} + fractions ${tac(BigInt(report.fractions))} + dust ${tac(BigInt(report.dust))}`,
    `notes ${tac(notes)} TAC = claimed ${tac(BigInt(claims.paid))} + fees ${tac(BigInt(claims.fees))} + hidden ${tac(BigInt(claims.hidden))}, in rings of ${claims.ring}: ` +
      'on the chain stand the claimed amounts, and nothing of the rest',
    `rank correlation with retrained Shapley values (all ${2 ** report.parties.length} coalitions): ${report.spearmanRetrained.toFixed(3)}`,
    `round key ${seconds(timingsMs.roundKey)}, encrypt and prove ${seconds(timingsMs.encryptAndProve)} of processor time per party, close to payout ` +
      `${seconds(timingsMs.closeToPayout)}, finality p50 ${finality.p50Ms} ms, p99 ${finality.p99Ms} ms, total ${seconds(timingsMs.total)}`,
  ].join('\n');
}
