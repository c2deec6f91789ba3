/** Verdicts on licences of software. */
import { byChild, type Verdict } from './kinds.ts';

const PERMISSIVE = '0BSD ISC BSD-2-Clause BSD-3-Clause Zlib BSL-1.0 Unlicense UPL-1.0 X11';
const STRONG = 'GPL-2.0-only GPL-3.0-only AGPL-3.0-only OSL-3.0';

/**
 * A selection of the Open Source License Checklists' matrix, by "leading licence": code under the parent's goes into a program under the child's.
 * Its "Unknown" and "Check dependency" are not among them. © OSADL eG and contributors, CC-BY-4.0; state of December 2024.
 */
const osadl = byChild(
  {
    source: 'https://www.osadl.org/fileadmin/checklists/matrix.html',
    relation: 'MergedFrom',
    differs: {
      'MPL-2.0 -> EUPL-1.2':
        'Section 1.12 of the MPL names no EUPL; the EUPL’s own appendix speaks of the other direction.',
      'EUPL-1.1 -> GPL-2.0-or-later': 'Its appendix names version 2 only; "or later" would put it under version 3 too.',
      'MPL-2.0 -> GPL-2.0-only WITH Classpath-exception-2.0':
        'The exception permits more than the secondary licence that the MPL names.',
    },
  },
  {
    MIT: {
      yes: `${PERMISSIVE} BSD-4-Clause Apache-1.1 Apache-2.0 AFL-3.0 Artistic-2.0 CC-BY-3.0 ECL-2.0`,
      no: `${STRONG} GPL-3.0-or-later AGPL-3.0-or-later MPL-1.1 MPL-2.0 CDDL-1.0 EPL-1.0 EPL-2.0 EUPL-1.1 EUPL-1.2 LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only`,
    },
    'Apache-2.0': {
      yes: `${PERMISSIVE} MIT BSD-4-Clause Apache-1.1 AFL-3.0 Artistic-2.0 CC-BY-3.0 Python-2.0`,
      no: `${STRONG} MPL-2.0 CDDL-1.0 EPL-2.0 EUPL-1.2 LGPL-2.1-only LGPL-3.0-only`,
    },
    'MPL-1.1': {
      yes: 'MIT ISC BSD-3-Clause UPL-1.0',
      no: 'Apache-2.0 MPL-2.0 CDDL-1.0 EPL-1.0 GPL-2.0-only LGPL-2.1-only',
    },
    'MPL-2.0': {
      yes: `${PERMISSIVE} MIT Apache-2.0 MPL-1.1 EUPL-1.2`,
      no: `${STRONG} CDDL-1.0 EPL-1.0 EPL-2.0 EUPL-1.1 LGPL-2.1-only LGPL-3.0-only`,
    },
    'EPL-1.0': { yes: 'MIT Apache-2.0 EUPL-1.1 EUPL-1.2', no: 'EPL-2.0 MPL-2.0 GPL-2.0-only GPL-3.0-only' },
    'EPL-2.0': { yes: 'MIT Apache-2.0 EPL-1.0', no: `${STRONG} EUPL-1.1 EUPL-1.2 MPL-2.0 LGPL-2.1-only` },
    'EUPL-1.1': { yes: 'MIT BSD-2-Clause', no: 'BSD-4-Clause EUPL-1.2 GPL-2.0-only Apache-1.1' },
    'EUPL-1.2': { yes: 'MIT Zlib EUPL-1.1 MPL-2.0', no: `${STRONG} BSD-4-Clause Apache-1.1 LGPL-2.1-only EPL-2.0` },
    'OSL-3.0': { yes: 'MIT EUPL-1.1 EUPL-1.2', no: 'GPL-3.0-only AGPL-3.0-only MPL-2.0 EPL-2.0' },
    'LGPL-2.1-only': {
      yes: `${PERMISSIVE} MIT Artistic-2.0 NCSA MPL-2.0 EUPL-1.2 LGPL-2.1-or-later`,
      no: `GPL-2.0-only GPL-3.0-only OSL-3.0 Apache-2.0 Apache-1.1 BSD-4-Clause ECL-2.0 MPL-1.1 CDDL-1.0 EPL-1.0 EUPL-1.1 LGPL-3.0-only`,
    },
    'LGPL-2.1-or-later': { yes: 'MIT MPL-2.0', no: 'Apache-2.0 LGPL-2.1-only LGPL-3.0-only GPL-3.0-only' },
    'LGPL-3.0-only': {
      yes: 'MIT Apache-2.0 ECL-2.0 MPL-2.0 EUPL-1.2 LGPL-2.1-or-later LGPL-3.0-or-later',
      no: `GPL-2.0-only GPL-3.0-only OSL-3.0 Apache-1.1 Python-2.0 LGPL-2.1-only`,
    },
    'GPL-2.0-only': {
      yes: `${PERMISSIVE} MIT W3C MPL-2.0 EUPL-1.1 EUPL-1.2 LGPL-2.1-only LGPL-2.1-or-later GPL-2.0-or-later GPL-2.0-only WITH Classpath-exception-2.0`,
      no: 'Apache-1.1 Apache-2.0 ECL-2.0 Python-2.0 BSD-4-Clause MPL-1.1 CDDL-1.0 EPL-1.0 LGPL-3.0-only GPL-3.0-only GPL-3.0-or-later AGPL-3.0-only OSL-3.0',
    },
    'GPL-2.0-only WITH Classpath-exception-2.0': {
      yes: 'MIT MPL-2.0',
      no: 'GPL-2.0-only GPL-2.0-or-later Apache-2.0 LGPL-2.1-only',
    },
    'GPL-2.0-or-later': {
      yes: 'MIT MPL-2.0 EUPL-1.1 EUPL-1.2 LGPL-2.1-only',
      no: 'Apache-2.0 GPL-2.0-only GPL-3.0-only LGPL-3.0-only EPL-1.0',
    },
    'GPL-3.0-only': {
      yes: `${PERMISSIVE} MIT Apache-2.0 ECL-2.0 MPL-2.0 EUPL-1.2 LGPL-2.1-only LGPL-3.0-only LGPL-3.0-or-later GPL-2.0-or-later GPL-3.0-or-later`,
      no: 'Apache-1.1 BSD-4-Clause Python-2.0 MPL-1.1 CDDL-1.0 EPL-1.0 EUPL-1.1 GPL-2.0-only OSL-3.0',
    },
    'GPL-3.0-or-later': {
      yes: 'Apache-2.0 LGPL-2.1-only LGPL-3.0-or-later GPL-2.0-or-later',
      no: 'GPL-3.0-only LGPL-3.0-only GPL-2.0-only',
    },
    'AGPL-3.0-only': {
      yes: 'MIT Apache-2.0 MPL-2.0 EUPL-1.2 AGPL-3.0-or-later',
      no: 'GPL-2.0-only BSD-4-Clause Apache-1.1 MPL-1.1 EPL-1.0 EPL-2.0 EUPL-1.1 OSL-3.0',
    },
  },
);

