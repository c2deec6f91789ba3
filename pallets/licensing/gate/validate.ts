/** Which tables the chain takes. */
import {
  ALL_OBLIGATIONS,
  ALL_RELATIONS,
  ALL_TRAITS,
  type LicenceException,
  type LicenceProfile,
  MAX_TABLE_BYTES,
  type Rule,
  type Table,
  table as tableType,
} from '../table/types.ts';
import { ALL_PURPOSES, ALL_RESTRICTIONS, ALL_TIERS } from '../types.ts';

/** Each argument of a fact has bits that mean something, and at least one of them. */
const MASKS: Readonly<Record<string, number>> = {
  traits: ALL_TRAITS,
  tiers: ALL_TIERS,
  restrictions: ALL_RESTRICTIONS,
  purposes: ALL_PURPOSES,
  obligations: ALL_OBLIGATIONS,
};
const DERIVATIVES = 4;
/** Names have to be such that an expression can hold them. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;
const fits = (bits: number, all: number): boolean => (bits & ~all) === 0;

function ascends(names: readonly string[]): boolean {
  const keys = names.map((name) => name.toLowerCase());
  return names.every((name) => NAME.test(name)) && keys.every((key, at) => at === 0 || (keys[at - 1] ?? '') < key);
}

function faultOfLicence(licence: LicenceProfile, plain: ReadonlySet<string>): string | undefined {
  const { name, outbound, choices } = licence;
  if (licence.source === '') return `${name} has no source`;
  const areBits =
    fits(licence.traits, ALL_TRAITS) &&
    fits(licence.obligations | licence.tolerates, ALL_OBLIGATIONS) &&
    fits(licence.purposes, ALL_PURPOSES) &&
    fits(licence.restrictions, ALL_RESTRICTIONS) &&
    fits(licence.reach, ALL_RELATIONS);
  if (!areBits) return `${name} has bits that mean nothing`;
  const lost = [...outbound, ...choices].find((other) => !plain.has(other));
  if (lost !== undefined) return `${name} names ${lost}, which is no single licence of the table`;
  if (outbound.includes(name) || new Set(outbound).size !== outbound.length) return `${name} lists a licence twice`;
  if (choices.length === 1) return `${name} is a choice of one`;
  return undefined;
}

function faultOfException(
  { name, of, frees, waives, source }: LicenceException,
  plain: ReadonlySet<string>,
): string | undefined {
  if (source === '') return `${name} has no source`;
  if (!fits(frees, ALL_RELATIONS) || !fits(waives, ALL_OBLIGATIONS)) return `${name} has bits that mean nothing`;
  if (of.length === 0 || !of.every((licence) => plain.has(licence)))
    return `${name} is for no single licence of the table`;
  return undefined;
}

function faultOfRule({ clause, relations, when, cure }: Rule): string | undefined {
  const name = `the rule of ${clause.tag}`;
  if (relations === 0 || !fits(relations, ALL_RELATIONS))
    return `${name} is asked in no relation, or in one there is not`;
  if (when.length === 0) return `${name} has no condition`;
  if (cure === '') return `${name} has no cure`;
  for (const { fact } of when) {
    const asked = Object.entries(('value' in fact ? fact.value : undefined) ?? {}) as [string, number][];
    for (const [what, bits] of asked) {
      const isKind = what === 'kind' && bits < DERIVATIVES;
      if (!isKind && (bits === 0 || !fits(bits, MASKS[what] ?? 0))) return `${name} asks for ${what} ${bits}`;
    }
  }
  return undefined;
}

/** No table may forget what no licence means without: a work of which nothing may be made. */
function faultOfWhole({ licences, rules }: Table): string | undefined {
  if (licences.length === 0) return 'it has no licence';
  if (!rules.some(({ clause }) => clause.tag === 'NoDerivatives')) return 'it has no rule of NoDerivatives';
  return undefined;
}

/** What is wrong with a table, in words; undefined if the gate can decide by it. */
export function faultOf(table: Table): string | undefined {
  const { licences, exceptions, rules } = table;
  if (!ascends(licences.map(({ name }) => name))) return 'licences are not in ascending order of well-formed names';
  if (!ascends(exceptions.map(({ name }) => name))) return 'exceptions are not in ascending order of well-formed names';
  if (tableType.codec.enc(table).length > MAX_TABLE_BYTES) return `it takes more than ${MAX_TABLE_BYTES} bytes`;
  const plain = new Set(licences.filter(({ choices }) => choices.length === 0).map(({ name }) => name));
  const faults = [
    faultOfWhole(table),
    ...licences.map((licence) => faultOfLicence(licence, plain)),
    ...exceptions.map((exception) => faultOfException(exception, plain)),
    ...rules.map(faultOfRule),
  ];
  return faults.find((fault) => fault !== undefined);
}

/** Whether the gate can decide by a table. */
export const validateTable = (table: Table): boolean => faultOf(table) === undefined;
