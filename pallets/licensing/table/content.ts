/** Licences written for works of all kinds. */
import { copyleft, NOT_COMMERCIAL, permissive } from './describe.ts';
import { type LicenceProfile, OBLIGATION, TRAIT } from './types.ts';

const spdx = (name: string): string => `https://spdx.org/licenses/${name}.html`;
const { attribution } = OBLIGATION;

export const contentLicences: readonly LicenceProfile[] = [
  permissive('CC-BY-4.0', spdx('CC-BY-4.0')),
  copyleft('CC-BY-SA-4.0', spdx('CC-BY-SA-4.0'), {
    obligations: attribution,
    tolerates: attribution,
    outbound: ['GPL-3.0-only'],
  }),
  permissive('CC-BY-NC-4.0', spdx('CC-BY-NC-4.0'), { purposes: NOT_COMMERCIAL }),
  permissive('CC-BY-ND-4.0', spdx('CC-BY-ND-4.0'), { traits: TRAIT.noDerivatives }),
];
