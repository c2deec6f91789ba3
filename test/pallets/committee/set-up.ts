/** The set-up of a term, with members that do what a test says. */
import { committee, type SetupPost, type Term } from '../../../pallets/committee/index.ts';
import { type Conduct, TestCommittee, testChain, type TestChainOptions } from '../../support/committee.ts';

export function isSetup(post: Parameters<Conduct>[0]): post is SetupPost {
  return !('round' in post);
}

/** A conduct in the set-up of the first attempt only. */
export function inSetup(
  tag: SetupPost['body']['tag'],
  who: number,
  what: (post: SetupPost) => SetupPost | undefined,
): Conduct {
  return (post, member) => {
    return isSetup(post) && post.body.tag === tag && member === who && post.attempt === 0 ? what(post) : post;
  };
}

export function begin(options: TestChainOptions = {}, conduct?: Conduct): TestCommittee {
  const members = new TestCommittee(testChain(options));
  if (conduct !== undefined) members.conduct = conduct;
  return members;
}

export function termOf({ test }: TestCommittee): Term {
  return committee.use(test.chain.ctx).store.current.get() as Term;
}

export const flipped = (bytes: Uint8Array, at = 40): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
