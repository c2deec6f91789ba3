/** Licences written for software. */
import { choice, copyleft, permissive } from './describe.ts';
import { type LicenceProfile, OBLIGATION } from './types.ts';

const spdx = (name: string): string => `https://spdx.org/licenses/${name}.html`;
const { attribution, source, networkSource, patentRetaliation } = OBLIGATION;

export const softwareLicences: readonly LicenceProfile[] = [
  permissive('MIT', spdx('MIT')),
  permissive('Apache-2.0', spdx('Apache-2.0'), { obligations: attribution | patentRetaliation }),
  copyleft('GPL-2.0-only', spdx('GPL-2.0-only')),
  choice('GPL-2.0-or-later', spdx('GPL-2.0-or-later'), ['GPL-2.0-only', 'GPL-3.0-only']),
  copyleft('GPL-3.0-only', spdx('GPL-3.0-only'), {
    tolerates: attribution | source | patentRetaliation,
    outbound: ['AGPL-3.0-only'],
  }),
  copyleft('AGPL-3.0-only', spdx('AGPL-3.0-only'), {
    obligations: attribution | source | networkSource,
    tolerates: attribution | source | networkSource | patentRetaliation,
  }),
];
