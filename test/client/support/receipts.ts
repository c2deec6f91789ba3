/** A settled round on a paper chain in which everything follows from everything, so that a lie about one thing does not. */
import type { Round as TallyRound } from '../../../client/sdk/generated/chain.ts';
import { storage } from '../../../client/sdk/generated/chain.ts';
import type { Wallet } from '../../../client/sdk/keys.ts';
import { quantise } from '../../../client/sdk/quantise.ts';
import { signedLittleEndian } from '../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { parseEnrolment, recoverEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { mintNote, type Note } from '../../../primitives/proofs/notes.ts';
import { directionHash } from '../../../primitives/round/commitments.ts';
import { VERDICT } from '../../../primitives/round/phases.ts';
import { priceShare } from '../../../primitives/round/price.ts';
import {
  aggregateBytes,
  paidBy,
  partWeights,
  paymentOf,
  publicTerms,
  scoreBounds,
  scoredParts,
  totalScore,
} from '../../../primitives/round/score.ts';
import type { Change } from '../../../primitives/trie/index.ts';
import { entry } from './paper-chain.ts';
import { enrolmentsOf, params, roundRecord } from './settled.ts';

export const ROUND = 2;
const VALUES = 8;
const NORM_SQ = 4_000n;
const SALT = hash32Of('test/receipt-salt');
const CLASS = 1;
/** The round's notes cross from one chunk into the next. */
const FIRST = 62;
/** What the reporter counted of each item. */
export const COUNTS = [20n, 5n, 25n];
const REPORTER = new Uint8Array(32).fill(9);

type Stored<I> = I extends { readonly value: { codec: { dec(bytes: Uint8Array): infer V } } } ? V : never;

/** Everything that stands in the state of a settled round, to be changed by who lies. */
export interface Pieces {
  readonly record: TallyRound;
  readonly payout: Stored<typeof storage.tally.payouts>;
  readonly aggregate: Uint8Array;
  /** Of the rounds that the rule names as past. */
  readonly past: readonly Uint8Array[];
  readonly directions: readonly { readonly salt: Uint8Array; readonly values: Uint8Array }[];
  readonly items: readonly Stored<typeof storage.tally.items>[];
  readonly submissions: readonly Stored<typeof storage.tally.submissions>[];
  readonly money: Stored<typeof storage.royalty.rounds>;
  readonly classes: Stored<typeof storage.notes.classes>;
  /** Notes of the class from its first on. */
  readonly notes: readonly Note[];
}

export interface Built {
  readonly pieces: Pieces;
  /** `[member][part]`. */
  readonly updates: readonly (readonly Int8Array[])[];
  readonly scores: readonly bigint[];
}

/** An update as its contributor has it. */
export const floatsOf = (member: number): Float64Array =>
  Float64Array.from(new Prg(hash32Of('test/receipt-update', member)).next(2 * VALUES), (byte) => byte - 128);

const inner = (left: ArrayLike<number>, right: ArrayLike<number>): bigint =>
  Array.from(left, (value, j) => BigInt(value) * BigInt(right[j] as number)).reduce((sum, one) => sum + one, 0n);

const submission = (account: Uint8Array, lane: number, part: number) => ({
  account,
  lane,
  part,
  id: hash32Of('test/receipt-id', account, lane, part),
  ephemeral: new Uint8Array(32),
  length: 1000,
  block: 6,
  verdict: VERDICT.accepted,
  reason: 0,
});

function ruleOf(direction: readonly Int8Array[], changes: Partial<TallyRound['rule']>): TallyRound['rule'] {
  return {
    ...roundRecord(ROUND, 0).rule,
    parts: direction.map(({ length }) => length),
    normSq: NORM_SQ,
    reporters: [{ account: REPORTER, total: 50n, points: 100n }],
    base: 10n,
    mostStanding: 100n,
    pool: 1_000_000_000n,
    stake: 500_000_000n,
    directions: direction.map((part, p) => directionHash(p, SALT, bytesOf(part))),
    ...changes,
  };
}

export const bytesOf = (values: Int8Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.length);

const packed = (parts: readonly Int32Array[]): Uint8Array =>
  aggregateBytes(Int32Array.from(parts.flatMap((part) => [...part])));

