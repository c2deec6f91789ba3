/** Exceptions that SPDX expressions may add by WITH. */
import { type LicenceException, OBLIGATION, RELATION_BIT } from './types.ts';

const spdx = (name: string): string => `https://spdx.org/licenses/${name}.html`;

export const licenceExceptions: readonly LicenceException[] = [
  {
    name: 'Classpath-exception-2.0',
    of: ['GPL-2.0-only', 'GPL-3.0-only'],
    frees: RELATION_BIT.AdapterFor | RELATION_BIT.MergedFrom,
    waives: 0,
    source: spdx('Classpath-exception-2.0'),
  },
  {
    name: 'LLVM-exception',
    of: ['Apache-2.0'],
    frees: 0,
    waives: OBLIGATION.patentRetaliation,
    source: spdx('LLVM-exception'),
  },
];
