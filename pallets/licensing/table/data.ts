/** Licences written for data. */
import { permissive } from './describe.ts';
import type { LicenceProfile } from './types.ts';

export const dataLicences: readonly LicenceProfile[] = [
  permissive('PDDL-1.0', 'https://spdx.org/licenses/PDDL-1.0.html', { obligations: 0 }),
];
