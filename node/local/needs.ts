/** What a local network asks of a machine, so that it is said before it begins, and how long its steps may take there. */
import { availableParallelism, freemem } from 'node:os';

/** Memory of a validator in a round, and of the demo with its eight parties: generous estimates, for a warning only. */
const VALIDATOR_MB = 400;
const DEMO_MB = 700;
/** Minutes of one core that round and audit take of all together, by the number of validators: as measured and half as much again, for what is told and how long is waited. */
const CORE_MINUTES: Readonly<Record<4 | 7, number>> = { 4: 2.4, 7: 7 };

export interface Machine {
  readonly cores: number;
  readonly freeMb: number;
}

export const thisMachine = (): Machine => ({ cores: availableParallelism(), freeMb: Math.floor(freemem() / 2 ** 20) });

export interface Needs {
  /** About how long a start takes, in minutes. */
  readonly minutes: number;
  readonly memoryMb: number;
  /** How much longer than usual to wait for a phase before it counts as lost. */
  readonly patience: number;
  /** Lines to show. */
  readonly told: readonly string[];
}

/** What a start with so many validators needs on this machine. More validators do more work each: every one checks what all have sent. */
export function needsOf(validators: 4 | 7, { cores, freeMb }: Machine): Needs {
  const used = Math.min(cores, validators);
  const minutes = Math.max(1, Math.ceil(CORE_MINUTES[validators] / used));
  const memoryMb = validators * VALIDATOR_MB + DEMO_MB;
  const told: string[] = [];
  if (validators > 4 || cores < 2) {
    told.push(`${validators} validators on ${cores} cores: the round and the audit take about ${minutes} minutes`);
  }
  if (freeMb < memoryMb) {
    told.push(
      `they need about ${(memoryMb / 1024).toFixed(1)} GB of memory, ${(freeMb / 1024).toFixed(1)} GB are free` +
        (validators > 4 ? ': --validators 4 needs less' : ': close other programs'),
    );
  }
  const patience = Math.max(1, Math.ceil((CORE_MINUTES[validators] / used) * 1.5));
  return { minutes, memoryMb, patience, told };
}
