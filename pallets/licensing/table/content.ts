/** Licences written for works of all kinds: Creative Commons. */
import { copyleft, NOT_COMMERCIAL, permissive, spdxText } from './describe.ts';
import { type LicenceProfile, OBLIGATION, TRAIT } from './types.ts';

const { attribution, advertising, noLocks } = OBLIGATION;
/** Section 2(a)(5)(C) of 4.0, 4(a) of 3.0: no technical measure. */
const BY = { obligations: attribution | noLocks };
const SA = { obligations: attribution | noLocks, tolerates: attribution | noLocks };
const NC = { purposes: NOT_COMMERCIAL };

/**
 * Section 4(b) of 3.0: credit as prominent as that of others, wherever there is any. It keeps the work out of the GNU licences, which the Free Software Foundation
 * lists 4.0 for and none before; not out of Creative Commons' own.
 */
const BY_3 = {
  obligations: BY.obligations | advertising,
  outbound: ['CC-BY-SA-3.0', 'CC-BY-SA-4.0', 'CC-BY-NC-SA-3.0', 'CC-BY-NC-SA-4.0'],
};

const byVersion = (version: string): LicenceProfile[] => [
  permissive(`CC-BY-${version}`, spdxText(`CC-BY-${version}`), version === '3.0' ? BY_3 : BY),
  permissive(`CC-BY-NC-${version}`, spdxText(`CC-BY-NC-${version}`), { ...BY, ...NC }),
  permissive(`CC-BY-ND-${version}`, spdxText(`CC-BY-ND-${version}`), { ...BY, traits: TRAIT.noDerivatives }),
  permissive(`CC-BY-NC-ND-${version}`, spdxText(`CC-BY-NC-ND-${version}`), {
    ...BY,
    ...NC,
    traits: TRAIT.noDerivatives,
  }),
];

export const contentLicences: readonly LicenceProfile[] = [
  // A dedication leaves nothing to ask, so nothing that somebody asks may stand in it.
  permissive('CC0-1.0', spdxText('CC0-1.0'), { obligations: 0, tolerates: 0 }),
  ...byVersion('3.0'),
  ...byVersion('4.0'),
  // Section 4(b): a later version with the same elements.
  copyleft('CC-BY-SA-3.0', spdxText('CC-BY-SA-3.0'), { ...SA, outbound: ['CC-BY-SA-4.0'] }),
  copyleft('CC-BY-NC-SA-3.0', spdxText('CC-BY-NC-SA-3.0'), { ...SA, ...NC, outbound: ['CC-BY-NC-SA-4.0'] }),
  // Creative Commons' list of compatible licences: the GPL 3, one way, since October 2015.
  copyleft('CC-BY-SA-4.0', spdxText('CC-BY-SA-4.0'), { ...SA, outbound: ['GPL-3.0-only'] }),
  copyleft('CC-BY-NC-SA-4.0', spdxText('CC-BY-NC-SA-4.0'), { ...SA, ...NC }),
];
