/** Ready terms by name: where most owners begin. Each is an ordinary value of terms, and may be changed in any field. */
import {
  ALL_PURPOSES,
  ALL_RESTRICTIONS,
  ALL_TIERS,
  type BaseLicence,
  PURPOSE,
  RESTRICTION,
  type Terms,
  TIER,
} from './types.ts';

/** What some templates ask. Amounts are units of 10^-6 TAC, a duration is in blocks. */
export interface TemplateOptions {
  /** sha2-256 of the owner's own agreement. */
  readonly text: Uint8Array;
  readonly amount: bigint;
  readonly seats: number;
  readonly duration: number;
}

const spdx = (value: string): BaseLicence => ({ tag: 'Spdx', value });
const ownText = ({ text }: Pick<TemplateOptions, 'text'>): BaseLicence => ({ tag: 'Custom', value: text });
/** What a buyer who only runs the work may do. */
const USING = TIER.metadata | TIER.architecture | TIER.inference;

/** Everything to everybody, for good and for nothing. */
function open(base: BaseLicence): Terms {
  return {
    base,
    purposes: ALL_PURPOSES,
    tiers: ALL_TIERS,
    seats: undefined,
    price: { tag: 'Free' },
    duration: undefined,
    uses: undefined,
    grace: 0,
    transferable: true,
    derivatives: { tag: 'Yes' },
    revenueShare: 0,
    revenueCeiling: undefined,
    restrictions: 0,
    territory: [],
    renewal: { tag: 'None' },
    approvers: [],
    approvals: 0,
  };
}

/** Sold under the owner's own agreement, to run and not to build on. */
function sold(options: TemplateOptions): Terms {
  return {
    ...open(ownText(options)),
    tiers: USING,
    price: { tag: 'Once', value: { amount: options.amount } },
    duration: options.duration,
    transferable: false,
    derivatives: { tag: 'No' },
    renewal: { tag: 'Manual' },
  };
}

interface Template {
  readonly docs: string;
  readonly terms: (options: TemplateOptions) => Terms;
}
export const TEMPLATES = {
  openMit: { docs: 'Open as MIT: keep the notice.', terms: () => open(spdx('MIT')) },
  openApache: {
    docs: 'Open as Apache-2.0: the notice, and peace over patents.',
    terms: () => open(spdx('Apache-2.0')),
  },
  openGpl: {
    docs: 'Open as GPL-3.0-or-later: what comes from it is as open.',
    terms: () => open(spdx('GPL-3.0-or-later')),
  },
  openMdw: { docs: 'Open as OpenMDW-1.0, which is written for models.', terms: () => open(spdx('OpenMDW-1.0')) },
  research: {
    docs: 'For research and education, not for commerce; so is what comes from it.',
    terms: () => ({
      ...open(spdx('CC-BY-NC-4.0')),
      purposes: PURPOSE.research | PURPOSE.education,
      transferable: false,
    }),
  },
  perSeat: {
    docs: 'So many seats for an amount and a time, under the owner’s own agreement.',
    terms: (options) => ({ ...sold(options), seats: options.seats }),
  },
  organisationWide: { docs: 'A whole organisation for an amount and a time.', terms: sold },
  perUse: {
    docs: 'Each use for an amount, by vouchers.',
    terms: (options) => ({
      ...sold(options),
      price: { tag: 'PerUse', value: { amount: options.amount } },
      duration: undefined,
      renewal: { tag: 'None' },
    }),
  },
  rail: {
    docs: 'As OpenRAIL-M: free, but not for the uses that the RAIL family forbids; nor what comes from it.',
    terms: () => ({
      ...open({ tag: 'Named', value: 'OpenRAIL-M' }),
      restrictions: ALL_RESTRICTIONS & ~RESTRICTION.competingModels,
    }),
  },
} as const satisfies Record<string, Template>;
export type TemplateName = keyof typeof TEMPLATES;

/** The terms of a template. Templates leave out what they do not ask. */
export function template(name: TemplateName, options: TemplateOptions): Terms {
  return TEMPLATES[name].terms(options);
}
