/** A few seeds of the long simulation (test/sim; `npm run sim`), and whether it notices what is broken on purpose. */
import { expect } from 'chai';
import { FAULTS } from '../../../sim/faults.ts';
import { judge } from '../../../sim/judge.ts';
import { SCENARIOS, type Scenario } from '../../../sim/scenarios.ts';
import { Simulation } from '../../../sim/simulation.ts';

const named = (name: string): Scenario => SCENARIOS.find((scenario) => scenario.name === name)!;
const quiet = (voters: number): Scenario => ({ ...named('n4-honest'), voters, blockDelay: 0, setChanges: 0.02 });

/** A network without chaos. */
function calm(scenario: Scenario, seed = 1): Simulation {
  const simulation = new Simulation(scenario, seed);
  simulation.isChaos = false;
  return simulation;
}
const lowest = (simulation: Simulation): number =>
  Math.min(...simulation.running().map(({ chain }) => chain.finalized().number));

const highest = (simulation: Simulation): number =>
  Math.max(...simulation.running().map(({ chain }) => chain.finalized().number));

describe('grandpa under a simulated network', () => {
  for (const voters of [1, 4, 7, 10]) {
    it(`${voters} voters finalize the chain as it grows`, () => {
      const simulation = calm(quiet(voters));
      simulation.run(15_000);
      expect(simulation.invariants.problems).to.deep.equal([]);
      expect(lowest(simulation)).to.be.greaterThan(9);
      const best = Math.max(...simulation.honest().map(({ chain }) => chain.best().number));
      expect(best - lowest(simulation)).to.be.at.most(2);
    });
  }

  it('goes on without the voters it can spare, stops with one more gone, and goes on when it returns', () => {
    const simulation = calm(quiet(4));
    const [, , second, third] = simulation.honest();
    third!.crash();
    simulation.run(20_000);
    expect(lowest(simulation)).to.be.greaterThan(5);
    second!.crash();
    simulation.run(2_000);
    const stopped = lowest(simulation);
    simulation.run(20_000);
    expect(lowest(simulation)).to.equal(stopped);
    second!.boot();
    simulation.run(20_000);
    expect(lowest(simulation)).to.be.greaterThan(stopped + 15);
    third!.boot();
    simulation.run(10_000);
    expect(lowest(simulation)).to.be.greaterThan(stopped + 20);
    expect(simulation.invariants.problems).to.deep.equal([]);
  });

  it('all restart at once, again and again: finality comes back', () => {
    for (let seed = 1; seed <= 4; seed++) {
      const simulation = calm({ ...quiet(4), blockDelay: 1_200, slot: 700 }, seed);
      for (let time = 0; time < 8; time++) {
        for (const node of simulation.honest()) {
          node.crash();
          node.boot();
        }
        simulation.run(1_500);
      }
      expect(simulation.heal(5, 20_000)).to.be.lessThan(20_000);
      expect(simulation.invariants.problems).to.deep.equal([]);
    }
  });

  it('after weeks without finality it comes back step by step, over hand-overs too', function () {
    this.timeout(600_000);
    const simulation = calm({ ...quiet(4), setChanges: 0 });
    const head = simulation.stall(40_000, [20_000]);
    const steps = new Set<number>();
    while (simulation.isSound && lowest(simulation) <= head.number && simulation.clock.now < 120_000) {
      simulation.run(5);
      steps.add(highest(simulation));
    }
    expect(simulation.invariants.problems).to.deep.equal([]);
    expect(lowest(simulation)).to.be.greaterThan(head.number);
    expect(steps.size).to.be.greaterThan(70);
    for (const { chain } of simulation.honest()) expect(chain.canonical[head.number]).to.equal(head.hash);
  });

  for (const scenario of SCENARIOS) {
    it(`${scenario.name}: no conflict, no double vote, every proof verifies, and finality goes on after healing`, () => {
      for (const seed of [1, 2])
        expect(judge(scenario, seed, { cycles: 1 }).problems, `seed ${seed}`).to.deep.equal([]);
    });
  }

  it('follows from its seed', () => {
    const [first, again] = [1, 2].map(() => judge(named('n4-liar'), 7, { cycles: 1 }));
    expect(again).to.deep.equal(first);
    expect(judge(named('n4-liar'), 8, { cycles: 1 }).inputs).to.not.equal(first!.inputs);
  });
});

describe('the simulation notices a voter that', () => {
  for (const fault of FAULTS) {
    it(fault, () => {
      let problems: readonly string[] = [];
      for (let seed = 1; seed <= 8 && problems.length === 0; seed++) {
        ({ problems } = judge(named('n4-liar-forks'), seed, { cycles: 2, fault }));
      }
      expect(problems).to.not.deep.equal([]);
    });
  }
});
