/** The table that the chain begins with. */
import { contentLicences } from './content.ts';
import { copyleftSoftware } from './copyleft.ts';
import { dataLicences } from './data.ts';
import { licenceExceptions } from './exceptions.ts';
import { modelLicences } from './models.ts';
import { defaultRules } from './rules.ts';
import { permissiveSoftware } from './software.ts';
import type { Table } from './types.ts';

/** Ascending as identifiers are compared: whatever the case of their letters, by their bytes. */
function byName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const key = ({ name }: T): string => name.toLowerCase();
  return entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

export const defaultTable: Table = {
  licences: byName([...permissiveSoftware, ...copyleftSoftware, ...contentLicences, ...dataLicences, ...modelLicences]),
  exceptions: byName(licenceExceptions),
  rules: [...defaultRules],
};
