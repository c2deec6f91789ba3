/** A term that stands without its set-up, for what asks only how large its committee is. */
import { committee } from '../../pallets/committee/index.ts';
import { present } from '../../primitives/at.ts';
import { TestCommittee, testChain } from './committee.ts';

/** A term of so many members, as it stands after its set-up, with the parameters of the product. */
export function activeTerm(n: 4 | 7 | 10): TestCommittee {
  const members = new TestCommittee(testChain({ paramsId: `tacit-test-256-n${n}` }));
  members.test.chain.runToBlock(2);
  const { store } = committee.use(members.test.chain.ctx);
  const term = present(store.current.get(), 'the term');
  const all = term.members.map((one) => ({ ...one, status: { tag: 'Present' as const } }));
  store.current.put({ ...term, paramsId: `tacit-8192-n${n}`, phase: { tag: 'Active' }, members: all });
  return members;
}
