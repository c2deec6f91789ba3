import { enumeration, field, type Of, struct, type Ty, u128 } from '../../primitives/scale/index.ts';
import type { Parameter } from './parameter.ts';
import { DISPUTES_VALUES } from './values/disputes.ts';
import { GOVERNANCE_VALUES } from './values/governance.ts';
import { LICENCES_VALUES } from './values/licences.ts';
import { MARKETS_VALUES } from './values/markets.ts';

/** All of them, in the order of their numbers on the wire: groups and their parameters stay in their places. */
export const PARAMETERS = {
  ...LICENCES_VALUES,
  ...DISPUTES_VALUES,
  ...GOVERNANCE_VALUES,
  ...MARKETS_VALUES,
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
