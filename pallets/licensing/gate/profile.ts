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

/** `GPL-2.0+` is the older way to write `GPL-2.0-or-later`; `LicenseRef-` names what SPDX has no name for. */
function lookUp(index: Index, written: string): LicenceProfile | undefined {
  const key = keyOf(written);
  if (key.endsWith('+')) return index.licences.get(`${key.slice(0, -1)}-or-later`);
  if (key.startsWith('licenseref-')) {
    const named = index.licences.get(key.slice('licenseref-'.length));
    return named?.spdx === false ? named : undefined;
  }
  const found = index.licences.get(key);
  return found?.spdx === true ? found : undefined;
}

/** The licences that one stands for: itself, or those it lets choose among. Undefined if the table does not know it. */
function choicesOf(index: Index, written: Written): Licence[] | undefined {
  const found = lookUp(index, written.licence);
  if (!found) return undefined;
  const names = found.choices.length === 0 ? [found.name] : found.choices;
  const profiles = names.flatMap((name) => index.licences.get(keyOf(name)) ?? []);
  if (written.exception === undefined) return profiles.map((profile) => ({ profile }));
  const exception = index.exceptions.get(keyOf(written.exception));
  if (!exception || !profiles.every(({ name }) => exception.of.includes(name))) return undefined;
  return profiles.map((profile) => ({ profile, exception }));
}

/** One set as written, with every choice in it multiplied out; undefined if one licence is not known or the choices are too many. */
function expand(index: Index, set: AllOf): Licences | undefined {
  let found: Licence[][] = [[]];
  for (const written of set) {
    const choices = choicesOf(index, written);
    if (!choices || found.length * choices.length > MAX_ALTERNATIVES) return undefined;
    found = found.flatMap((before) => choices.map((choice) => [...before, choice]));
  }
  return found;
}

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
  if (base.tag === 'Custom')
    return base.value.some((byte) => byte !== 0) ? [[{ profile: customProfile(base.value) }]] : [];
  const index = indexOf(table);
  if (base.tag === 'Named') return expand(index, [{ licence: `LicenseRef-${base.value}` }]) ?? [];
  const written = parseExpression(base.value) ?? [];
  return written.flatMap((set): readonly (Licences[number] | undefined)[] => expand(index, set) ?? [undefined]);
}

/** The profile of a licence by its name in the table, SPDX or not. */
export function profileOf(table: Table, name: string): LicenceProfile | undefined {
  return indexOf(table).licences.get(keyOf(name));
}
