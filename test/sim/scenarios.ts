/** What a simulated network is like. Times in milliseconds, chances from 0 to 1. */
export interface Scenario {
  readonly name: string;
  readonly voters: number;
  /** Positions of those that say what they like, at most a third. */
  readonly liars: readonly number[];
  /** T of the voters. */
  readonly period: number;
  /** A message takes up to so long; in chaos a twentieth of them up to `tail` longer. */
  readonly delay: number;
  readonly tail: number;
  readonly loss: number;
  readonly duplicates: number;
  /** Chance that a node passes a message on. */
  readonly relay: number;
  readonly slot: number;
  /** A block comes up to so much later than other messages: this makes forks. */
  readonly blockDelay: number;
  /** A write to the disk takes up to so long, one in fifty up to fifty times as long; so many fail. */
  readonly disk: number;
  readonly diskFailures: number;
  /** Chance that a block hands over to another set. */
  readonly setChanges: number;
  /** Of what happens every second or so in chaos: a crash or restart, a partition, all crash at once. */
  readonly crashes: number;
  readonly partitions: number;
  readonly blackouts: number;
  /** Whether liars go on when the network has healed. */
  readonly liarsRelent: boolean;
}

const plain = {
  period: 120,
  delay: 60,
  tail: 1500,
  loss: 0.1,
  duplicates: 0.1,
  relay: 0.5,
  slot: 1000,
  blockDelay: 0,
  disk: 4,
  diskFailures: 0.02,
  setChanges: 0.08,
  crashes: 0.35,
  partitions: 0.3,
  blackouts: 0.05,
  liarsRelent: false,
};
const forky = { blockDelay: 1200, loss: 0.2, slot: 700 };

export const SCENARIOS: readonly Scenario[] = [
  { ...plain, name: 'n4-honest', voters: 4, liars: [], blockDelay: 900, loss: 0.25 },
  { ...plain, name: 'n4-liar', voters: 4, liars: [2] },
  { ...plain, name: 'n4-liar-forks', voters: 4, liars: [1], ...forky },
  { ...plain, name: 'n4-liar-slow-disks', voters: 4, liars: [3], disk: 150, delay: 150, diskFailures: 0.1 },
  { ...plain, name: 'n4-liar-relents', voters: 4, liars: [2], liarsRelent: true },
  { ...plain, name: 'n7-liars', voters: 7, liars: [0, 4] },
  { ...plain, name: 'n7-liars-forks', voters: 7, liars: [2, 5], ...forky },
  { ...plain, name: 'n10-liars', voters: 10, liars: [1, 4, 7], relay: 0.15 },
  { ...plain, name: 'n10-liars-forks', voters: 10, liars: [0, 3, 9], ...forky, relay: 0.15 },
];
