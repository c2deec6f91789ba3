/** Licences written for software that let derived works be under any licence. */
import { permissive, spdxText } from './describe.ts';
import { type LicenceProfile, OBLIGATION } from './types.ts';

const { attribution, patentRetaliation, advertising, naming, jurisdiction } = OBLIGATION;

/** Notices are to be kept, if anything. */
const plain = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-2-Clause-Patent',
  'BSD-3-Clause',
  'BSD-3-Clause-Clear',
  'Zlib',
  'BSL-1.0',
  'Artistic-2.0',
  'PostgreSQL',
  'NCSA',
  'UPL-1.0',
  'X11',
  'W3C',
  'BlueOak-1.0.0',
].map((name) => permissive(name, spdxText(name)));

/** Nothing is asked at all. */
const unconditional = ['0BSD', 'MIT-0', 'WTFPL'].map((name) => permissive(name, spdxText(name), { obligations: 0 }));

export const permissiveSoftware: readonly LicenceProfile[] = [
  ...plain,
  ...unconditional,
  // A dedication, as CC0: what somebody else asks cannot stand in it.
  permissive('Unlicense', spdxText('Unlicense'), { obligations: 0, tolerates: 0 }),
  // Section 3: the grant of patents ends for who sues over them.
  permissive('Apache-2.0', spdxText('Apache-2.0'), { obligations: attribution | patentRetaliation }),
  permissive('ECL-2.0', spdxText('ECL-2.0'), { obligations: attribution | patentRetaliation }),
  // Clauses 3 and 5: an acknowledgement by the user, and the name Apache is not to be used.
  permissive('Apache-1.1', spdxText('Apache-1.1'), { obligations: attribution | advertising | naming }),
  // Clause 3: all advertising material names the university.
  permissive('BSD-4-Clause', spdxText('BSD-4-Clause'), { obligations: attribution | advertising }),
  // Sections 10 and 11.
  permissive('AFL-3.0', spdxText('AFL-3.0'), { obligations: attribution | patentRetaliation | jurisdiction }),
  // CNRI section 7: the law of Virginia.
  permissive('Python-2.0', spdxText('Python-2.0'), { obligations: attribution | jurisdiction }),
];
