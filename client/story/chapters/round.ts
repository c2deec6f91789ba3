/** 3 and 6: a federated round. Four contributors improve the model without showing what they send; the pool pays them, and nobody sees whom. */
import { randomBytes } from 'node:crypto';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { toAddress } from '../../../primitives/crypto/ss58.ts';
import { denominationBelow } from '../../../primitives/proofs/denominations.ts';
import { tac } from '../../demo/report.ts';
import { closedFormShapley, sumOfUpdates } from '../../demo/shapley.ts';
import { claim, CLAIM_FEE, mostOf } from '../../sdk/claim.ts';
import { contribute, enrol } from '../../sdk/contribute.ts';
import { type Wallet, walletOf } from '../../sdk/keys.ts';
import { createRound, publishDirection } from '../../sdk/model.ts';
import { ROUND_TEMPLATES, type RoundPlan } from '../../sdk/plan.ts';
import { buildInThread } from '../../sdk/node/build.ts';
import { proveInThread } from '../../sdk/node/prove.ts';
import { type OwnNote, scan, type Scan } from '../../sdk/notes/index.ts';
import { partLengths } from '../../sdk/quantise.ts';
import { finalizedState, followRound, readAggregate, readMoney, type State, untilCommittee } from '../../sdk/round.ts';
import { CONTRIBUTORS, learn, type Learning, NORM_SQ, PARAMETERS, trained } from '../learning.ts';
import { TAC } from '../people.ts';
import { field, type Stage } from '../stage.ts';

const TRAINING = 3;
const REVENUE = 6;
const STAKE = 400n * TAC;
/** Stake, deposits of submissions, fees. */
export const CONTRIBUTOR_FUNDS: bigint = STAKE + 50n * TAC;
const PHASE_MS = 300_000;
/** The round looks every so many blocks whether all are there. */
const OPEN_BLOCKS = 4;

interface Contributor {
  readonly name: string;
  readonly wallet: Wallet;
  readonly parts: readonly Int8Array[];
}

/** A contributor's note of the round, once claims can be made on it, and the scan that shows it. */
interface Own {
  readonly note: OwnNote;
  readonly found: Scan;
}

/** Where a pool has gone: into notes, to what is owed for the aggregate, and back. */
const goneOf = ({ paid, shared, dust }: Record<string, number>): bigint =>
  [paid, shared, dust].reduce((sum, part) => sum + BigInt(part ?? 0), 0n);
const isOfRound = ({ origin }: OwnNote): boolean => 'round' in origin;

