/** Exceptions that SPDX expressions may add by WITH. */
import { spdxText } from './describe.ts';
import { type LicenceException, OBLIGATION, RELATION_BIT } from './types.ts';

/** Independent works that are linked, as an adapter is to its model, may be under any licence. */
const linking = (name: string): LicenceException => ({
  name,
  of: ['GPL-2.0-only', 'GPL-3.0-only', 'GPL-3.0-or-later'],
  frees: RELATION_BIT.AdapterFor,
  waives: 0,
  source: spdxText(name),
});

export const licenceExceptions: readonly LicenceException[] = [
  linking('Classpath-exception-2.0'),
  linking('GCC-exception-3.1'),
  {
    name: 'LLVM-exception',
    of: ['Apache-2.0'],
    frees: 0,
    waives: OBLIGATION.patentRetaliation,
    source: spdxText('LLVM-exception'),
  },
];
