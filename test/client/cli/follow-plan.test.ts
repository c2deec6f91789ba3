import { expect } from 'chai';
import { type Followed, followPlan } from '../../../client/cli/actions/follow-plan.ts';
import { exponential, type Planned } from '../../../client/sdk/claim-plan.ts';
import { TacitError } from '../../../primitives/errors.ts';

const meanMs = 900_000;
/** The middle of the distribution: every gap is `GAP`. */
const random = (n: number): Uint8Array => Uint8Array.of(128, ...new Uint8Array(n - 1));
const GAP = exponential({ meanMs, random });

/** A machine whose clock goes only when something waits or works, and what was claimed on it when. */
class Machine implements Followed {
  readonly meanMs: number;
  readonly random = random;
  readonly claims: { round: number; at: number }[] = [];
  readonly kept: Planned[][] = [];
  readonly failures: string[] = [];
  /** Milliseconds that the wait for a round lasts too long. */
  readonly sleeps = new Map<number, number>();
  /** Milliseconds that the claim of a round takes; negative: and then fails. */
  readonly efforts = new Map<number, number>();
  clock = 1_000_000;

  constructor(mean = meanMs) {
    this.meanMs = mean;
  }

  now = (): number => this.clock;
  until = async ({ round, due }: Planned): Promise<void> => {
    this.clock = Math.max(this.clock, due) + (this.sleeps.get(round) ?? 3);
    this.sleeps.delete(round);
  };
  keep = async (left: readonly Planned[]): Promise<void> => {
    this.kept.push([...left]);
  };
  claim = async (round: number): Promise<void> => {
    this.claims.push({ round, at: this.clock });
    const effort = this.efforts.get(round) ?? 6000;
    this.clock += Math.abs(effort);
    if (effort < 0) throw new TacitError('sdk/unreachable', 'no node answers');
  };
  failed = (round: number, { code }: TacitError): void => {
    this.failures.push(`${round} ${code}`);
  };

  /** Times between the claims. */
  get gaps(): number[] {
    return this.claims.slice(1).map(({ at }, i) => at - this.claims[i]!.at);
  }
}

const hour = 3_600_000;
const plan = (...minutes: number[]): Planned[] =>
  minutes.map((due, i) => ({ round: i + 1, due: 1_000_000 + due * 60_000 }));

describe('client/cli: a plan of claims that is followed', () => {
  it('makes each claim when it is due, and keeps what is left before', async () => {
    const machine = new Machine();
    expect(await followPlan(plan(0, 5, 12), machine)).to.equal(0);
    expect(machine.claims.map(({ round }) => round)).to.deep.equal([1, 2, 3]);
    expect(machine.claims.map(({ at }) => Math.round((at - 1_000_000) / 60_000))).to.deep.equal([0, 5, 12]);
    expect(machine.kept.map(({ length }) => length)).to.deep.equal([3, 2, 1, 0]);
  });

  it('makes no two claims at once after the machine has slept', async () => {
    const machine = new Machine();
    machine.sleeps.set(2, 8 * hour);
    await followPlan(plan(0, 5, 12, 30), machine);
    expect(machine.claims.map(({ round }) => round)).to.deep.equal([1, 2, 3, 4]);
    const woken = machine.kept.find(([next]) => next !== undefined && next.due > 8 * hour)!;
    expect(woken.map(({ round }) => round)).to.deep.equal([2, 3, 4]);
    // not at the waking itself either
    expect(machine.claims[1]!.at).to.be.greaterThan(1_000_000 + 5 * 60_000 + 8 * hour + GAP);
    for (const gap of machine.gaps) expect(gap).to.be.at.least(5 * 60_000);
  });

  it('does not follow up a claim that took long, nor one that failed after long', async () => {
    const machine = new Machine();
    machine.efforts.set(1, 20 * 60_000).set(2, -hour);
    expect(await followPlan(plan(0, 5, 12), machine)).to.equal(1);
    expect(machine.failures).to.deep.equal(['2 sdk/unreachable']);
    expect(machine.gaps[0]).to.be.greaterThan(20 * 60_000 + GAP);
    expect(machine.gaps[1]).to.be.greaterThan(hour + GAP);
  });

  it('does not follow up a claim of some seconds within which the next came due', async () => {
    const machine = new Machine();
    await followPlan(plan(0, 0.05), machine);
    expect(machine.gaps[0]).to.be.greaterThan(GAP);
  });

  it('goes through at once where no spread is wanted', async () => {
    const machine = new Machine(0);
    machine.efforts.set(1, hour);
    await followPlan(plan(0, 0, 0), machine);
    expect(machine.claims.map(({ round }) => round)).to.deep.equal([1, 2, 3]);
    expect(machine.gaps[1]).to.be.lessThan(60_000);
  });
});