export class FederatedRound {
  readonly contributors: readonly Contributor[];
  readonly #stage: Stage;
  readonly #learning: Learning = learn();
  readonly #salt = new Uint8Array(randomBytes(32));
  #round = 0;
  #notes: readonly Own[] = [];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.contributors = CONTRIBUTORS.map(({ name }, place) => {
      const parts = this.#learning.updates[place] ?? [];
      return { name, wallet: walletOf(new Uint8Array(randomBytes(32))), parts };
    });
  }

  /** Where the claims are paid to, in the order of the contributors: accounts that nobody has seen before. */
  freshAddresses(): string[] {
    return this.#notes.map(({ note }, place) => this.#freshAddress(place, note));
  }

  #freshAddress(place: number, { tag }: OwnNote): string {
    const { wallet } = this.contributors[place] as Contributor;
    return toAddress(wallet.freshAccount(this.#stage.chain.genesis, tag).publicKey);
  }

  /**
   * From the making of the round to its payout. The last contribution waits for `mayClose`, and the round for it.
   * @returns hash of the trained weights
   */
  async run(model: number, pool: bigint, mayClose: Promise<void>): Promise<string> {
    await untilCommittee(this.#stage.chain, () => undefined, PHASE_MS);
    await this.#create(model, pool);
    await followRound(this.#stage.chain, this.#round, ({ phase }) => phase === 'Open' || undefined, PHASE_MS);
    const [last, ...others] = this.contributors;
    await Promise.all(this.contributors.map((one) => this.#enrols(one)));
    await Promise.all(others.map((one) => this.#contributes(one)));
    await mayClose;
    if (last) await this.#contributes(last);
    await followRound(this.#stage.chain, this.#round, ({ closedAt }) => closedAt ?? undefined, PHASE_MS);
    // One block may hold both: who waits for the payout looks from before the direction on.
    const [weights] = await Promise.all([this.#settles(pool), this.#shows()]);
    return weights;
  }

  #plan(pool: bigint): RoundPlan {
    return {
      ...ROUND_TEMPLATES.known,
      parts: partLengths(PARAMETERS),
      normSq: NORM_SQ,
      reporters: [],
      gamma: 1n,
      tMin: 10_000n,
      pool,
      stake: STAKE,
      kMin: CONTRIBUTORS.length,
      maxItems: CONTRIBUTORS.length,
      openBlocks: OPEN_BLOCKS,
      maxExtensions: 200,
      salt: this.#salt,
      direction: this.#learning.direction,
    };
  }

  async #create(model: number, pool: bigint): Promise<void> {
    const { Theo } = this.#stage.people;
    await this.#stage.witness(
      Theo.name,
      {
        chapter: TRAINING,
        step: 'opens-round',
        what: 'opens a round over the pool of the first model',
        check: async (view) => {
          const round = (await view.ask('royaltyApi', 'round', this.#round)) as Record<string, unknown>;
          return {
            round: [
              { models: round['models'], pool: round['pool'], stake: round['stake'], state: round['state'] },
              { models: [{ model, pool: Number(pool) }], pool: Number(pool), stake: Number(STAKE), state: 'Live' },
            ],
            leftInPool: [await view.ask('royaltyApi', 'pool', model), 0],
          };
        },
        sees: () => `round ${this.#round}: ${pool / TAC} TAC for whoever helps, a stake of ${STAKE / TAC} TAC each`,
      },
      async () => {
        this.#round = await Theo.inTurn(() => createRound(this.#stage.chain, Theo.pair, model, this.#plan(pool)));
      },
      ({ name, data }) => name === 'royalty.RoundCreated' && data['round'] === this.#round,
    );
  }

  async #enrols({ name, wallet }: Contributor): Promise<void> {
    const { address } = wallet.account;
    await this.#stage.witness(
      name,
      {
        chapter: TRAINING,
        step: `enrols-${name}`,
        what: 'enrols',
        check: async (view, done) => {
          const item = field<number>(done, 'royalty.Enrolled', 'item');
          return { item: [await view.stored('tally', 'itemOf', this.#round, address), item] };
        },
        sees: () => 'the stake is held',
      },
      () => enrol(this.#stage.chain, wallet, this.#round),
      (event) => event.name === 'royalty.Enrolled' && event.data['account'] === address,
    );
  }

  async #contributes({ name, wallet, parts }: Contributor): Promise<void> {
    const { address } = wallet.account;
    const last = parts.length - 1;
    await this.#stage.witness(
      name,
      {
        chapter: TRAINING,
        step: `contributes-${name}`,
        what: 'sends an encrypted update',
        check: async (view) => {
          const key = [this.#round, address, 0, last];
          return { kept: [(await view.stored('tally', 'submissionOf', ...key)) !== null, true] };
        },
        sees: () => 'nobody reads it; the committee opens the sum of all four',
      },
      () => contribute(this.#stage.chain, wallet, this.#round, parts, { build: buildInThread }),
      ({ name, data }) => name === 'tally.Submitted' && data['account'] === address && data['part'] === last,
    );
  }

  async #shows(): Promise<void> {
    const { Theo } = this.#stage.people;
    const { direction } = this.#learning;
    await this.#stage.witness(
      Theo.name,
      {
        chapter: TRAINING,
        step: 'shows-direction',
        what: 'publishes the direction that he had committed to',
        check: async (view) => {
          const last = direction.length - 1;
          const kept = (await view.stored('tally', 'directions', this.#round, last)) as { salt: string };
          return { salt: [kept.salt, toHex(this.#salt)] };
        },
        sees: () => 'updates are paid for pointing along it',
      },
      () => publishDirection(this.#stage.chain, this.#round, direction, this.#salt),
      ({ name, data }) => name === 'tally.DirectionPublished' && data['part'] === direction.length - 1,
    );
  }

  /** The sum of all updates is open, and the notes stand. */
  async #settles(pool: bigint): Promise<string> {
    const { chain, people } = this.#stage;
    let weights = '';
    await this.#stage.witness(
      people.Theo.name,
      {
        chapter: TRAINING,
        step: 'round-settles',
        what: 'waits for the committee',
        check: async (view) => {
          const round = (await view.ask('royaltyApi', 'round', this.#round)) as Record<string, number>;
          const state = await finalizedState(chain);
          const found = await followRound(chain, this.#round, (view) => readAggregate(state, view), PHASE_MS);
          const plain = sumOfUpdates(this.#learning.updates);
          weights = toHex(hash32Of('tacit/story-weights/1', trained(found)));
          return {
            aggregate: [found.map((part) => [...part]), plain.map((part) => [...part])],
            pool: [goneOf(round) === pool, true],
          };
        },
        sees: () => `the sum of four updates, and of none alone; the weights hash to ${weights.slice(0, 10)}…`,
      },
      () => followRound(chain, this.#round, ({ phase }) => phase === 'Settled' || undefined, PHASE_MS),
      ({ name, data }) => name === 'royalty.RoundSettled' && data['round'] === this.#round,
    );
    return weights;
  }

  /** Every wallet reads its own note and claims a round amount of it, without a signature; the rest stays hidden. */
  async claims(): Promise<void> {
    this.#notes = await Promise.all(this.contributors.map((one) => this.#noteOf(one)));
    const scores = closedFormShapley(this.#learning.updates, this.#learning.direction);
    await Promise.all(this.contributors.map((one, place) => this.#claims(one, place, scores[place] ?? 0n)));
    await this.#sum();
  }

  async #noteOf({ name, wallet }: Contributor): Promise<Own> {
    const { chain } = this.#stage;
    const look = async (_: unknown, state: State): Promise<Own | undefined> => {
      const found = await scan(chain, wallet, undefined, state);
      const note = found.notes.find(isOfRound);
      if (!note) throw new Error(`${name} finds no note`);
      return note.bin && { note, found };
    };
    return followRound(chain, this.#round, look, PHASE_MS);
  }

  async #claims({ wallet }: Contributor, place: number, plain: bigint): Promise<void> {
    const { chain } = this.#stage;
    const { note, found } = this.#notes[place] as Own;
    const fresh = this.#freshAddress(place, note);
    const amount = denominationBelow(mostOf(note) ?? 0n) ?? 0n;
    const paid = amount - CLAIM_FEE;
    const ring = note.bin?.count;
    await this.#stage.witness(
      'somebody',
      {
        chapter: REVENUE,
        step: `claim-${place + 1}`,
        what: 'claims a round amount, unsigned, to an account that was never seen',
        check: async (view) => {
          const { notes } = await scan(chain, wallet, found);
          const score = 'round' in note.origin ? note.origin.score : undefined;
          const hidden = notes.reduce((sum, one) => sum + (one.spent ? 0n : one.opening.amount), 0n);
          return {
            score: [`${score}`, `${plain}`],
            paid: [await view.free(fresh), `${paid}`],
            whole: [`${amount * note.grains + hidden}`, `${note.opening.amount}`],
          };
        },
        sees: () =>
          `${tac(paid)} TAC are there; which of ${ring} notes it came from, and what is left of it, nobody knows`,
      },
      () => claim(chain, wallet, found, note, { amount }, { prove: proveInThread }),
      (event) => event.name === 'notes.Claimed' && event.data['destination'] === fresh,
    );
  }

  /** All notes together are the stakes and what the pool has paid, to the unit. */
  async #sum(): Promise<void> {
    const money = await readMoney(await finalizedState(this.#stage.chain), this.#round);
    const grains = this.#notes[0]?.note.grains ?? 1n;
    const all = this.#notes.reduce((sum, { note }) => sum + note.opening.amount, 0n);
    const earned = all / grains - STAKE * BigInt(this.#notes.length);
    this.#stage.sum(
      {
        chapter: REVENUE,
        step: 'notes-add-up',
        who: 'four contributors',
        what: 'add up their notes',
        read: ['royalty.rounds'],
        sees: `${tac(earned)} TAC out of the pool, besides their stakes`,
      },
      await this.#stage.ledger.height(this.#stage.ledger.top),
      { paid: [`${earned}`, `${money?.paid}`] },
    );
  }
}
