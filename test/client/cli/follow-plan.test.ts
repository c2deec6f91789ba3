import { expect } from 'chai';
import { type Followed, followPlan } from '../../../client/cli/actions/follow-plan.ts';
import { KeptPlan } from '../../../client/cli/actions/kept-plan.ts';
import { exponential, type Planned, redrawn } from '../../../client/sdk/claim-plan.ts';
import { TacitError } from '../../../primitives/errors.ts';

const hour = 3_600_000;
const meanMs = 6 * hour;
/** The middle of the distribution: every wait is `WAIT`. */
const random = (n: number): Uint8Array => Uint8Array.of(128, ...new Uint8Array(n - 1));
const WAIT = exponential({ meanMs, random });

/** A machine whose clock goes only when something waits or works, and what was claimed on it when. */
class Machine implements Followed {
  readonly meanMs: number;
  readonly random = random;
  readonly claims: { number: number; at: number }[] = [];
  /** The terms on which they were made. */
  readonly terms: Planned[] = [];
  readonly kept: Planned[][] = [];
  readonly failures: string[] = [];
  readonly doubts: string[] = [];
  /** Milliseconds that the wait for a note lasts too long. */
  readonly sleeps = new Map<number, number>();
  /** Milliseconds that the claim of a note takes. */
  readonly efforts = new Map<number, number>();
  /** Codes with which claims of a note fail, one after the other. */
  readonly errors = new Map<number, string[]>();
  /** Notes whose claims arrive although they fail. */
  readonly arrive = new Set<number>();
  /** Notes that are spent on the chain. */
  readonly spent = new Set<number>();
  /** What the chain shows as claimable after so many looks with nothing to claim. */
  readonly later: Planned[][] = [];
  looks = 0;
  /** When each look was. */
  readonly lookedAt: number[] = [];
  clock = 1_000_000;

  constructor(mean = meanMs) {
    this.meanMs = mean;
  }

  now = (): number => this.clock;
  renew = async (before: readonly Planned[], without: ReadonlySet<string>): Promise<readonly Planned[]> => {
    this.looks++;
    this.lookedAt.push(this.clock);
    const all = [...before, ...(this.looks > 1 ? (this.later.shift() ?? []) : [])];
    const left = all.filter(({ number }) => !this.spent.has(number));
    const open = left.filter(({ class: id, number }) => !without.has(`${id}/${number}`));
    return this.meanMs === 0 ? open : redrawn(open, { meanMs, random, now: this.clock });
  };
  idle = async (): Promise<boolean> => {
    this.clock += hour;
    return this.later.length > 0;
  };
  rest = async (until: number): Promise<void> => {
    this.clock = Math.max(this.clock, until);
  };
  until = async ({ number, due }: Planned): Promise<void> => {
    this.clock = Math.max(this.clock, due) + (this.sleeps.get(number) ?? 3);
    this.sleeps.delete(number);
  };
  keep = async (left: readonly Planned[]): Promise<void> => {
    this.kept.push([...left]);
  };
  claim = async (one: Planned): Promise<void> => {
    const { number } = one;
    this.claims.push({ number, at: this.clock });
    this.terms.push(one);
    this.clock += this.efforts.get(number) ?? 6000;
    const code = this.spent.has(number) ? 'sdk/extrinsic-refused' : this.errors.get(number)?.shift();
    if (code === undefined || this.arrive.has(number)) this.spent.add(number);
    if (code !== undefined) throw new TacitError(code, 'it has failed');
  };
  unsure = ({ number }: Planned, error: Error): void => {
    this.doubts.push(`${number} ${(error as TacitError).code}`);
  };
  failed = ({ number }: Planned, { code }: TacitError): void => {
    this.failures.push(`${number} ${code}`);
  };

  /** Times between the claims. */
  get gaps(): number[] {
    return this.claims.slice(1).map(({ at }, i) => at - this.claims[i]!.at);
  }
  get numbers(): number[] {
    return this.claims.map(({ number }) => number);
  }
}

const entry = (number: number, due: number, bin = number): Planned => {
  return { class: 0, number, bin, amount: 20_000n, split: 0, due, tried: false };
};
const plan = (...minutes: number[]): Planned[] => minutes.map((due, i) => entry(i + 1, 1_000_000 + due * 60_000));

