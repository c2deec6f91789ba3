/**
 * A royalty round that is as real as the demo's and much smaller: three contributors, a dozen values per part, driven phase by phase through the SDK, so that
 * tests can break something in every phase. The plain scores are computed beside it.
 */
import { randomBytes } from 'node:crypto';
import { Draw } from '../../client/demo/draw.ts';
import { closedFormShapley, sumOfUpdates } from '../../client/demo/shapley.ts';
import { buildHere } from '../../client/sdk/build.ts';
import { balanceOf, claim, CLAIM_FEE, mostOf } from '../../client/sdk/claim.ts';
import { type OfRound, type OwnNote, scan, type Scan } from '../../client/sdk/notes/index.ts';
import { denominationBelow } from '../../primitives/proofs/denominations.ts';
import { type Chain, within } from '../../client/sdk/connect.ts';
import { contribute, enrol, reportUsage } from '../../client/sdk/contribute.ts';
import { devAccount, type Wallet, walletOf } from '../../client/sdk/keys.ts';
import { createRound, fund, pay, publishDirection, registerModel } from '../../client/sdk/model.ts';
import { ROUND_TEMPLATES, type RoundPlan } from '../../client/sdk/plan.ts';
import { openTerms, storeTerms } from '../../client/sdk/terms.ts';
import { partLengths, quantise } from '../../client/sdk/quantise.ts';
import { storage } from '../../client/sdk/generated/chain.ts';
import {
  finalizedState,
  followRound,
  readAggregate,
  readItem,
  readMoney,
  readRound,
  type RoundView,
  type State,
} from '../../client/sdk/round.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { finalBlocks, finalHead } from './test-network.ts';

const TAC = 1_000_000n;
const PARAMETERS = 16;
const NORM_SQ = 10_000n;
const USE_POINTS = 500n;
const USES = [3, 0, 4];
const ROUND_POOL = 500n * TAC;
/** Covers the lowest score at the highest rate, several rounds at a time, deposits and fees. */
const STAKE = 200n * TAC;
const FUNDS = 2_000n * TAC;
const ROUND_TIMEOUT_MS = 550_000;

export type Phase =
  | 'Keying'
  | 'KeyCheck'
  | 'Open'
  | 'Reveal'
  | 'Check'
  | 'CheckEach'
  | 'Aggregate'
  | 'Direction'
  | 'Payout'
  | 'Settled'
  | 'Failed';

export interface MiniHooks {
  /** Called when a phase is first seen in a finalized block, before the participants do anything in it; they wait for it. */
  readonly onPhase?: (phase: Phase, view: RoundView) => void | Promise<void>;
}

/** How a round went. */
export interface MiniOutcome {
  readonly round: number;
  /** The round when it was over. */
  readonly view: RoundView;
  /** Phases in the order in which they were seen. */
  readonly phases: readonly Phase[];
}

/** A note of a round. */
export type RoundNote = OwnNote & { readonly origin: OfRound };

const isOf =
  (round: number) =>
  (note: OwnNote): note is RoundNote =>
    'round' in note.origin && note.origin.round === round;

/** What the contributors' wallets read in a settled round, beside what it must be. */
export interface MiniPayout {
  readonly notes: readonly RoundNote[];
  /** `n^2 * phi_i` and the points of the uses, computed in the plain. */
  readonly plain: readonly bigint[];
  readonly aggregate: readonly Int32Array[] | undefined;
  readonly plainAggregate: readonly Int32Array[];
  readonly pool: bigint;
  readonly paid: bigint;
  readonly dust: bigint;
}

export interface Post {
  readonly step: number;
  readonly attempt: number;
  readonly member: number;
}

export interface MiniWorldOptions {
  /** Names the world's vectors; the same name gives the same. */
  readonly seed?: string;
  /** Development account that owns the model; worlds that run at the same time need different ones. */
  readonly owner?: string;
  /** Development account that pays and reports usage. */
  readonly user?: string;
  /** Rounds the pool is to pay for. */
  readonly rounds?: number;
}

