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