describe('client/cli: a plan of claims that is followed', () => {
  it('makes each claim when it is due, and keeps what is left before', async () => {
    const machine = new Machine();
    expect(await followPlan(plan(0, 5, 12), machine)).to.equal(0);
    expect(machine.numbers).to.deep.equal([1, 2, 3]);
    expect(machine.claims.map(({ at }) => Math.round((at - 1_000_000) / 60_000))).to.deep.equal([0, 5, 12]);
    expect(machine.kept.map(({ length }) => length)).to.deep.equal([3, 2, 1, 0]);
  });

  it('does not look at the chain right after a claim [looks follow from each other, and told which claims were one wallet’s]', async () => {
    const machine = new Machine();
    machine.later.push([entry(7, 1_000_000 + 60 * hour)]);
    await followPlan(plan(0, 5, 12), machine);
    expect(machine.numbers).to.deep.equal([1, 2, 3, 7]);
    const [first, ...others] = machine.lookedAt;
    expect([first, others.length]).to.deep.equal([1_000_000, 2]);
    for (const looked of others)
      for (const { at } of machine.claims) expect(looked < at || looked - at >= hour, `${looked} ${at}`).to.equal(true);
  });

  it('makes no two claims at once after the machine has slept', async () => {
    const machine = new Machine();
    machine.sleeps.set(2, 8 * hour);
    await followPlan(plan(0, 5, 12, 30), machine);
    expect(machine.numbers.toSorted()).to.deep.equal([1, 2, 3, 4]);
    const woken = 1_000_000 + 5 * 60_000 + 8 * hour;
    // not at the waking itself either
    for (const { number, at } of machine.claims) if (number > 1) expect(at).to.be.at.least(woken + WAIT);
    expect(machine.kept.at(-1)).to.deep.equal([]);
  });

  it('does not follow up a claim that took long, nor one that failed after long', async () => {
    const machine = new Machine();
    machine.efforts.set(1, 20 * 60_000).set(2, hour);
    machine.errors.set(2, ['sdk/wrong-bin']);
    expect(await followPlan(plan(0, 5, 120), machine)).to.equal(1);
    expect(machine.failures).to.deep.equal(['2 sdk/wrong-bin']);
    // 2 came due while 1 was made, 3 while 2 failed
    const at = (number: number): number => machine.claims.find((one) => one.number === number)!.at;
    expect(at(2) - at(1)).to.be.greaterThan(20 * 60_000 + WAIT);
    expect(machine.numbers.filter((number) => number === 2).length).to.equal(1);
  });

  it('keeps a claim that failed on its terms, so that the next run makes the same', async () => {
    const machine = new Machine();
    machine.errors.set(1, ['sdk/wrong-bin']);
    const [first, second] = plan(0, 5) as [Planned, Planned];
    const terms = { ...first, amount: 50_000n, split: 7 };
    expect(await followPlan([terms, second], machine)).to.equal(1);
    expect(machine.numbers).to.deep.equal([1, 2]);
    expect(machine.kept.at(-1)).to.deep.equal([terms]);
  });

  it('does not follow up a claim of some seconds within which the next came due', async () => {
    const machine = new Machine();
    await followPlan(plan(0, 0.05), machine);
    expect(machine.gaps[0]).to.be.greaterThan(WAIT);
  });

  it('goes on with change whose bin closes later, and ends when nothing is to come', async () => {
    const machine = new Machine();
    machine.later.push([], [], [entry(7, 1_000_000 + 9 * hour)], []);
    expect(await followPlan(plan(0), machine)).to.equal(0);
    expect(machine.numbers).to.deep.equal([1, 7]);
  });

  it('goes through at once where no spread is wanted, with one claim of each bin', async () => {
    const machine = new Machine(0);
    machine.efforts.set(1, hour);
    machine.errors.set(4, ['sdk/wrong-bin']);
    const now = 1_000_000;
    const all = [entry(1, now, 5), entry(2, now, 5), entry(3, now, 6), entry(4, now, 7), entry(5, now, 6)];
    expect(await followPlan(all, machine)).to.equal(1);
    expect(machine.numbers).to.deep.equal([1, 3, 4]);
    expect(machine.gaps[1]).to.be.lessThan(60_000);
    // the others of those bins are still planned, and the one that failed
    expect(machine.kept.at(-1)?.map(({ number }) => number)).to.deep.equal([2, 4, 5]);
  });
});

