import { TacitError } from '../../primitives/errors.ts';

/** Something that was written, and on which the rest builds, is gone or is something else. Only another copy of it helps. */
export function damaged(place: string, what: string, details: Readonly<Record<string, unknown>> = {}): TacitError {
  const remedy =
    'move this folder away, leave the others beside it where they are, and start again: the node syncs from its peers (docs/operate.md)';
  return new TacitError('db/damaged', `the database in ${place} is damaged: ${what}; ${remedy}`, {
    ...details,
    place,
  });
}
