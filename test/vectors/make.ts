/** Writes the test vectors: `npx tacit run test/vectors/make.ts`, when a change of a format was meant. */
import { writeFileSync } from 'node:fs';
import { VECTORS } from './make/index.ts';
import { textOf } from './make/cases.ts';

for (const [name, make] of Object.entries(VECTORS)) {
  writeFileSync(new URL(`${name}.json`, import.meta.url), textOf(await make()));
}