/** A model, its owner and user, and three contributors; any number of rounds, one after the other. */
export class MiniWorld {
  readonly wallets: readonly Wallet[];
  readonly updates: readonly Int8Array[][];
  readonly #salt = new Uint8Array(randomBytes(32));
  readonly direction: readonly Int8Array[];
  readonly owner: ReturnType<typeof devAccount>;
  readonly user: ReturnType<typeof devAccount>;
  #model = 0;

  private constructor({ seed = 'mini', owner = '//Alice', user = '//Bob' }: MiniWorldOptions) {
    this.owner = devAccount(owner);
    this.user = devAccount(user);
    this.wallets = USES.map(() => walletOf(new Uint8Array(randomBytes(32))));
    const draw = new Draw('test-mini', seed);
    const truth = Float64Array.from({ length: PARAMETERS }, () => draw.normal());
    const near = (noise: number): Int8Array[] =>
      quantise(
        truth.map((x) => x + noise * draw.normal()),
        NORM_SQ,
      );
    this.direction = near(0.2);
    this.updates = [near(0.3), near(0.6), near(3)];
  }

  /** Registers a model, fills its pool, and gives every contributor what it needs. */
  static async prepare(chain: Chain, options: MiniWorldOptions = {}): Promise<MiniWorld> {
    const world = new MiniWorld(options);
    const name = (purpose: string): Uint8Array => hash32Of('test/mini', purpose, randomBytes(32));
    world.#model = await registerModel(chain, world.owner, {
      fingerprint: name('weights'),
      architecture: name('architecture'),
      terms: await storeTerms(chain, world.owner, openTerms('Apache-2.0')),
    });
    const accounts = world.wallets.map(({ account }) => account.publicKey);
    await Promise.all([
      untilTerm(chain),
      fund(chain, world.user, world.#model, ROUND_POOL * BigInt(options.rounds ?? 1)),
      pay(chain, world.owner, accounts, FUNDS),
    ]);
    return world;
  }

  get model(): number {
    return this.#model;
  }

  /** The rule of every round of this world. */
  get plan(): RoundPlan {
    const total = BigInt(USES.reduce((sum, uses) => sum + uses, 0));
    return {
      ...ROUND_TEMPLATES.known,
      parts: partLengths(PARAMETERS),
      normSq: NORM_SQ,
      reporters: [{ account: this.user.publicKey, total, points: USE_POINTS }],
      gamma: 1n,
      tMin: 1n,
      pool: ROUND_POOL,
      stake: STAKE,
      kMin: this.wallets.length,
      maxItems: this.wallets.length,
      openBlocks: 2,
      maxExtensions: 60,
      salt: this.#salt,
      direction: this.direction,
    };
  }

  /** Runs a round to its end, settled or failed, over one node. */
  async run(chain: Chain, { onPhase }: MiniHooks = {}): Promise<MiniOutcome> {
    const before = await finalHead(chain);
    const round = await createRound(chain, this.owner, this.#model, this.plan);
    const phases: Phase[] = [];
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    const follow = async (): Promise<MiniOutcome> => {
      for await (const { hash } of finalBlocks(chain, before.number, broken.promise)) {
        const state = await chain.light.stateOf(hash);
        // The first blocks looked at may be older than the round.
        if ((await state.get(storage.tally.nextRound)) <= round) continue;
        const view = await readRound(state, round);
        const phase = view.phase as Phase;
        if (phase === phases.at(-1)) continue;
        phases.push(phase);
        await onPhase?.(phase, view);
        if (phase === 'Settled' || phase === 'Failed') return { round, view, phases };
        this.#act(chain, round, phase).catch(broken.reject);
      }
      throw new Error('the chain has ended');
    };
    const late = (): Error => new Error(`round ${round} came through ${phases.join(', ')} and no further`);
    return within(follow(), ROUND_TIMEOUT_MS, late);
  }

  async #act(chain: Chain, round: number, phase: Phase): Promise<void> {
    if (phase === 'Open') await this.#contribute(chain, round);
    if (phase === 'Direction') await publishDirection(chain, round, this.direction, this.#salt);
  }

  /** The round closes when the last of the contributors is complete, so the usage is there before. */
  async #contribute(chain: Chain, round: number): Promise<void> {
    await Promise.all(this.wallets.map((wallet) => enrol(chain, wallet, round)));
    const owners = await followRound(
      chain,
      round,
      ({ items }, state) => (items === this.wallets.length ? this.#itemOwners(state, round) : undefined),
      ROUND_TIMEOUT_MS,
    );
    const counts = owners.map((wallet) => USES[wallet] as number);
    const options = { build: buildHere };
    const submit = (wallet: Wallet): Promise<unknown> =>
      contribute(chain, wallet, round, this.updates[this.wallets.indexOf(wallet)] as Int8Array[], options);
    await Promise.all([reportUsage(chain, this.user, round, counts, options), ...this.wallets.slice(1).map(submit)]);
    await submit(this.wallets[0] as Wallet);
  }

  /** Which wallet each item of the round belongs to. */
  async #itemOwners(state: State, round: number): Promise<number[]> {
    return Promise.all(
      this.wallets.map(async (_, number) => {
        const item = await readItem(state, round, number);
        return this.wallets.findIndex(
          ({ account }) => item !== undefined && sameBytes(account.publicKey, item.account),
        );
      }),
    );
  }

  /** What the wallets read of a settled round, and what they must. */
  async payout(chain: Chain, { round, view }: MiniOutcome): Promise<MiniPayout> {
    const state = await finalizedState(chain);
    const scans = await Promise.all(this.wallets.map((wallet) => scan(chain, wallet, undefined, state)));
    const notes = scans.map((one) => one.notes.find(isOf(round)));
    const money = await readMoney(state, round);
    if (money === undefined) throw new Error(`round ${round} has no account`);
    const shapley = closedFormShapley(this.updates, this.direction);
    return {
      notes: notes.map((note, i) => {
        if (note === undefined) throw new Error(`contributor ${i} finds no note in round ${round}`);
        return note;
      }),
      plain: shapley.map((value, i) => value + USE_POINTS * BigInt(USES[i] as number)),
      aggregate: await readAggregate(state, view),
      plainAggregate: sumOfUpdates(this.updates),
      pool: money.pool,
      paid: money.paid,
      dust: money.dust,
    };
  }

  /** Everyone claims a round amount of its note to its fresh account; what each received, beside what it must, and what stays hidden beside what is left. */
  async claimAll(chain: Chain, round: number): Promise<MiniClaim[]> {
    return Promise.all(
      this.wallets.map(async (wallet) => {
        const { note, found } = await untilClosed(chain, wallet, round);
        const amount = denominationBelow(mostOf(note) ?? 0n) ?? 0n;
        const { destination, hidden } = await claim(chain, wallet, found, note, { amount });
        const { notes } = await scan(chain, wallet, found);
        const change = notes.filter(({ origin }) => 'claim' in origin);
        return {
          received: await balanceOf(chain, destination),
          expected: amount - CLAIM_FEE,
          hidden: change.reduce((sum, { opening }) => sum + opening.amount, 0n),
          left: hidden,
        };
      }),
    );
  }
}