describe('client/cli: a plan of claims whose node goes away', () => {
  const AWAY = ['sdk/unreachable', 'sdk/disconnected', 'sdk/extrinsic-timeout', 'light/behind', 'sdk/book-ahead'];
  const terms = { ...(plan(0)[0] as Planned), amount: 50_000n, split: 7 };

  it('makes a claim that has not arrived again, on its terms, after a look and at a time of its own; the others go on as planned', async () => {
    for (const code of AWAY) {
      const machine = new Machine();
      machine.errors.set(1, [code, code]);
      expect(await followPlan([terms, ...plan(0, 5).slice(1)], machine), code).to.equal(0);
      expect(machine.numbers, code).to.deep.equal([1, 2, 1, 1]);
      expect(machine.terms.filter(({ number }) => number === 1).map((one) => ({ ...one, due: 0 }))).to.deep.equal(
        Array.from({ length: 3 }, () => ({ ...terms, due: 0 })),
      );
      expect(machine.doubts).to.deep.equal([`1 ${code}`, `1 ${code}`]);
      const [first, second] = machine.claims.filter(({ number }) => number === 1).map(({ at }) => at) as [
        number,
        number,
      ];
      expect(machine.claims[1]?.at).to.be.within(first, first + 6 * 60_000);
      expect(second - first).to.be.at.least(WAIT);
      expect(machine.lookedAt.some((at) => at > first && at < second)).to.equal(true);
      expect(machine.kept.at(-1)).to.deep.equal([]);
    }
  });

  it('makes no claim twice that has arrived while the connection broke', async () => {
    for (const code of AWAY) {
      const machine = new Machine();
      machine.errors.set(1, [code]);
      machine.arrive.add(1);
      expect(await followPlan(plan(0, 5), machine)).to.equal(0);
      expect(machine.numbers, code).to.deep.equal([1, 2]);
      // until it was seen the plan had it
      expect(machine.kept.map((left) => left.some(({ number }) => number === 1))).to.deep.equal([true, true, false]);
    }
  });

  it('knows a claim that a run before has sent, when the node refuses it: it is looked, and nothing has failed', async () => {
    const machine = new Machine();
    // sent, and in no final block when this run begins
    const { renew } = machine;
    machine.renew = async (before, without) => {
      const seen = await renew(before, without);
      machine.spent.add(1);
      return seen;
    };
    expect(await followPlan([terms], machine)).to.equal(0);
    expect([machine.numbers, machine.doubts, machine.failures]).to.deep.equal([[1], ['1 sdk/extrinsic-refused'], []]);
  });

  it('says that a claim has failed which a node refuses twice', async () => {
    const machine = new Machine();
    machine.errors.set(1, ['sdk/extrinsic-refused', 'sdk/extrinsic-refused']);
    expect(await followPlan([terms], machine)).to.equal(1);
    expect(machine.numbers).to.deep.equal([1, 1]);
    expect(machine.failures).to.deep.equal(['1 sdk/extrinsic-refused']);
    expect(machine.kept.at(-1)?.map((one) => ({ ...one, due: 0 }))).to.deep.equal([{ ...terms, due: 0 }]);
  });

  it('does so where all are made at once: again if it is seen that it has not arrived, and not without end', async () => {
    const machine = new Machine(0);
    machine.errors.set(1, ['sdk/disconnected']).set(2, ['sdk/disconnected']);
    machine.errors.set(
      3,
      Array.from({ length: 100 }, () => 'sdk/unreachable'),
    );
    machine.arrive.add(2);
    const all = [1, 2, 3, 4].map((number) => entry(number, 1_000_000));
    expect(await followPlan(all, machine)).to.equal(1);
    expect(machine.numbers.filter((number) => number !== 3)).to.deep.equal([1, 1, 2, 4]);
    expect(machine.numbers.length).to.equal(10);
    expect(machine.kept.at(-1)?.map(({ number }) => number)).to.deep.equal([3]);
  });
});

describe('client/cli: a plan that is kept', () => {
  it('says that a claim may have been heard of before it is sent, and from then on', async () => {
    const written: Planned[][] = [];
    const [first, second, third] = plan(0, 5, 12) as [Planned, Planned, Planned];
    const kept = new KeptPlan([first], async (left) => void written.push([...left]));
    await kept.keep([first, second]);
    await kept.send(first);
    // what holds the plan knows nothing of it
    await kept.keep([first, second]);
    await kept.send(third);
    await kept.made(first);
    const names = written.map((left) => left.map(({ number, tried }) => `${number}${tried ? ' sent' : ''}`).sort());
    expect(names).to.deep.equal([
      ['1', '2'],
      ['1 sent', '2'],
      ['1 sent', '2'],
      ['1 sent', '2', '3 sent'],
      ['2', '3 sent'],
    ]);
  });
});
