/** Attesters, disputes and jurors. */
import type { Parameter } from '../parameter.ts';

export const DISPUTES_VALUES = {
  AttesterBond: {
    docs: 'What an attester has at stake at least, in units of 10^-6 TAC.',
    default: 1_000_000_000n,
    least: 1_000_000n,
    most: 1_000_000_000_000_000n,
  },
  AttesterUnbonding: {
    docs: 'How many blocks the bond of an attester that has left stays at stake.',
    default: 302_400n,
    least: 10n,
    most: 15_768_000n,
  },
  DisputeFee: {
    docs: 'Burned for a report, in units of 10^-6 TAC: its record stays for good.',
    default: 1_000_000n,
    least: 100_000n,
    most: 1_000_000_000n,
  },
  DisputeSeat: {
    docs: 'What a side puts up for each seat of the panel that it calls for.',
    default: 20_000_000n,
    least: 1_000_000n,
    most: 100_000_000_000n,
  },
  DisputeAnswer: {
    docs: 'Blocks in which a report is answered for the ordinary bond.',
    default: 43_200n,
    least: 2n,
    most: 1_296_000n,
  },
  DisputeGrace: {
    docs: 'Blocks after that in which an answer costs twice the bond; then silence loses.',
    default: 43_200n,
    least: 2n,
    most: 1_296_000n,
  },
  DisputeDraw: {
    docs: 'Blocks that a panel waits for randomness; then nothing changes.',
    default: 302_400n,
    least: 2n,
    most: 3_024_000n,
  },
  DisputeCommit: {
    docs: 'Blocks in which jurors commit to their votes.',
    default: 43_200n,
    least: 2n,
    most: 1_296_000n,
  },
  DisputeReveal: {
    docs: 'Blocks in which jurors open their votes.',
    default: 43_200n,
    least: 2n,
    most: 1_296_000n,
  },
  DisputeAppeal: {
    docs: 'Blocks in which the side that lost may appeal.',
    default: 43_200n,
    least: 2n,
    most: 1_296_000n,
  },
  DisputeKeep: {
    docs: 'Blocks after its end for which the papers of a dispute are kept.',
    default: 1_296_000n,
    least: 2n,
    most: 15_768_000n,
  },
  DisputeFreeze: {
    docs: 'Blocks for which an asset is frozen that was found to be described wrongly.',
    default: 302_400n,
    least: 0n,
    most: 15_768_000n,
  },
  DisputeShared: {
    docs: 'The part of an asset’s tensors that must be proved to stand in an older one before it is a copy by rule, in basis points.',
    default: 7_500n,
    least: 2_500n,
    most: 10_000n,
  },
  JurorUnit: {
    docs: 'What a unit of a juror’s bond costs.',
    default: 100_000_000n,
    least: 1_000_000n,
    most: 100_000_000_000n,
  },
  JurorNotice: {
    docs: 'Blocks between a juror’s notice and its bond.',
    default: 43_200n,
    least: 2n,
    most: 1_296_000n,
  },
  JurorSilent: {
    docs: 'The part of each unit drawn that a juror loses if it does not vote, in basis points.',
    default: 2_000n,
    least: 100n,
    most: 10_000n,
  },
  JurorWrong: {
    docs: 'The part of each unit drawn that a juror loses if it votes otherwise than the end, in basis points.',
    default: 500n,
    least: 0n,
    most: 5_000n,
  },
} as const satisfies Record<string, Parameter>;
