/** Settled rounds on a paper chain: wallets that took part, what the chain holds of it, and a client that records what is asked and sent. */
import { randomBytes } from 'node:crypto';
import type { Chain } from '../../../client/sdk/connect.ts';
import { RuntimeCall, storage, type Round as TallyRound } from '../../../client/sdk/generated/chain.ts';
import { type Wallet, walletOf } from '../../../client/sdk/keys.ts';
import { LightClient, type Request } from '../../../client/sdk/light/index.ts';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { buildEnrolment, parseEnrolment, recoverEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { mintNote, type Note } from '../../../primitives/proofs/notes.ts';
import type { Change } from '../../../primitives/trie/index.ts';
import { entry } from './paper-chain.ts';

export const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));
export const params = fheParams('tacit-test-256-n4');
export const STAKE = 5_000_000n;
export const RATE = 40n;
export const GRAINS = 16n;

export interface Member {
  readonly wallet: Wallet;
  readonly score: bigint;
}

export interface Settled {
  /** All but the notes themselves. */
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
  /** The encrypted payouts. */
  readonly z: readonly bigint[];
}

/** Where notes begin that are not yet minted. */
export type Mint = (notes: readonly Note[]) => { class: number; first: number };

const { tally, royalty } = storage;

/** What the chain holds of round `round` when it has paid `members` by `mint`; `shift` is added to their payouts, as a liar would. */
export function settledRound(
  genesis: Uint8Array,
  round: number,
  members: readonly Member[],
  mint: Mint,
  shift: (item: number) => bigint = () => 0n,
  enrolments = enrolmentsOf(genesis, round, members),
  grains = GRAINS,
): Settled {
  const parsed = enrolments.map((bytes) => parseEnrolment(params, bytes));
  const z = members.map(({ wallet, score }, i) => {
    const about = { context: contextOf(genesis, round), account: wallet.account.publicKey };
    const { m } = recoverEnrolment(params, about, wallet.noteSeed, parsed[i]!);
    return (grains * STAKE + RATE * score + m + shift(i)) % params.t;
  });
  const notes = parsed.map(({ mask, key }, i) => mintNote(z[i]!, mask, key));
  const changes = [
    entry(tally.rounds, [round], roundRecord(round, members.length)),
    entry(tally.payouts, [round], payoutRecord(round, z, RATE, grains)),
    entry(royalty.rounds, [round], {
      models: [{ model: 1n, pool: 100n }],
      owner: new Uint8Array(32),
      pool: 100n,
      stake: STAKE,
      deposit: 0n,
      state: { tag: 'Settled' },
      notes: mint(notes),
      paid: 90n,
      shared: 0n,
      dust: 10n,
      terms: { curation: undefined, factors: [], admits: { tag: 'Anyone' }, holders: { tag: 'Accounts' }, counts: [] },
    }),
    ...members.map(({ wallet }, i) =>
      entry(tally.items, [round, i], {
        account: wallet.account.publicKey,
        holder: wallet.account.publicKey,
        enrolment: enrolments[i]!,
        block: 1,
        parts: 1,
        roomyBlocks: 1,
        status: { tag: 'Accepted' },
        standing: 0n,
        factor: 1,
      }),
    ),
  ];
  return { changes, notes, z };
}

export function payoutRecord(round: number, z: readonly bigint[], rate = RATE, grains = GRAINS) {
  const items = z.map((_, i) => i);
  return { round, items, scores: [], z: [...z], sum: 1n, negative: false, rate, grains, stake: STAKE };
}

const contextOf = (genesis: Uint8Array, round: number) => ({ genesis, term: 1, round, paramsId: params.id });

export function enrolmentsOf(genesis: Uint8Array, round: number, members: readonly Member[]): Uint8Array[] {
  const maskKeys = params.subsets.map(() => publicKeyOf(randomScalar(random)));
  return members.map(({ wallet: { account, noteSeed } }) =>
    buildEnrolment({
      params,
      context: contextOf(genesis, round),
      account: account.publicKey,
      maskKeys,
      walletSeed: noteSeed,
      random,
    }),
  );
}

export function roundRecord(round: number, items: number, more: Partial<TallyRound> = {}): TallyRound {
  return {
    round,
    term: 1,
    sequence: 1,
    paramsId: params.id,
    rule: {
      parts: [8],
      normSq: 1_000_000n,
      reporters: [],
      gamma: 1n,
      base: 0n,
      mostStanding: 0n,
      mostFactor: 1,
      tMin: 1n,
      pool: 100n,
      stake: STAKE,
      kMin: 1,
      maxItems: 32,
      openBlocks: 10,
      maxExtensions: 0,
      directions: [],
      past: [],
      discount: 0,
      holders: false,
      sketch: undefined,
    },
    lanes: [{ lane: 0, part: 0, values: 8, digits: 2, offset: 128, normSq: 1_000_000n, total: undefined, bounds: [] }],
    phase: { tag: 'Settled' },
    attempt: 0,
    deadline: 0,
    out: new Uint8Array(0),
    silent: new Uint8Array(0),
    extensions: 0,
    items,
    submissions: items,
    closedAt: 7,
    roomyBlocks: 7,
    beacon: undefined,
    checked: true,
    sum: undefined,
    admitted: 0,
    accepted: Array.from({ length: items }, (_, i) => i),
    countsNorm: 0n,
    holders: 0,
    finished: [],
    failure: undefined,
    failedIn: undefined,
    consumer: 0,
    opens: [],
    endedAt: 12,
    ...more,
  };
}

export const newWallets = (count: number): Wallet[] => Array.from({ length: count }, () => walletOf(random(32)));

/** One thing that was asked, and how long the answer was. */
export type Asked = string;

/** A connection whose proofs are real and whose extrinsics go nowhere; remembers what is asked and sent. */
export function paperClient(
  { ask, root, genesis }: { ask: Request; root: LightClient['root']; genesis: Uint8Array },
  lie: (honest: unknown, method: string, params: readonly unknown[]) => unknown = (honest) => honest,
): { chain: Chain; sent: RuntimeCall[]; asked: Asked[] } {
  const [sent, asked]: [RuntimeCall[], Asked[]] = [[], []];
  const light = new LightClient(
    async (method, list) => {
      const answer = await lie(await ask(method, list), method, list);
      asked.push(`${method} ${JSON.stringify(list)} ${JSON.stringify(answer).length}`);
      return answer;
    },
    root,
    { patienceMs: 0 },
  );
  const api = {
    registry: { createType: (_: string, bytes: Uint8Array) => bytes },
    runtimeVersion: { specVersion: { eq: () => true } },
    tx: (bytes: Uint8Array) => ({
      method: { section: 'notes', method: 'claim', toU8a: () => bytes },
      send: async (watch: (result: unknown) => void) => {
        sent.push(RuntimeCall.codec.dec(bytes));
        // A block that is nowhere: whoever asks for proof of it finds none.
        const nowhere = { toHex: () => `0x${'00'.repeat(32)}` };
        watch({ status: { isFinalized: true, asFinalized: nowhere }, txHash: nowhere, events: [] });
        return () => undefined;
      },
    }),
    on: () => undefined,
    off: () => undefined,
  };
  return { chain: { api, light, genesis } as unknown as Chain, sent, asked };
}

/** The claim that was sent. */
export function claimOf(call: RuntimeCall | undefined) {
  if (call?.tag !== 'Notes' || call.value.tag !== 'claim') throw new Error('no claim');
  return call.value.value;
}