const BOTH = `Artistic-2.0 CC0-1.0 MIT MIT-0 BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear ISC LGPL-2.1-only MPL-2.0 NCSA UPL-1.0 Unlicense W3C WTFPL X11
  Zlib 0BSD BSL-1.0 CC-BY-4.0`;
const NEITHER =
  'AFL-3.0 CDDL-1.0 EPL-1.0 EPL-2.0 MPL-1.1 OSL-3.0 BSD-4-Clause Python-2.0 Apache-1.1 MS-PL OFL-1.1 ODbL-1.0';

/** The Free Software Foundation's comments on licences, as spdx/fsf-api reads them: compatible with the GPL 2, with the GPL 3. */
const fsf = byChild(
  {
    source: 'https://www.gnu.org/licenses/license-list.html',
    relation: 'MergedFrom',
    differs: {
      'AGPL-3.0-only -> GPL-3.0-only':
        'The whole may be distributed, and then the AGPL’s network clause holds for it: the gate asks that the child says so.',
      'EUPL-1.1 -> GPL-2.0-only':
        'The list calls it incompatible by itself and shows the way through its appendix, which the gate takes.',
      'EUPL-1.2 -> GPL-3.0-only': 'The same.',
    },
  },
  {
    'GPL-2.0-only': {
      yes: BOTH,
      no: `${NEITHER} Apache-2.0 ECL-2.0 LGPL-3.0-only GPL-3.0-only AGPL-3.0-only CC-BY-SA-4.0 EUPL-1.1`,
    },
    'GPL-3.0-only': {
      yes: `${BOTH} Apache-2.0 ECL-2.0 LGPL-3.0-only AGPL-3.0-only`,
      no: `${NEITHER} GPL-2.0-only EUPL-1.2`,
    },
  },
);

const QUICK = 'Zlib MIT BSD-3-Clause ISC X11';
/** The picture in "A Quick Guide to GPLv3": an arrow from each licence to those that it may be combined into. */
const quickGuide = byChild(
  { source: 'https://www.gnu.org/licenses/quick-guide-gplv3.html#new-compatible-licenses', relation: 'MergedFrom' },
  {
    'LGPL-2.1-or-later': { yes: QUICK },
    'LGPL-3.0-only': { yes: `${QUICK} Apache-2.0 LGPL-2.1-or-later` },
    'GPL-2.0-only': { yes: 'LGPL-2.1-only LGPL-2.1-or-later' },
    'GPL-2.0-or-later': { yes: 'LGPL-2.1-only LGPL-2.1-or-later' },
    'GPL-3.0-only': { yes: 'GPL-2.0-or-later LGPL-3.0-only' },
  },
);

