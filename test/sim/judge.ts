import type { Fault } from './faults.ts';
import type { Scenario } from './scenarios.ts';
import { Simulation } from './simulation.ts';

export interface JudgeOptions {
  readonly cycles: number;
  readonly fault?: Fault | undefined;
}

export interface Result {
  readonly problems: readonly string[];
  /** Milliseconds until finality had gone on everywhere, per cycle. */
  readonly healings: readonly number[];
  readonly inputs: number;
  readonly votes: number;
  readonly lies: number;
  readonly proofs: number;
}

const CHAOS = 20_000;
/** After healing every honest node finalizes so many blocks more than any had... */
const BLOCKS = 5;
/** ...within so many slots. Five are needed to make the blocks, of which liars make none or bad ones. */
export const LIMIT_SLOTS = 40;

/** Cycles of chaos and healing under one seed: what was wrong, and how it went. */
export function judge(scenario: Scenario, seed: number, { cycles, fault }: JudgeOptions): Result {
  const sim = new Simulation(scenario, seed, fault);
  const healings: number[] = [];
  const limit = LIMIT_SLOTS * scenario.slot;
  for (let cycle = 0; cycle < cycles && sim.isSound; cycle++) {
    sim.chaos(CHAOS);
    const time = sim.heal(BLOCKS, limit);
    if (time < Infinity) healings.push(time);
    else if (sim.isSound) {
      const rounds = sim
        .honest()
        .map(({ set, chain }) => `${set?.voter.setId}/${set?.voter.round} #${chain.finalized().number}`);
      sim.invariants.fail(
        `finality lags: no ${BLOCKS} blocks in ${limit} ms after healing ${cycle + 1}; ${rounds.join(', ')}`,
      );
    }
  }
  return {
    problems: sim.invariants.problems,
    healings,
    inputs: sim.inputs,
    votes: sim.invariants.honestVotes,
    lies: sim.liars.messages,
    proofs: sim.invariants.proofs,
  };
}