/** An honest round of some wallets, each a holder of its own. */
export function honestRound(
  genesis: Uint8Array,
  wallets: readonly Wallet[],
  changes: Partial<TallyRound['rule']> = {},
): Built {
  const updates = wallets.map((_, member) => quantise(floatsOf(member), NORM_SQ, 2));
  const direction = updates[0] as Int8Array[];
  const rule = ruleOf(direction, changes);
  const terms = publicTerms(
    rule,
    wallets.map((_, i) => ({ standing: BigInt(i), factor: 1 })),
  );
  const aggregate = direction.map((_, p) =>
    Int32Array.from({ length: VALUES + 4 }, (__, j) =>
      updates.reduce((sum, parts) => sum + (parts[p]?.[j] as number), 0),
    ),
  );
  const past = rule.past.map((id) => direction.map((part) => Int32Array.from(part, (value, j) => id * value + j)));
  const opened = direction.map((part, p) => {
    return {
      direction: part,
      aggregate: aggregate[p] as Int32Array,
      past: past.map((parts) => parts[p] as Int32Array),
    };
  });
  const weights = opened.map((part) => partWeights(rule, wallets.length, part));
  const counted = rule.reporters.map(({ points }) => points);
  const perCount = counted[0] ?? 0n;
  const scores = updates.map((parts, i) => {
    const update = parts.reduce((sum, part, p) => sum + inner(part, weights[p] as Int32Array), 0n);
    return rule.gamma * update + (terms.points[i] as bigint) + perCount * (COUNTS[i] ?? 0n);
  });
  const counts = perCount * wallets.reduce((sum, _, i) => sum + (COUNTS[i] ?? 0n), 0n);
  const scored = scoredParts(rule, wallets.length, opened);
  const total = totalScore(rule, scored, counts, terms);
  const payment = paymentOf(rule, total, scoreBounds(rule, scored, counted, terms), params.maxWeightNorm);
  const count = wallets.length;
  const shared = BigInt(count) * priceShare(rule, count, scored, paidBy(payment, total));
  const paid = { ...payment, sum: total < 0n ? -total : total, negative: total < 0n };
  const members = wallets.map((wallet) => ({ wallet, score: 0n }));
  const enrolments = enrolmentsOf(genesis, ROUND, members);
  const z = wallets.map((wallet, i) => {
    const about = {
      context: { genesis, term: 1, round: ROUND, paramsId: params.id },
      account: wallet.account.publicKey,
    };
    const { m } = recoverEnrolment(params, about, wallet.noteSeed, parseEnrolment(params, enrolments[i] as Uint8Array));
    return (payment.grains * rule.stake + payment.rate * (scores[i] as bigint) + m) % params.t;
  });
  const lane = { lane: 0, digits: 2, offset: 128, normSq: NORM_SQ, total: undefined, bounds: [] };
  const lanes = rule.parts.map((values, part) => ({ ...lane, part, values }));
  const record = roundRecord(ROUND, wallets.length, {
    rule,
    lanes,
    submissions: 2 * wallets.length + rule.reporters.length,
  });
  const items = record.accepted;
  return {
    updates,
    scores,
    pieces: {
      record,
      payout: { round: ROUND, items: [...items], scores: [], z, ...paid, stake: rule.stake },
      aggregate: packed(aggregate),
      past: past.map(packed),
      directions: direction.map((part) => ({ salt: SALT, values: bytesOf(part) })),
      items: wallets.map(({ account }, i) => ({
        account: account.publicKey,
        enrolment: enrolments[i] as Uint8Array,
        block: 5,
        parts: 3,
        roomyBlocks: 1,
        status: { tag: 'Accepted' },
        holder: account.publicKey,
        standing: BigInt(i),
        factor: 1,
      })),
      submissions: [
        ...wallets.flatMap(({ account }) => [submission(account.publicKey, 0, 0), submission(account.publicKey, 0, 1)]),
        ...rule.reporters.map(({ account }, part) => submission(account, 1, part)),
      ],
      money: moneyOf(rule, paidBy(payment, total), shared),
      classes: [classOf(3n, 1n), classOf(params.t, payment.grains)],
      notes: z.map((value, i) => {
        const { mask, key } = parseEnrolment(params, enrolments[i] as Uint8Array);
        return mintNote(value, mask, key);
      }),
    },
  };
}

const classOf = (modulus: bigint, grains: bigint) => {
  const open = { first: 0, since: 0, brought: 0n, ofRounds: 0 };
  return { modulus, grains, notes: FIRST + 3, bins: 0, brought: 0n, paid: 0n, open };
};

function moneyOf({ pool, stake }: TallyRound['rule'], paid: bigint, shared: bigint): Pieces['money'] {
  return {
    models: [{ model: 1n, pool }],
    owner: new Uint8Array(32),
    pool,
    stake,
    deposit: 0n,
    state: { tag: 'Settled' },
    notes: { class: CLASS, first: FIRST },
    paid,
    shared,
    dust: pool - paid - shared,
    terms: { curation: undefined, factors: [], admits: { tag: 'Anyone' }, holders: { tag: 'Accounts' }, counts: [] },
  };
}

/** The parts of an aggregate as the state holds them; the last has all that is left. */
function aggregateEntries({ parts }: TallyRound['rule'], round: number, bytes: Uint8Array): Change[] {
  let from = 0;
  return parts.map((values, part) => {
    const to = part === parts.length - 1 ? bytes.length : from + 4 * values;
    const own = bytes.slice(from, to);
    from = to;
    return entry(storage.tally.aggregates, [round, part], own);
  });
}

/** The state that holds the pieces. */
export function changesOf({
  record,
  payout,
  aggregate,
  past,
  directions,
  items,
  submissions,
  money,
  classes,
  notes,
}: Pieces): Change[] {
  const filler = (i: number): Note => ({
    key: hash32Of('test/filler', i),
    commitment: signedLittleEndian(BigInt(i), 32),
  });
  const list = [...Array.from({ length: FIRST }, (_, i) => filler(i)), ...notes];
  const { tally, royalty } = storage;
  return [
    entry(tally.nextRound, [], ROUND + 1),
    entry(tally.rounds, [ROUND], record),
    entry(tally.payouts, [ROUND], payout),
    ...aggregateEntries(record.rule, ROUND, aggregate),
    ...record.rule.past.flatMap((id, i) => (past[i] ? aggregateEntries(record.rule, id, past[i]) : [])),
    ...directions.map((part, p) => entry(tally.directions, [ROUND, p], part)),
    ...items.map((item, i) => entry(tally.items, [ROUND, i], item)),
    ...submissions.map((one, i) => entry(tally.submissions, [ROUND, i], one)),
    entry(royalty.rounds, [ROUND], money),
    entry(storage.notes.classes, [], classes),
    entry(storage.notes.notes, [CLASS, 0], list.slice(0, 64)),
    entry(storage.notes.notes, [CLASS, 1], list.slice(64)),
  ];
}
