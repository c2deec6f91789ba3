import { enumeration, field, type Of, struct, u128 } from '../../primitives/scale/index.ts';

/** A number of the chain that governance may change, within bounds that nobody may. */
export interface Parameter {
  readonly docs: string;
  readonly default: bigint;
  readonly least: bigint;
  readonly most: bigint;
}

/** Blocks of two seconds in 365 days. */
const YEAR = 15_768_000n;

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
  VoucherWindow: {
    docs: 'How many blocks a gateway has to show its last voucher after a user has closed a channel.',
    default: 7_200n,
    least: 10n,
    most: 302_400n,
  },
} as const satisfies Record<string, Parameter>;

export type ParameterName = keyof typeof PARAMETERS;
export const NAMES = Object.keys(PARAMETERS) as ParameterName[];

export const parameterName = enumeration(
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
