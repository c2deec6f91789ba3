/** `pallets/support/measured.ts`: what is beneath the calls. */
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import { repository } from '../support/process.ts';
import { number, roundedUp } from './files.ts';
import type { GroundCosts } from './ground.ts';

export function groundFile({ checks, read, write, extrinsic, block }: GroundCosts, machine: Machine): [string, string] {
  const listed = Object.entries(checks).map(
    ([kind, micros]) => `${/^\w+$/.test(kind) ? kind : `'${kind}'`}: ${number(roundedUp(micros))}`,
  );
  const text = `/**
 * Microseconds of what is beneath the calls: checks of signatures and proofs, a key read for the first time, a key written, an extrinsic that does nothing,
 * an empty block. Written by \`npm run weights\` on ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; do not edit.
 */
export const MEASURED = {
  checks: { ${listed.join(', ')} },
  read: ${number(roundedUp(read))},
  write: ${number(roundedUp(write))},
  extrinsic: ${number(roundedUp(extrinsic))},
  block: ${number(roundedUp(block))},
} as const;
`;
  return [join(repository, 'pallets', 'support', 'measured.ts'), text];
}