/** Amounts received in units, hidden in grains. */
export interface MiniClaim {
  readonly received: bigint;
  readonly expected: bigint;
  readonly hidden: bigint;
  readonly left: bigint;
}

/** The wallet's note of a settled round, once its bin is closed. */
async function untilClosed(chain: Chain, wallet: Wallet, round: number): Promise<{ note: RoundNote; found: Scan }> {
  const look = async (_: unknown, state: State) => {
    const found = await scan(chain, wallet, undefined, state);
    const note = found.notes.find(isOf(round));
    return note?.bin && { note, found };
  };
  return followRound(chain, round, look, CLOSING_MS);
}
const CLOSING_MS = 120_000;

/** Resolves when the committee holds its subset keys: rounds may begin. */
export async function untilTerm(chain: Chain): Promise<void> {
  const { number } = await finalHead(chain);
  for await (const { hash } of finalBlocks(chain, number)) {
    const term = await (await chain.light.stateOf(hash)).get(storage.committee.current);
    if (term?.phase.tag === 'Active') return;
  }
}

/** Who has posted what in a round, while the chain keeps it. */
export async function postsOf(state: State, round: number): Promise<Post[]> {
  const keys = await state.keys(storage.tally.posts, round);
  return keys.map(([, step, attempt, member]) => ({ step, attempt, member }));
}
