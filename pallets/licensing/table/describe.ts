/** Short ways to say a licence: what is not said is what most licences have. */
import { ALL_PURPOSES, PURPOSE } from '../types.ts';
import { ALL_OBLIGATIONS, ALL_RELATIONS, type LicenceProfile, OBLIGATION, TRAIT } from './types.ts';

type Said = Partial<Omit<LicenceProfile, 'name' | 'source'>>;
export type Describe = (name: string, source: string, said?: Said) => LicenceProfile;

/** Nothing asked, nothing forbidden. */
export const permissive: Describe = (name, source, said = {}) => ({
  name,
  spdx: true,
  traits: 0,
  obligations: OBLIGATION.attribution,
  tolerates: ALL_OBLIGATIONS,
  purposes: ALL_PURPOSES,
  restrictions: 0,
  reach: ALL_RELATIONS,
  outbound: [],
  choices: [],
  source,
  ...said,
});

/** Derived works under the same licence, with nothing added. */
export const copyleft: Describe = (name, source, said = {}) =>
  permissive(name, source, {
    traits: TRAIT.shareAlike | TRAIT.noFurther,
    obligations: OBLIGATION.attribution | OBLIGATION.source,
    tolerates: OBLIGATION.attribution | OBLIGATION.source,
    ...said,
  });

/** Either of several licences of the table. */
export const choice = (name: string, source: string, choices: string[]): LicenceProfile =>
  permissive(name, source, { obligations: 0, choices });

export const NOT_COMMERCIAL = ALL_PURPOSES & ~PURPOSE.commercial;
