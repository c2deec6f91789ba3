/** Licences written for models. */
import { permissive } from './describe.ts';
import { type LicenceProfile, OBLIGATION } from './types.ts';

export const modelLicences: readonly LicenceProfile[] = [
  permissive('OpenMDW-1.0', 'https://openmdw.ai/license/1-0/', {
    spdx: false,
    obligations: OBLIGATION.attribution | OBLIGATION.patentRetaliation,
  }),
];
