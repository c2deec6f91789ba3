import { expect } from 'chai';
import { Simulation, type SimulationOptions } from './simulation.ts';
import { seeded } from './toy.ts';

/** No two nodes have finalized blocks on different branches, and no node ever went back. */
function expectAgreement({ nodes, world }: Simulation): void {
  const heads = nodes.flatMap(({ history }) => history).sort((a, b) => a.number - b.number);
  for (let at = 1; at < heads.length; at++) {
    expect(
      world.isAtOrAbove(heads[at - 1]!.hash, heads[at]!.hash),
      `${heads[at - 1]!.hash} and ${heads[at]!.hash}`,
    ).to.equal(true);
  }
  for (const { history } of nodes) {
    for (let at = 1; at < history.length; at++) expect(history[at]!.number).to.be.greaterThan(history[at - 1]!.number);
  }
}

/** No honest voter has ever sent two votes of one kind in one round, or one that its disk did not hold. */
function expectNoDoubleVotes({ sent, unrecorded }: Simulation, honest: (id: string) => boolean): void {
  expect(unrecorded).to.equal(0);
  for (const [key, targets] of sent) {
    if (honest(key.split('/')[0]!)) expect([...targets], key).to.have.length(1);
  }
}

function lowestFinalized({ nodes }: Simulation): number {
  return Math.min(...nodes.filter(({ voter }) => voter !== undefined).map(({ finalized }) => finalized.number));
}

describe('grandpa under a simulated network', () => {
  for (const voters of [1, 4, 7]) {
    it(`${voters} voters finalize the chain as it grows`, () => {
      const simulation = new Simulation({ seed: voters, voters });
      simulation.runUntil(60_000);
      expectAgreement(simulation);
      expect(lowestFinalized(simulation)).to.be.greaterThan(30);
      // Quiet conditions: the head is at most one block (and its rounds) ahead of finality.
      const best = Math.max(...[...simulation.world.blocks.values()].map(({ number }) => number));
      expect(best - lowestFinalized(simulation)).to.be.at.most(2);
    });
  }

  it('goes on without the voters it can spare, and stops with one more gone', () => {
    const simulation = new Simulation({ seed: 5, voters: 4 });
    simulation.stop(simulation.nodes[3]!);
    simulation.runUntil(20_000);
    const before = lowestFinalized(simulation);
    expect(before).to.be.greaterThan(5);
    simulation.stop(simulation.nodes[2]!);
    simulation.runUntil(25_000);
    const stopped = lowestFinalized(simulation);
    simulation.runUntil(60_000);
    expect(lowestFinalized(simulation)).to.equal(stopped);
    // One returns with its disk: finality goes on.
    simulation.start(simulation.nodes[2]!);
    simulation.heal();
    simulation.runUntil(90_000);
    expect(lowestFinalized(simulation)).to.be.greaterThan(stopped + 20);
    expectAgreement(simulation);
    expectNoDoubleVotes(simulation, () => true);
  });

  it('is safe in a partition without majority and live after it heals', () => {
    const simulation = new Simulation({ seed: 11, voters: 4 });
    simulation.runUntil(10_000);
    simulation.partition([0, 0, 1, 1]);
    simulation.runUntil(12_000);
    const parted = Math.max(...simulation.nodes.map(({ finalized }) => finalized.number));
    simulation.runUntil(40_000);
    expect(Math.max(...simulation.nodes.map(({ finalized }) => finalized.number))).to.equal(parted);
    simulation.heal();
    simulation.runUntil(60_000);
    expectAgreement(simulation);
    expect(lowestFinalized(simulation)).to.be.greaterThan(parted + 5);
  });

  it('lets a cut-off voter catch up with a majority that went on', () => {
    const simulation = new Simulation({ seed: 12, voters: 4 });
    simulation.runUntil(5_000);
    simulation.partition([0, 0, 0, 1]);
    simulation.runUntil(40_000);
    const [ahead, behind] = [simulation.nodes[0]!, simulation.nodes[3]!];
    expect(ahead.voter!.round > behind.voter!.round + 10n).to.equal(true);
    simulation.heal();
    simulation.runUntil(50_000);
    expect(behind.voter!.round + 2n >= ahead.voter!.round).to.equal(true);
    expect(behind.finalized.number).to.be.greaterThan(30);
    expectAgreement(simulation);
  });

  it('names an equivocator and finalizes all the same', () => {
    const simulation = new Simulation({ seed: 21, voters: 4, equivocators: [2], forks: 0.4 });
    simulation.runUntil(60_000);
    expectAgreement(simulation);
    expect(lowestFinalized(simulation)).to.be.greaterThan(20);
    expect(new Set(simulation.proofs.map(({ id }) => id))).to.deep.equal(new Set(['v2']));
    for (const { first, second } of simulation.proofs) expect(first.target.hash).to.not.equal(second.target.hash);
  });

  const scenarios: { name: string; options: Omit<SimulationOptions, 'seed'> }[] = [
    { name: '4 voters, loss, forks', options: { voters: 4, loss: 0.2, forks: 0.4, delay: 150 } },
    { name: '4 voters, an equivocator', options: { voters: 4, loss: 0.1, forks: 0.5, equivocators: [1] } },
    { name: '7 voters, two equivocators', options: { voters: 7, loss: 0.05, forks: 0.4, equivocators: [0, 5] } },
  ];
  for (const { name, options } of scenarios) {
    it(`${name}: partitions and restarts at random never make two chains final, and healing makes finality go on`, () => {
      for (let seed = 1; seed <= 12; seed++) {
        const simulation = new Simulation({ ...options, seed });
        const random = seeded(seed * 7919);
        for (let step = 0; step < 12; step++) {
          const dice = random();
          const node = simulation.nodes[Math.floor(random() * simulation.nodes.length)]!;
          if (dice < 0.35) simulation.partition(simulation.nodes.map(() => Math.floor(random() * 2)));
          else if (dice < 0.6) simulation.heal();
          else if (node.voter === undefined) simulation.start(node);
          else simulation.stop(node);
          simulation.runUntil(simulation.now + 500 + random() * 4000);
          expectAgreement(simulation);
        }
        for (const node of simulation.nodes) if (node.voter === undefined) simulation.start(node);
        simulation.loss = 0;
        simulation.heal();
        const healed = Math.max(...simulation.nodes.map(({ finalized }) => finalized.number));
        simulation.runUntil(simulation.now + 30_000);
        expectAgreement(simulation);
        expectNoDoubleVotes(simulation, () => true);
        expect(lowestFinalized(simulation), `seed ${seed}`).to.be.greaterThan(healed + 5);
      }
    });
  }
});
