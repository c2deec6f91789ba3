import { enumeration, field, type Of, struct, type Ty, u128 } from '../../primitives/scale/index.ts';

/** A number of the chain that governance may change, within bounds that nobody may. */
export interface Parameter {
  readonly docs: string;
  readonly default: bigint;
  readonly least: bigint;
  readonly most: bigint;
}

/** Blocks of two seconds in 365 days. */
export const YEAR = 15_768_000n;

/** All of them. New ones are added at the end: the place is the number on the wire. */
export const PARAMETERS = {
  LicenceBurn: {
    docs: 'The part of every price of a licence that is burned, in basis points.',
    default: 100n,
    least: 0n,
    most: 2_000n,
  },
  LicenceTreasury: {
    docs: 'The part of every price of a licence that goes to the treasury, in basis points.',
    default: 100n,
    least: 0n,
    most: 2_000n,
  },
  DistributeLeast: {
    docs: 'The least that is divided at once of what an asset has earned, in units of 10^-6 TAC.',
    default: 10_000n,
    least: 1n,
    most: 1_000_000n,
  },
  RevokedHold: {
    docs: 'How many blocks what a revoked asset earns waits for a later ruling; after them it goes to the treasury.',
    default: 302_400n,
    least: 1n,
    most: YEAR,
  },
  ContributorsNotice: {
    docs: 'How many blocks before it counts a lower share of a model’s contributors is made known.',
    default: 302_400n,
    least: 1n,
    most: YEAR,
  },
  IssuancePeriod: {
    docs: 'The length of a period of the issuance for data, in blocks.',
    default: 43_200n,
    least: 10n,
    most: 1_296_000n,
  },
  IssuancePerPeriod: {
    docs: 'The most that is issued for data in one period before the first halving, in units of 10^-6 TAC.',
    default: 1_000_000_000n,
    least: 0n,
    most: 10n ** 15n,
  },
  IssuanceHalving: {
    docs: 'After how many periods the most that is issued in one halves.',
    default: 1_461n,
    least: 1n,
    most: 4_294_967_295n,
  },
  IssuanceCap: {
    docs: 'The most that is ever issued for data, in units of 10^-6 TAC.',
    default: 10n ** 15n,
    least: 0n,
    most: 10n ** 24n,
  },
  BonusPerBurned: {
    docs: 'The most that is issued for the use of data, as a part of what its payments have burned, in basis points. Below the whole: who pays itself loses.',
    default: 9_000n,
    least: 0n,
    most: 9_999n,
  },
  LicenceDiscount: {
    docs: 'What an account with a stake pays less for a licence, in basis points; out of what is burned and what the treasury gets, at most both.',
    default: 100n,
    least: 0n,
    most: 2_000n,
  },
  LicenceDiscountBond: {
    docs: 'What has to be reserved of an account, for whatever, that it pays less for a licence; in units of 10^-6 TAC.',
    default: 1_000_000_000n,
    least: 1_000_000n,
    most: 1_000_000_000_000_000n,
  },
  LicenceReleaseBlocks: {
    docs: 'After so many blocks anyone may have the price of a licence released that its buyer has not opened.',
    default: 14_400n,
    least: 10n,
    most: 1_000_000n,
  },
  LicenceApprovalBlocks: {
    docs: 'How many blocks those have who must agree to a sale.',
    default: 14_400n,
    least: 10n,
    most: 1_000_000n,
  },
  LicenceRevokeBlocks: {
    docs: 'How many blocks a holder has to contest the revocation of a grant.',
    default: 14_400n,
    least: 10n,
    most: 1_000_000n,
  },
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
  CuratorBond: {
    docs: 'The least bond of a curator, in units of 10^-6 TAC.',
    default: 10_000_000n,
    least: 1_000_000n,
    most: 10_000_000_000n,
  },
  EvaluationAge: {
    docs: 'Blocks that an evaluation stands before it counts.',
    default: 300n,
    least: 1n,
    most: 1_000_000n,
  },
  EvaluationPrior: {
    docs: 'The weight of the rating of 50 points that every model begins with, in units of 10^-6 TAC spent irrecoverably.',
    default: 1_000_000n,
    least: 10_000n,
    most: 1_000_000_000_000n,
  },
  EvaluationReward: {
    docs: 'What an evaluation earns at most of the points it was given, in basis points: never more than half of what raters spent, nor than is lost besides bonuses for data.',
    default: 2_500n,
    least: 0n,
    most: 5_000n,
  },
  VoucherWindow: {
    docs: 'How many blocks a gateway has to show its last voucher after a user has closed a channel.',
    default: 7_200n,
    least: 10n,
    most: 302_400n,
  },
  SecretSeat: {
    docs: 'Reserved for a place in a secret vote, and what its ballot weighs; in units of 10^-6 TAC.',
    default: 1_000_000_000n,
    least: 1_000_000n,
    most: 1_000_000_000_000_000n,
  },
  MeterSilence: {
    docs: 'How many blocks a meter reports nothing before who leaves it keeps the uses that are left.',
    default: 302_400n,
    least: 10n,
    most: YEAR,
  },
  BaseShare: {
    docs: 'The part of a period’s issuance that is for data with backing, in basis points; the rest is for data in use.',
    default: 2_000n,
    least: 0n,
    most: 5_000n,
  },
  BaseYield: {
    docs: 'The most that backing of data earns in 365 days, as a part of it, in basis points: few backers do not share all there is.',
    default: 500n,
    least: 0n,
    most: 5_000n,
  },
  BackersShare: {
    docs: 'The part of what backing earns that goes to the backer, in basis points; the rest is earned by the data.',
    default: 5_000n,
    least: 0n,
    most: 10_000n,
  },
  BackingDelay: {
    docs: 'How many blocks backing of data that was withdrawn can still be lost: the time in which a report of it may come.',
    default: 604_800n,
    least: 43_200n,
    most: YEAR,
  },
  ClaimSlash: {
    docs: 'The part of its bond that an attester loses for a claim that is found false, in basis points.',
    default: 2_500n,
    least: 100n,
    most: 5_000n,
  },
  BinLeast: {
    docs: 'How many notes a bin has at least when it is closed after `BinWait`: the fewest that hide a claim, but for notes that have waited for `BinPatience`.',
    default: 64n,
    least: 1n,
    most: 1_024n,
  },
  BinWait: {
    docs: 'How many blocks a bin with `BinLeast` notes waits for more, counted from its first note.',
    default: 43_200n,
    least: 1n,
    most: 1_296_000n,
  },
  BinPatience: {
    docs: 'How many blocks after its first note a bin is closed however few notes it has: nobody’s money waits for others for ever.',
    default: 1_296_000n,
    least: 1n,
    most: YEAR,
  },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof PARAMETERS;
export const NAMES = Object.keys(PARAMETERS) as ParameterName[];

/** One type for all names: TypeScript gives up on telling a union of more than 25 variants from the same one. */
export const parameterName: Ty<{ tag: ParameterName; value?: undefined }> = enumeration(
  'tacit_parameters::Name',
  Object.fromEntries(NAMES.map((name) => [name, null])) as Record<ParameterName, null>,
  { variantDocs: Object.fromEntries(NAMES.map((name) => [name, [PARAMETERS[name].docs]])) },
);

export const parameterInfo = struct('tacit_parameters::Parameter', {
  name: parameterName,
  value: field(u128, 'What holds now.'),
  least: field(u128, 'The least it may be set to.'),
  most: field(u128, 'The most.'),
});
export type ParameterInfo = Of<typeof parameterInfo>;
