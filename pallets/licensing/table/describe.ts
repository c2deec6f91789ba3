/** Short ways to say a licence: what is not said is what most licences have. */
import { ALL_PURPOSES, PURPOSE, type RelationName } from '../types.ts';
import { ALL_OBLIGATIONS, ALL_RELATIONS, type LicenceProfile, OBLIGATION, RELATION_BIT, TRAIT } from './types.ts';

type Said = Partial<Omit<LicenceProfile, 'name' | 'source'>>;
type Describe = (name: string, source: string, said?: Said) => LicenceProfile;

/** Where SPDX keeps the text. */
export const spdxText = (name: string): string => `https://spdx.org/licenses/${name}.html`;

/** Nothing asked but to keep notices, nothing forbidden. */
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

/** A licence of models that SPDX has no name for; its agreement goes along with derived works. */
export const agreement: Describe = (name, source, said = {}) =>
  permissive(name, source, { spdx: false, traits: TRAIT.goesAlong, ...said });

export const NOT_COMMERCIAL = ALL_PURPOSES & ~PURPOSE.commercial;

/** The relations without some: where a licence does not reach. */
export const reachWithout = (...relations: RelationName[]): number =>
  relations.reduce((bits, relation) => bits & ~RELATION_BIT[relation], ALL_RELATIONS);
