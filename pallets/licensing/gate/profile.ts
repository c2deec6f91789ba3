/** What terms rest on, read by the table: a choice of sets of licences with their profiles. */
import { toHex } from '../../../primitives/crypto/hex.ts';
import {
  ALL_OBLIGATIONS,
  ALL_RELATIONS,
  type LicenceException,
  type LicenceProfile,
  type Table,
} from '../table/types.ts';
import { ALL_PURPOSES, type BaseLicence } from '../types.ts';
import { type AllOf, MAX_ALTERNATIVES, parseExpression, type Written } from './expression.ts';

/** A licence of the table, with the exception that was added to it. */
export interface Licence {
  readonly profile: LicenceProfile;
  readonly exception?: LicenceException;
}
/** Sets of licences: within one all hold, of several any may be chosen. */
export type Licences = readonly (readonly Licence[])[];

interface Index {
  readonly licences: ReadonlyMap<string, LicenceProfile>;
  readonly exceptions: ReadonlyMap<string, LicenceException>;
}
/** By table, for as long as somebody has the table. */
const indexes = new WeakMap<Table, Index>();

/** SPDX: identifiers are the same whatever the case of their letters. */
const keyOf = (name: string): string => name.toLowerCase();

function indexOf(table: Table): Index {
  const known = indexes.get(table);
  if (known) return known;
  const made: Index = {
    licences: new Map(table.licences.map((licence) => [keyOf(licence.name), licence])),
    exceptions: new Map(table.exceptions.map((exception) => [keyOf(exception.name), exception])),
  };
  indexes.set(table, made);
  return made;
}

/** `GPL-2.0` and `GPL-2.0+` are the older ways to write `GPL-2.0-only` and `GPL-2.0-or-later`; `LicenseRef-` names what SPDX has no name for. */
function lookUp(index: Index, written: string): LicenceProfile | undefined {
  const key = keyOf(written);
  if (key.endsWith('+')) return index.licences.get(`${key.slice(0, -1)}-or-later`);
  if (key.startsWith('licenseref-')) {
    const named = index.licences.get(key.slice('licenseref-'.length));
    return named?.spdx === false ? named : undefined;
  }
  const found = index.licences.get(key) ?? index.licences.get(`${key}-only`);
  return found?.spdx === true ? found : undefined;
}

/** The licences that an entry stands for: itself, or those it lets choose among. Undefined if one of them is not there. */
function choicesOf(index: Index, found: LicenceProfile): LicenceProfile[] | undefined {
  if (found.choices.length === 0) return [found];
  const profiles = found.choices.flatMap((name) => index.licences.get(keyOf(name)) ?? []);
  return profiles.length === found.choices.length ? profiles : undefined;
}

/** The same of one licence as written, with its exception. An exception that is not written for the licence makes it an unknown one. */
function licencesOf(index: Index, written: Written): Licence[] | undefined {
  const found = lookUp(index, written.licence);
  const profiles = found && choicesOf(index, found);
  if (written.exception === undefined) return profiles?.map((profile) => ({ profile }));
  const exception = index.exceptions.get(keyOf(written.exception));
  if (!exception || !profiles?.every(({ name }) => exception.of.includes(name))) return undefined;
  return profiles.map((profile) => ({ profile, exception }));
}

/** Tells licences apart, and is the same for what is the same. */
export const licenceKey = ({ profile, exception }: Licence): string => `${profile.name}~${exception?.name ?? ''}`;

function unique<T>(all: readonly T[], keyed: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [keyed(one), one] as const)).values()];
}
const setKey = (set: readonly Licence[]): string => set.map(licenceKey).toSorted().join(' ');

/** One set as written, with every choice in it multiplied out; undefined if one licence is not known or the choices are too many. */
function expand(index: Index, set: AllOf): Licences | undefined {
  let found: Licence[][] = [[]];
  for (const written of set) {
    const choices = licencesOf(index, written);
    if (!choices || found.length * choices.length > MAX_ALTERNATIVES) return undefined;
    const longer = found.flatMap((before) => choices.map((choice) => unique([...before, choice], licenceKey)));
    found = unique(longer, setKey);
  }
  return found;
}

/** A digest that nobody filled in is no text. */
const isZero = (digest: Uint8Array): boolean => digest.every((byte) => byte === 0);

/** A text of the parties' own asks nothing by itself: its terms say all. */
function customProfile(digest: Uint8Array): LicenceProfile {
  return {
    name: `custom ${toHex(digest)}`,
    spdx: false,
    traits: 0,
    obligations: 0,
    tolerates: ALL_OBLIGATIONS,
    purposes: ALL_PURPOSES,
    restrictions: 0,
    reach: ALL_RELATIONS,
    outbound: [],
    choices: [],
    source: '',
  };
}

/** Each set that the base may be read as; an entry is undefined where the table does not know a licence of it. Empty: no licence at all. */
export function readingsOf(table: Table, base: BaseLicence): readonly (Licences[number] | undefined)[] {
  if (base.tag === 'Custom') return isZero(base.value) ? [] : [[{ profile: customProfile(base.value) }]];
  const index = indexOf(table);
  if (base.tag === 'Named') {
    const found = index.licences.get(keyOf(base.value));
    return (found && choicesOf(index, found)?.map((profile) => [{ profile }])) ?? [];
  }
  const written = parseExpression(base.value) ?? [];
  const read = written.flatMap((set): readonly (Licences[number] | undefined)[] => expand(index, set) ?? [undefined]);
  return unique(read, (set) => (set ? setKey(set) : ''));
}

/** The profile of a licence by its name in the table, SPDX or not. */
export function profileOf(table: Table, name: string): LicenceProfile | undefined {
  return indexOf(table).licences.get(keyOf(name));
}
