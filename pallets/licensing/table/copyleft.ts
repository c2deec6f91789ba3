/** Licences written for software that bind derived works to themselves. */
import { choice, copyleft, reachWithout, spdxText } from './describe.ts';
import { type LicenceProfile, OBLIGATION, TRAIT } from './types.ts';

const { attribution, source, networkSource, patentRetaliation, jurisdiction, advertising, naming, noLocks } =
  OBLIGATION;
/** What each family lets others ask of a work under it. */
const V2 = attribution | source | noLocks;
const V3 = V2 | patentRetaliation;
const FILES = V3 | jurisdiction | advertising | naming;

const GPL3 = ['GPL-3.0-only', 'GPL-3.0-or-later'];
const AGPL3 = ['AGPL-3.0-only', 'AGPL-3.0-or-later'];
/** Works that use one through its interfaces, as an adapter uses a model, are not bound. */
const NOT_LINKED = reachWithout('AdapterFor');

const gnu: readonly LicenceProfile[] = [
  copyleft('GPL-2.0-only', spdxText('GPL-2.0-only'), { tolerates: V2 }),
  choice('GPL-2.0-or-later', spdxText('GPL-2.0-or-later'), ['GPL-2.0-only', 'GPL-3.0-or-later']),
  // Section 13 of either licence lets the two be combined; what the network clause asks then holds for the whole.
  copyleft('GPL-3.0-only', spdxText('GPL-3.0-only'), { tolerates: V3, outbound: ['AGPL-3.0-only'] }),
  copyleft('GPL-3.0-or-later', spdxText('GPL-3.0-or-later'), { tolerates: V3, outbound: ['GPL-3.0-only', ...AGPL3] }),
  copyleft('AGPL-3.0-only', spdxText('AGPL-3.0-only'), {
    obligations: attribution | source | networkSource,
    tolerates: V3 | networkSource,
  }),
  copyleft('AGPL-3.0-or-later', spdxText('AGPL-3.0-or-later'), {
    obligations: attribution | source | networkSource,
    tolerates: V3 | networkSource,
    outbound: ['AGPL-3.0-only'],
  }),
  // Section 3: a copy may be put under version 2 of the GPL, or a later one.
  copyleft('LGPL-2.1-only', spdxText('LGPL-2.1-only'), {
    tolerates: V2,
    reach: NOT_LINKED,
    outbound: ['GPL-2.0-only', ...GPL3],
  }),
  choice('LGPL-2.1-or-later', spdxText('LGPL-2.1-or-later'), ['LGPL-2.1-only', 'LGPL-3.0-or-later']),
  // It is the GPL 3 with permissions added, which may be left out.
  copyleft('LGPL-3.0-only', spdxText('LGPL-3.0-only'), {
    tolerates: V3,
    reach: NOT_LINKED,
    outbound: ['GPL-3.0-only', 'AGPL-3.0-only'],
  }),
  copyleft('LGPL-3.0-or-later', spdxText('LGPL-3.0-or-later'), {
    tolerates: V3,
    reach: NOT_LINKED,
    outbound: ['LGPL-3.0-only', ...GPL3, ...AGPL3],
  }),
];

const files: readonly LicenceProfile[] = [
  copyleft('MPL-1.1', spdxText('MPL-1.1'), {
    obligations: attribution | source | patentRetaliation | jurisdiction,
    tolerates: attribution | source | jurisdiction,
    reach: NOT_LINKED,
    // Section 6.2: later versions.
    outbound: ['MPL-2.0'],
  }),
  copyleft('MPL-2.0', spdxText('MPL-2.0'), {
    obligations: attribution | source | patentRetaliation,
    tolerates: FILES,
    reach: NOT_LINKED,
    // Section 3.3 with 1.12: GPL 2, LGPL 2.1, AGPL 3, or later versions.
    outbound: ['GPL-2.0-only', ...GPL3, 'LGPL-2.1-only', 'LGPL-3.0-only', 'LGPL-3.0-or-later', ...AGPL3],
  }),
  copyleft('CDDL-1.0', spdxText('CDDL-1.0'), {
    obligations: attribution | source | patentRetaliation | jurisdiction,
    tolerates: FILES,
    reach: NOT_LINKED,
  }),
  copyleft('EPL-1.0', spdxText('EPL-1.0'), {
    obligations: attribution | source | patentRetaliation | jurisdiction,
    tolerates: FILES,
    reach: NOT_LINKED,
    // Section 7: a new version.
    outbound: ['EPL-2.0'],
  }),
  // Secondary licences hold only where a notice (Exhibit A) names them: the terms would be an expression with OR.
  copyleft('EPL-2.0', spdxText('EPL-2.0'), {
    obligations: attribution | source | patentRetaliation,
    tolerates: FILES,
    reach: NOT_LINKED,
  }),
];

const whole: readonly LicenceProfile[] = [
  copyleft('EUPL-1.1', spdxText('EUPL-1.1'), {
    obligations: attribution | source | networkSource | jurisdiction,
    tolerates: V3 | networkSource,
    // Appendix; and section 13 for later versions.
    outbound: ['EUPL-1.2', 'GPL-2.0-only', 'OSL-3.0', 'EPL-1.0'],
  }),
  copyleft('EUPL-1.2', spdxText('EUPL-1.2'), {
    obligations: attribution | source | networkSource | jurisdiction,
    tolerates: V3 | networkSource,
    // Appendix.
    outbound: [
      'GPL-2.0-only',
      ...GPL3,
      ...AGPL3,
      'OSL-3.0',
      'EPL-1.0',
      'CECILL-2.1',
      'MPL-2.0',
      'CC-BY-SA-3.0',
      'LGPL-2.1-only',
      'LGPL-3.0-only',
      'LGPL-3.0-or-later',
    ],
  }),
  // Section 5: use over a network is distribution.
  copyleft('OSL-3.0', spdxText('OSL-3.0'), {
    obligations: attribution | source | networkSource | patentRetaliation | jurisdiction,
    tolerates: FILES | networkSource,
  }),
  copyleft('CECILL-2.1', spdxText('CECILL-2.1'), {
    obligations: attribution | source | jurisdiction,
    tolerates: V2,
    // Section 5.3.4.
    outbound: ['GPL-2.0-only', ...GPL3, ...AGPL3, 'EUPL-1.1', 'EUPL-1.2'],
  }),
  // Section 3(D): source only under this licence.
  copyleft('MS-PL', spdxText('MS-PL'), {
    obligations: attribution | patentRetaliation,
    tolerates: FILES,
  }),
  // Conditions 3 and 5: reserved names, and the whole under this licence. What is made with a font is not bound.
  copyleft('OFL-1.1', spdxText('OFL-1.1'), {
    traits: TRAIT.shareAlike | TRAIT.noFurther,
    obligations: attribution | naming,
    tolerates: attribution | naming,
    reach: NOT_LINKED,
  }),
];

export const copyleftSoftware: readonly LicenceProfile[] = [...gnu, ...files, ...whole];
