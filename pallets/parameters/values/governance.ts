/** Votes, the treasury, upgrades and the ethics panel. */
import type { Parameter } from '../parameter.ts';

export const GOVERNANCE_VALUES = {
  GovernanceVoting: {
    docs: 'Blocks in which a proposal is voted on.',
    default: 302_400n,
    least: 5n,
    most: 1_296_000n,
  },
  GovernanceTimeLock: {
    docs: 'Blocks between the end of the voting and the first in which what has passed may be enacted. What only stops something is voted on so long.',
    default: 86_400n,
    least: 2n,
    most: 1_296_000n,
  },
  GovernanceWindow: {
    docs: 'Blocks in which what has passed may be enacted.',
    default: 302_400n,
    least: 10n,
    most: 1_296_000n,
  },
  GovernanceLock: {
    docs: 'Blocks of one lock period: what conviction costs.',
    default: 302_400n,
    least: 1n,
    most: 1_296_000n,
  },
  GovernanceApproval: {
    docs: 'The part of ayes and nays that has to be exceeded by the ayes, in basis points.',
    default: 5_000n,
    least: 5_000n,
    most: 9_000n,
  },
  GovernanceSupport: {
    docs: 'The part of all units that has to vote for a proposal or abstain, in basis points. At most what can be found where escrows and the treasury, which do not vote, hold the most.',
    default: 200n,
    least: 1n,
    most: 2_500n,
  },
  GovernanceIgnored: {
    docs: 'The part of all units below which a proposal or a candidacy loses its deposit, in basis points.',
    default: 10n,
    least: 0n,
    most: 100n,
  },
  GovernanceDeposit: {
    docs: 'Reserved for each of the first four open proposals; for each four more it is doubled.',
    default: 100_000_000n,
    least: 1_000_000n,
    most: 1_000_000_000_000n,
  },
  TreasuryPeriod: {
    docs: 'Blocks of one period of spending.',
    default: 1_296_000n,
    least: 10n,
    most: 15_552_000n,
  },
  TreasuryLimit: {
    docs: 'What the treasury may spend in one period.',
    default: 1_000_000_000_000n,
    least: 0n,
    most: 1_000_000_000_000_000n,
  },
  UpgradeNotice: {
    docs: 'Blocks between the decision for another runtime and its first block, at least.',
    default: 302_400n,
    least: 5n,
    most: 1_296_000n,
  },
  PanelTerm: {
    docs: 'Blocks of one term of the ethics panel.',
    default: 3_888_000n,
    least: 20n,
    most: 15_552_000n,
  },
  PanelSeats: { docs: 'Seats of the ethics panel.', default: 5n, least: 3n, most: 9n },
  PanelBond: {
    docs: 'Reserved of each of the first four candidates; for each four more it is doubled.',
    default: 1_000_000_000n,
    least: 1_000_000n,
    most: 1_000_000_000_000n,
  },
  PanelMotion: {
    docs: 'Blocks in which a motion of the panel may find its majority.',
    default: 129_600n,
    least: 5n,
    most: 604_800n,
  },
  PanelSuspension: {
    docs: 'Blocks for which the panel suspends a model.',
    default: 604_800n,
    least: 5n,
    most: 1_296_000n,
  },
} as const satisfies Record<string, Parameter>;
