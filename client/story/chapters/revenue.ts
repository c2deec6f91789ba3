/** 6: what was earned goes along the lineage: to ancestors, curators, owners and co-owners. Every amount is reckoned here as well, and compared to the unit. */
import { largestRemainder, partOf } from '../../../primitives/money.ts';
import { tac } from '../../demo/report.ts';
import { CURATORS, type Name } from '../people.ts';
import { field, type Stage } from '../stage.ts';
import { type Asset, nameOf, PRICES, SHARES, splitOf } from '../terms.ts';
import type { View } from '../view.ts';
import { CURATORS_BPS, WEIGHTS } from './portfolio.ts';
import type { Datasets } from './data.ts';
import { CONTRIBUTORS_BPS } from './training.ts';

const CHAPTER = 6;

/** What there is, and what each has earned. */
export interface Lineage {
  readonly child: number;
  readonly trained: number;
  readonly base: number;
  readonly portfolio: number;
  readonly data: Datasets;
}

/** Who gets what, in units. */
interface Plan {
  /** Of each asset: what is divided, and what of it other assets, a pool and people get. */
  readonly child: Divided;
  readonly trained: Divided;
  readonly base: Divided;
  readonly portfolio: Divided;
  readonly mira: Divided;
  readonly pia: Divided;
  readonly ravi: Divided;
  readonly owed: Readonly<Partial<Record<Name, bigint>>>;
}
interface Divided {
  readonly amount: bigint;
  readonly passed: bigint;
  readonly pool: bigint;
  readonly owed: bigint;
}

const sum = (parts: readonly bigint[]): bigint => parts.reduce((all, part) => all + part, 0n);

/** Reckons the whole way of the money. */
async function planOf(view: View): Promise<Plan> {
  const earned = async (price: bigint): Promise<bigint> => (await splitOf(view, price)).earned;
  const child = await earned(PRICES.child);
  const childPasses = partOf(child, SHARES.trained);
  // three bundles, one of them a renewal, and a licence to fine-tune
  const trained = 3n * (await earned(PRICES.bundle)) + (await earned(PRICES.fineTune)) + childPasses;
  const [toPortfolio, toMira, toBase] = [SHARES.portfolio, SHARES.mira, SHARES.base].map((bps) =>
    partOf(trained, bps),
  ) as [bigint, bigint, bigint];
  const passed = toPortfolio + toMira + toBase;
  const pool = partOf(toBase, CONTRIBUTORS_BPS);
  const portfolio = toPortfolio + (await earned(PRICES.portfolioTraining));
  const curators = partOf(portfolio, CURATORS_BPS);
  const each = curators / BigInt(CURATORS.length);
  const items = partOf(portfolio, 10_000 - CURATORS_BPS);
  const all = BigInt(WEIGHTS.reduce((total, weight) => total + weight, 0));
  const [forMira, forPia, forRavi] = WEIGHTS.map((weight) => (items * BigInt(weight)) / all) as [
    bigint,
    bigint,
    bigint,
  ];
  const mira = (await earned(PRICES.miraTraining)) + toMira + forMira;
  const [pia, quinn] = largestRemainder(forPia, [7_500n, 2_500n]) as [bigint, bigint];
  const first = await earned(PRICES.base);
  const people = (amount: bigint): Divided => ({ amount, passed: 0n, pool: 0n, owed: amount });
  return {
    child: { amount: child, passed: childPasses, pool: 0n, owed: child - childPasses },
    trained: { amount: trained, passed, pool: 0n, owed: trained - passed },
    base: { amount: toBase, passed: 0n, pool, owed: toBase - pool },
    portfolio: { amount: portfolio, passed: forMira + forPia + forRavi, pool: 0n, owed: 3n * each },
    mira: people(mira),
    pia: people(forPia),
    ravi: people(forRavi),
    owed: {
      Rolf: child - childPasses,
      // the first customer's payment was divided before
      Theo: trained - passed + (toBase - pool) + first - partOf(first, CONTRIBUTORS_BPS),
      Mira: mira,
      Pia: pia,
      Quinn: quinn,
      Ravi: forRavi,
      ...Object.fromEntries(CURATORS.map((name) => [name, each])),
    },
  };
}

/** Along the lineage from the youngest, then everybody collects. */
export async function paidOut(stage: Stage, { child, trained, base, portfolio, data }: Lineage): Promise<void> {
  const { hash } = await stage.ledger.height(stage.ledger.top);
  const plan = await planOf(await stage.view(hash));
  await distribute(stage, 'child', { Model: child }, plan.child);
  await distribute(stage, 'trained', { Model: trained }, plan.trained);
  await Promise.all([
    distribute(stage, 'base', { Model: base }, plan.base),
    distribute(stage, 'portfolio', { Portfolio: portfolio }, plan.portfolio),
  ]);
  await Promise.all([
    distribute(stage, 'mira', { Data: data.mira }, plan.mira),
    distribute(stage, 'pia', { Data: data.pia }, plan.pia),
    distribute(stage, 'ravi', { Data: data.ravi }, plan.ravi),
  ]);
  const due = Object.entries(plan.owed) as [Name, bigint][];
  await Promise.all(due.map(([name, amount]) => collect(stage, name, amount)));
}

async function distribute(stage: Stage, step: string, asset: Asset, plan: Divided): Promise<void> {
  const expected = { amount: `${plan.amount}`, passed: `${plan.passed}`, pool: `${plan.pool}`, owed: `${plan.owed}` };
  await stage.act({
    chapter: CHAPTER,
    step: `distributes-${step}`,
    who: stage.people.Zoe,
    what: `has the earnings of ${nameOf(asset)} divided`,
    call: stage.tx('royalty', 'distribute', asset),
    check: async (view, done) => {
      const told = ['amount', 'passed', 'pool', 'owed'] as const;
      const amount = (key: string) => `${BigInt(field<number | string>(done, 'royalty.Distributed', key))}`;
      const stream = (await view.ask('royaltyApi', 'stream', asset)) as { stream: { waiting: number }; earned: number };
      const left = plan.amount - sum([plan.passed, plan.pool, plan.owed]);
      return {
        divided: [Object.fromEntries(told.map((key) => [key, amount(key)])), expected],
        stillThere: [
          [stream.earned, stream.stream.waiting],
          [Number(left), Number(left)],
        ],
      };
    },
    sees: () =>
      `${tac(plan.amount)} TAC: ${tac(plan.passed)} to what it comes from, ${tac(plan.pool)} to contributors, ${tac(plan.owed)} to people`,
  });
}

async function collect(stage: Stage, name: Name, amount: bigint): Promise<void> {
  const { Zoe, [name]: who } = stage.people;
  const before = (number: number): string => stage.ledger.blocks[number - 2]?.hash ?? '';
  await stage.act({
    chapter: CHAPTER,
    step: `collects-${name}`,
    who: Zoe,
    what: `has ${name} paid`,
    call: stage.tx('royalty', 'collect', who.address),
    check: async (view, done) => {
      const earlier = await stage.view(before(done.block));
      const gained = (await view.money(who.address)).free - (await earlier.money(who.address)).free;
      return { gained: [`${gained}`, `${amount}`], owed: [`${await view.owed(who.address)}`, '0'] };
    },
    sees: () => `${tac(amount)} TAC are ${name}’s`,
  });
}
