/** Terms that say nothing beyond their licence, and how to change them. */
import { defaultTable, profileOf } from '../../../../pallets/licensing/gate/index.ts';
import {
  ALL_PURPOSES,
  ALL_TIERS,
  type BaseLicence,
  type RelationName,
  relation,
  type Terms,
} from '../../../../pallets/licensing/types.ts';

/** By its name in the table, or an SPDX expression. */
export function base(licence: string): BaseLicence {
  const isNamed = profileOf(defaultTable, licence)?.spdx === false;
  return { tag: isNamed ? 'Named' : 'Spdx', value: licence };
}

export function under(licence: string | BaseLicence, over: Partial<Terms> = {}): Terms {
  return {
    base: typeof licence === 'string' ? base(licence) : licence,
    purposes: ALL_PURPOSES,
    tiers: ALL_TIERS,
    seats: undefined,
    price: { tag: 'Free' },
    duration: undefined,
    uses: undefined,
    grace: 0,
    transferable: false,
    derivatives: { tag: 'Yes' },
    revenueShare: 0,
    revenueCeiling: undefined,
    restrictions: 0,
    territory: [],
    renewal: { tag: 'None' },
    approvers: [],
    approvals: 0,
    ...over,
  };
}

/** A text of the parties' own: everything stands in the terms. */
export const custom = (byte = 1, over: Partial<Terms> = {}): Terms =>
  under({ tag: 'Custom', value: new Uint8Array(32).fill(byte) }, over);

export const country = (code: string): Uint8Array => new TextEncoder().encode(code);

export const RELATIONS: readonly RelationName[] = [
  'TrainedOn',
  'FinetunedFrom',
  'MergedFrom',
  'DistilledFrom',
  'QuantizedFrom',
  'AdapterFor',
];
/** The list is whole: each of them is a variant of the type. */
for (const tag of RELATIONS) relation.codec.enc({ tag });
