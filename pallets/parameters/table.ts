import { enumeration, field, type Of, struct, u128 } from '../../primitives/scale/index.ts';

/** A number of the chain that governance may change, within bounds that nobody may. */
export interface Parameter {
  readonly docs: string;
  readonly default: bigint;
  readonly least: bigint;
  readonly most: bigint;
}

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
    docs: 'What an evaluation earns at most of the points it was given, in basis points: never more than half of what raters spent.',
    default: 2_500n,
    least: 0n,
    most: 5_000n,
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
