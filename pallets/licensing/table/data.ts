/** Licences written for data. */
import { copyleft, permissive, reachWithout, spdxText } from './describe.ts';
import { type LicenceProfile, OBLIGATION, TRAIT } from './types.ts';

const { attribution } = OBLIGATION;
/** Results of computing with the data, of which models are one, are free by the text. */
const NOT_RESULTS = reachWithout('TrainedOn', 'DistilledFrom');

export const dataLicences: readonly LicenceProfile[] = [
  permissive('PDDL-1.0', spdxText('PDDL-1.0'), { obligations: 0, tolerates: 0 }),
  permissive('ODC-By-1.0', spdxText('ODC-By-1.0')),
  // Section 4.4. Whether a model is a derived database or a produced work (4.5b) is open: the gate takes the stricter reading.
  copyleft('ODbL-1.0', spdxText('ODbL-1.0'), { obligations: attribution, tolerates: attribution }),
  permissive('CDLA-Permissive-1.0', spdxText('CDLA-Permissive-1.0'), { reach: NOT_RESULTS }),
  permissive('CDLA-Permissive-2.0', spdxText('CDLA-Permissive-2.0'), { reach: NOT_RESULTS }),
  // Sections 3.1, 3.3 and, for results, 3.5.
  copyleft('CDLA-Sharing-1.0', spdxText('CDLA-Sharing-1.0'), {
    obligations: attribution,
    tolerates: attribution,
    reach: NOT_RESULTS,
  }),
  // Section 3.1.2 binds recipients of the data; 2.2 and 5.5 leave results, "artificial intelligence models" among them, free.
  permissive('C-UDA-1.0', spdxText('C-UDA-1.0'), { traits: TRAIT.shareAlike, reach: NOT_RESULTS }),
  permissive('etalab-2.0', spdxText('etalab-2.0')),
  permissive('OGL-UK-3.0', spdxText('OGL-UK-3.0')),
];
