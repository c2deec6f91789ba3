import { StateFault } from '../../pallets/support/index.ts';
import { isTacitError } from '../../primitives/errors.ts';

/** Whether something has failed that no block and no transaction can be blamed for: database, state, threads. */
export const isOurs = (error: unknown): boolean =>
  error instanceof StateFault || (isTacitError(error) && /^(?:db|trie|workers)\//.test(error.code));
