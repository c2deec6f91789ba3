import { isOfThisMachine } from '../../pallets/support/index.ts';
import { isTacitError } from '../../primitives/errors.ts';

/** Whether something has failed that no block and no transaction can be blamed for: database, state, threads, memory. */
export const isOurs = (error: unknown): boolean =>
  isOfThisMachine(error) || (isTacitError(error) && /^(?:db|trie|workers)\//.test(error.code));
