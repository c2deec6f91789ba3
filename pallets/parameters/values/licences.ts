/** Licences, streams and the issuance for data. */
import { type Parameter, YEAR } from '../parameter.ts';

export const LICENCES_VALUES = {
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
} as const satisfies Record<string, Parameter>;
