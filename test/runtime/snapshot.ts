import { writeFileSync } from 'node:fs';
import { runtime } from '../../runtime/index.ts';
import { shapeOf } from './shape.ts';

/** Writes the interface of the runtime as it is now: `npx tacit run test/runtime/snapshot.ts`, when a change was meant. */
writeFileSync(
  new URL('metadata.snapshot.json', import.meta.url),
  `${JSON.stringify(shapeOf(runtime), undefined, 2)}\n`,
);
