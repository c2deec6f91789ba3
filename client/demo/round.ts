/** One royalty round from registration to the last claim, step by step; each step says what it does while it does it. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { TacitError } from '../../primitives/errors.ts';
import { CLAIM_FEE } from '../sdk/claim.ts';
import { type Chain, connect, persist } from '../sdk/connect.ts';
import { reportUsage } from '../sdk/contribute.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { buildInThread } from '../sdk/node/build.ts';
import { createRound, fund, pay, publishDirection, registerModel } from '../sdk/model.ts';
import { openTerms, storeTerms } from '../sdk/terms.ts';
import { followRound, readAggregate, readItem, readMoney, type State, untilCommittee } from '../sdk/round.ts';
import { Crew } from './crew.ts';
import { FinalityWatch } from './finality.ts';
import { PARTIES } from './parties.ts';
import type { PartyResults } from './party.ts';
import { type PartyReport, quantile, type RoundReport } from './report.ts';
import { DEMO_SEED } from './retrained.ts';
import { USE_POINTS, ARCHITECTURE, GAMMA, PARTY_FUNDS, planOf, POOL, prepareSetting, type Setting } from './setting.ts';

export interface DemoOptions {
  readonly rpcs: readonly string[];
  readonly owner: KeyringPair;
  readonly user: KeyringPair;
  /** Longest wait for any phase of the round. */
  readonly timeoutMs: number;
}

/** Where a step tells what is going on. */
export type Say = (text: string) => void;