const LINKED = 'MPL-2.0 EPL-2.0 CDDL-1.0 LGPL-2.1-only LGPL-3.0-only AFL-3.0 CC-BY-4.0 Apache-2.0';
const BOUND = 'GPL-2.0-only GPL-3.0-only AGPL-3.0-only EUPL-1.2 OSL-3.0 MS-PL CECILL-2.1 CC-BY-SA-4.0';
/** RecLicense (PKU-OSSLab): a program under the child's licence that links to a library under the parent's. */
const recLicense = byChild(
  {
    source: 'https://github.com/osslab-pku/RecLicense',
    relation: 'AdapterFor',
    differs: {
      'CC-BY-SA-4.0 -> GPL-3.0-only': 'Creative Commons lists the GPL 3 as compatible since 2015.',
      'EPL-1.0 -> MIT': 'Section 1 of the EPL excludes separate modules from contributions.',
      'EPL-2.0 -> LGPL-2.1-only': 'Neither binds what it is linked with.',
      'MIT -> CC0-1.0':
        'A dedication cannot ask for the notice that MIT asks for; Creative Commons’ chart says so of attribution.',
      'Apache-2.0 -> EUPL-1.2':
        'Nothing in the EUPL refuses the notices and the peace over patents that Apache asks; OSADL leaves the pair open.',
    },
  },
  {
    MIT: { yes: LINKED, no: `${BOUND} EPL-1.0` },
    'BSD-3-Clause': { yes: LINKED, no: BOUND },
    'CC-BY-4.0': { yes: LINKED, no: BOUND },
    'MPL-2.0': {
      yes: 'EPL-2.0 EUPL-1.2 LGPL-2.1-only LGPL-3.0-only MIT BSD-4-Clause',
      no: 'GPL-2.0-only GPL-3.0-only OSL-3.0 MS-PL CC-BY-SA-4.0',
    },
    'LGPL-2.1-only': { yes: 'MPL-2.0 MIT LGPL-3.0-only', no: 'GPL-2.0-only OSL-3.0 EPL-2.0' },
    'GPL-2.0-only': {
      yes: 'MPL-2.0 MIT LGPL-2.1-only CC-BY-4.0 EUPL-1.2 CECILL-2.1',
      no: 'Apache-2.0 EPL-2.0 CDDL-1.0 LGPL-3.0-only GPL-3.0-only',
    },
    'GPL-3.0-only': {
      yes: 'MPL-2.0 Apache-2.0 LGPL-2.1-only LGPL-3.0-only CECILL-2.1',
      no: 'EPL-2.0 CDDL-1.0 GPL-2.0-only OSL-3.0 CC-BY-SA-4.0',
    },
    'CC-BY-SA-4.0': {
      yes: 'MIT CC-BY-4.0 CC0-1.0 Unlicense',
      no: 'Apache-2.0 MPL-2.0 LGPL-2.1-only GPL-3.0-only OSL-3.0',
    },
    'CC0-1.0': { yes: 'MIT' },
    'EUPL-1.2': { yes: 'MIT CECILL-2.1', no: 'Apache-2.0 LGPL-3.0-only GPL-3.0-only' },
    'CECILL-2.1': { yes: 'MIT EUPL-1.2', no: 'Apache-2.0 MPL-2.0 GPL-3.0-only' },
  },
);

/** Condition 5: "must be distributed entirely under this license". */
const openFont = byChild(
  { source: 'https://spdx.org/licenses/OFL-1.1.html, condition 5', relation: 'FinetunedFrom' },
  { 'OFL-1.1': { yes: 'OFL-1.1 MIT' }, MIT: { no: 'OFL-1.1' }, 'Apache-2.0': { no: 'OFL-1.1' } },
);

/** "Only version 4.0 is acceptable": what WordPress takes beside the GPL. */
const creditOfThree = byChild(
  {
    source: 'https://poststatus.com/the-creative-commons-license-is-now-compatible-with-the-gpl',
    relation: 'MergedFrom',
  },
  {
    'GPL-2.0-only': { yes: 'CC-BY-4.0', no: 'CC-BY-3.0' },
    'GPL-2.0-or-later': { yes: 'CC-BY-4.0', no: 'CC-BY-3.0' },
    'GPL-3.0-only': { yes: 'CC-BY-4.0', no: 'CC-BY-3.0' },
  },
);

/** "Any and all copyright interest" is dedicated to the public: nobody dedicates what another has kept. */
const dedication = byChild(
  { source: 'https://spdx.org/licenses/Unlicense.html', relation: 'MergedFrom' },
  { Unlicense: { yes: 'CC0-1.0 0BSD', no: 'MIT CC-BY-4.0 Apache-2.0 BSD-4-Clause' } },
);

export const softwareVerdicts: readonly Verdict[] = [
  ...osadl,
  ...fsf,
  ...quickGuide,
  ...recLicense,
  ...openFont,
  ...creditOfThree,
  ...dedication,
];
