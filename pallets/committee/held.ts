/** What must hold of a term and of the offences. */
import { fheParams } from '../../primitives/fhe/params.ts';
import { mustHold } from '../support/index.ts';
import type { Committee } from './state.ts';

export const held = {
  tryState({ store }: Committee): undefined {
    const current = store.current.get();
    // A set-up that nobody can compute with fails, and what it was made of stands until the next.
    if (current?.phase.tag === 'Active') {
      const { n } = fheParams(current.paramsId);
      const { length } = current.members;
      mustHold(length === n, 'committee/broken-term', `term ${current.term} has ${length} members of ${n}`);
    }
    const count = store.offenceCount.get();
    const numbers = [...store.offences.entries()].map(([[id]]) => id).sort((a, b) => a - b);
    const isWhole = numbers.length === count && numbers.every((id, i) => id === i);
    mustHold(isWhole, 'committee/broken-offences', `${count} offences are counted, ${numbers.length} are there`);
  },
};