export interface Step {
  readonly title: string;
  run(say: Say): Promise<void>;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The round as a list of steps over one shared state; {@link report} is there when all have run. */
export class DemoRound implements AsyncDisposable {
  readonly #options: DemoOptions;
  readonly #started = performance.now();
  readonly #scope = new AsyncDisposableStack();
  #chain!: Chain;
  #crew!: Crew;
  #watch!: FinalityWatch;
  #setting!: Setting;
  #parties: PartyResults['prepare'][] = [];
  #model = 0;
  #round = 0;
  /** Under which the direction is committed. */
  #salt: Uint8Array = new Uint8Array();
  #roundKeyMs = 0;
  #builds: PartyResults['contribute'][] = [];
  #closeToPayoutMs = 0;
  /** As the chain has booked it: into notes, and back to the pool. */
  #booked = { paid: 0n, dust: 0n };
  #opened: PartyResults['open'][] = [];
  #claims: PartyResults['claim'][] = [];

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  readonly steps: readonly Step[] = [
    { title: 'Deal MNIST to eight parties, train in the plain, connect', run: (say) => this.#prepare(say) },
    { title: 'Register the model; its user pays into the pool', run: (say) => this.#register(say) },
    { title: 'The committee makes the round key, which nobody holds', run: (say) => this.#open(say) },
    { title: 'Eight parties enrol', run: (say) => this.#enrol(say) },
    {
      title: 'Eight parties encrypt, prove and submit; the gateway reports usage',
      run: (say) => this.#contribute(say),
    },
    { title: 'Close, reveal, check, aggregate, score on ciphertexts', run: (say) => this.#settle(say) },
    {
      title: 'Eight wallets read their notes; each claims one round amount to a fresh account, and hides the rest',
      run: (say) => this.#claim(say),
    },
  ];

  async #prepare(say: Say): Promise<void> {
    // nobody trains for a network that is not there, and no thread has to be ended in the midst of it
    await (await connect(this.#options.rpcs, knownChain())).close();
    // the threads train while this one does; nobody connects before its training is done, for a thread that computes does not answer its node
    this.#crew = this.#scope.use(new Crew(this.#options.rpcs, DEMO_SEED));
    const parties = this.#crew.askAll<'prepare'>({ ask: 'prepare' }, (_, done) =>
      say(`${done} of ${PARTIES.length} parties have trained`),
    );
    // heard of below; until then a failure of a party is not left without an owner
    parties.catch(() => undefined);
    this.#setting = prepareSetting(DEMO_SEED);
    this.#chain = this.#scope.use(await connect(this.#options.rpcs, knownChain()));
    this.#parties = await parties;
    this.#watch = this.#scope.use(await FinalityWatch.start(this.#chain));
  }

  async #register(say: Say): Promise<void> {
    const { owner, user } = this.#options;
    // every run registers a model of its own: the fingerprint names the run's first party as well
    const fingerprint = hash32Of('tacit/demo-run/1', this.#setting.fingerprint, this.#parties[0]?.account ?? '');
    this.#model = await registerModel(this.#chain, owner, {
      fingerprint,
      architecture: fromHex(ARCHITECTURE),
      terms: await storeTerms(this.#chain, owner, openTerms('Apache-2.0')),
    });
    say(`model ${this.#model}`);
    await Promise.all([
      fund(this.#chain, user, this.#model, POOL),
      pay(
        this.#chain,
        owner,
        this.#parties.map(({ account }) => account),
        PARTY_FUNDS,
      ),
    ]);
  }

  async #open(say: Say): Promise<void> {
    const { owner, user, timeoutMs } = this.#options;
    // a young chain may still be at the set-up of its first committee
    await untilCommittee(this.#chain, (phase) => say(`committee: ${phase}`), timeoutMs);
    const plan = planOf(this.#setting, user.publicKey);
    this.#salt = plan.salt;
    this.#round = await createRound(this.#chain, owner, this.#model, plan);
    const created = performance.now();
    await followRound(
      this.#chain,
      this.#round,
      ({ phase }) => {
        say(`round ${this.#round}: ${phase}`);
        return phase === 'Open' || undefined;
      },
      timeoutMs,
    );
    this.#roundKeyMs = performance.now() - created;
  }

  async #enrol(say: Say): Promise<void> {
    await this.#crew.askAll<'enrol'>({ ask: 'enrol', round: this.#round }, (_, done) =>
      say(`${done} of ${PARTIES.length} enrolled`),
    );
  }

  async #contribute(say: Say): Promise<void> {
    const { user, timeoutMs } = this.#options;
    const updates = this.#crew.askAll<'contribute'>({ ask: 'contribute', round: this.#round }, (_, done) =>
      say(`${done} of ${PARTIES.length} have submitted`),
    );
    const usage = followRound(
      this.#chain,
      this.#round,
      ({ items }, state) => (items === PARTIES.length ? this.#partyOfItems(state) : undefined),
      timeoutMs,
    ).then((partyOf) => {
      const counts = partyOf.map((party) => this.#setting.uses[party] as number);
      return persist(
        () => reportUsage(this.#chain, user, this.#round, counts, { build: buildInThread }),
        ['tally.AlreadySubmitted'],
      );
    });
    [this.#builds] = await Promise.all([updates, usage]);
    const processor = median(this.#builds.map(({ buildCpuMs }) => buildCpuMs));
    const clock = median(this.#builds.map(({ buildMs }) => buildMs));
    say(
      `encrypting and proving took a party ${processor.toFixed(0)} ms of processor time, ` +
        `${clock.toFixed(0)} ms by the clock with all ${PARTIES.length} at it`,
    );
  }

  /** Which party each item of the round belongs to, in the order of enrolment. */
  async #partyOfItems(state: State): Promise<number[]> {
    return Promise.all(
      PARTIES.map(async (_, number) => {
        const item = await readItem(state, this.#round, number);
        const party = this.#parties.findIndex(({ account }) => item !== undefined && sameBytes(account, item.account));
        if (party < 0)
          throw new TacitError('demo/stranger', 'somebody else has enrolled in the demo round', { item: number });
        return party;
      }),
    );
  }

  async #settle(say: Say): Promise<void> {
    const { timeoutMs } = this.#options;
    const chain = this.#chain;
    const published = followRound(chain, this.#round, ({ closedAt }) => closedAt ?? undefined, timeoutMs).then(() =>
      persist(() => publishDirection(chain, this.#round, this.#setting.direction, this.#salt)),
    );
    const settled = followRound(
      chain,
      this.#round,
      async (view, state) => {
        say(`round ${this.#round}: ${view.phase}`);
        if (view.phase !== 'Settled' || view.closedAt === null || view.endedAt === null) return undefined;
        const [aggregate, money] = await Promise.all([readAggregate(state, view), readMoney(state, this.#round)]);
        return { aggregate, money, ms: await this.#watch.between(view.closedAt, view.endedAt) };
      },
      timeoutMs,
    );
    const [{ aggregate, money, ms }] = await Promise.all([settled, published]);
    const equal = this.#setting.aggregate.every((part, p) => part.every((value, j) => aggregate?.[p]?.[j] === value));
    if (!equal || !money) {
      throw new TacitError('demo/wrong-aggregate', 'the opened aggregate is not the sum of the plain updates');
    }
    this.#closeToPayoutMs = ms;
    this.#booked = money;
  }

  async #claim(say: Say): Promise<void> {
    this.#opened = await this.#crew.askAll<'open'>({ ask: 'open', round: this.#round });
    this.#claims = await this.#crew.askAll<'claim'>({ ask: 'claim', round: this.#round }, (_, done) =>
      say(`${done} of ${PARTIES.length} fresh accounts are paid`),
    );
  }

  /** What this run found; every number in it was computed in it, the retrained values apart (see retrained.ts). */
  report(): RoundReport {
    const parties = PARTIES.map((_, party) => this.#partyReport(party));
    const sum = (of: (party: PartyReport) => string): bigint => parties.reduce((all, one) => all + BigInt(of(one)), 0n);
    const paid = sum(({ amount }) => amount);
    const { latencies } = this.#watch;
    return {
      parties,
      pool: `${POOL}`,
      paid: `${paid}`,
      fractions: `${this.#booked.paid - paid}`,
      dust: `${this.#booked.dust}`,
      claims: {
        paid: `${sum((one) => one.paidOut)}`,
        fees: `${sum((one) => one.fee)}`,
        hidden: `${sum((one) => one.hidden)}`,
        ring: Math.min(...parties.map(({ ring }) => ring)),
      },
      spearmanRetrained: this.#setting.spearmanRetrained,
      audit: null,
      finality: { p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) },
      timingsMs: {
        roundKey: Math.round(this.#roundKeyMs),
        encryptAndProve: Math.round(median(this.#builds.map(({ buildCpuMs }) => buildCpuMs))),
        closeToPayout: Math.round(this.#closeToPayoutMs),
        total: Math.round(performance.now() - this.#started),
      },
      validators: this.#options.rpcs.map((rpc) => ({ rpc })),
    };
  }

  #partyReport(party: number): PartyReport {
    const plain = this.#setting.shapley[party] as bigint;
    const { amount, stake, score } = this.#opened[party] as PartyResults['open'];
    const { received, expected, hidden, exact, ring } = this.#claims[party] as PartyResults['claim'];
    const opened =
      score === undefined ? undefined : (score - USE_POINTS * BigInt(this.#setting.uses[party] as number)) / GAMMA;
    const earned = amount - stake;
    return {
      name: (PARTIES[party] as { name: string }).name,
      shapleyPlain: `${plain}`,
      shapleyOpened: opened === undefined ? null : `${opened}`,
      equal: opened === plain,
      amount: `${earned}`,
      depositBack: `${earned < 0n ? stake + earned : stake}`,
      paidOut: `${received}`,
      fee: `${CLAIM_FEE}`,
      hidden: `${hidden}`,
      ring,
      claimed: received === expected && exact,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scope.disposeAsync();
  }
}
