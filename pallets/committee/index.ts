/**
 * The validators as a committee (specification §2): the set-up of each term's subset keys on the chain, who may post for it, and who has been named for
 * lying. The pallet holds no secrets and no cryptography of rounds: those are the tally's.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { fixed, type Of, option, u32, vec } from '../../primitives/scale/index.ts';
import { type Context, definePallet, ensure, method } from '../support/index.ts';
import { postTasks, validatePost } from './door.ts';
import { advance, basisOf, beginIfDue, encryptionKeysOf, keepPost } from './setup.ts';
import { type Config, currentTerm, state } from './state.ts';
import { offence, POST_CALL, setupPost, type Term, termInfo } from './types.ts';

type TermInfo = Of<typeof termInfo>;
type Offence = Of<typeof offence>;

export const committee = definePallet({
  ...state,
  calls: {
    post: {
      index: POST_CALL,
      docs: 'A member’s post in the set-up of a term. Unsigned: the member’s committee key signs the post itself.',
      args: { post: setupPost, signature: fixed(64) },
      class: 'Operational',
      paysFee: false,
      weight: ({ db, micros }) => db.reads(10) + db.writes(20) + micros(3_000),
      tasks: (pallet, { post, signature }) => postTasks(pallet, post, signature),
      run(pallet, { post }) {
        pallet.origin.none();
        keepPost(pallet, post);
      },
    },
  },
  validateUnsigned: (pallet, { value }) => validatePost(pallet, value.post, value.signature),
  onInitialize(pallet) {
    beginIfDue(pallet);
  },
  onFinalize(pallet) {
    advance(pallet);
  },
  genesis({ store }, config: Config | undefined) {
    // A chain of one validator has no committee: its pallet stays idle.
    if (config === undefined) return;
    fheParams(config.paramsId);
    store.config.put(config);
  },
  apis: {
    CommitteeApi: {
      version: 1,
      docs: 'The present term, and who has been named.',
      methods: {
        term: method({
          docs: 'The present term with its keys and deals; none before the first.',
          inputs: {},
          output: option(termInfo),
          run: (ctx): TermInfo | undefined => infoOf(ctx),
        }),
        offences: method({
          docs: 'Offences from number `from` on, at most 256.',
          inputs: { from: u32 },
          output: vec(offence),
          run: (ctx, { from }): Offence[] => offencesFrom(ctx, from),
        }),
      },
    },
  },
});

const OFFENCES_PER_ANSWER = 256;

function infoOf(ctx: Context): TermInfo | undefined {
  const pallet = state.use(ctx);
  const { store } = pallet;
  const current = store.current.get();
  if (current === undefined) return undefined;
  const { term, attempt, members, phase } = current;
  const posted = [...members.keys()].filter((member) => {
    if (phase.tag === 'Keys') return store.encryptionKeys.has(term, attempt, member);
    return phase.tag === 'Digest' && store.digests.has(term, attempt, member);
  });
  const { subsets } = fheParams(current.paramsId);
  return {
    term: current,
    keys: [...encryptionKeysOf(pallet, current).values()],
    deals: subsets.map((_, subset) => store.deals.get(term, attempt, subset)),
    posted,
  };
}

function offencesFrom(ctx: Context, from: number): Offence[] {
  const { store } = state.use(ctx);
  const to = Math.min(store.offenceCount.get(), from + OFFENCES_PER_ANSWER);
  return Array.from({ length: Math.max(to - from, 0) }, (_, i) => store.offences.get(from + i) as Offence);
}

/** The present term if it is active. */
export function activeTerm(ctx: Context): Term | undefined {
  const current = state.use(ctx).store.current.get();
  return current?.phase.tag === 'Active' ? current : undefined;
}

/** The key that signs a member's posts in term `term`, or undefined if that is not the present term or not its member. */
export function memberKey(ctx: Context, term: number, member: number): Uint8Array | undefined {
  const current = state.use(ctx).store.current.get();
  return current?.term === term ? current.members[member]?.key : undefined;
}

/** Takes the term's next round number for a new round. Fails with `NoTerm`, `Rotating`. */
export function acquireRound(ctx: Context): Pick<Term, 'term' | 'sequence' | 'paramsId'> {
  const { store, errors } = state.use(ctx);
  const current = activeTerm(ctx);
  ensure(current, errors.NoTerm);
  ensure(sameBytes(store.basis.get() ?? new Uint8Array(), basisOf(ctx)), errors.Rotating);
  store.current.put({ ...current, sequence: current.sequence + 1, liveRounds: current.liveRounds + 1 });
  return current;
}

/** A round of the present term is over. */
export function releaseRound(ctx: Context): void {
  const pallet = state.use(ctx);
  const current = currentTerm(pallet);
  pallet.store.current.put({ ...current, liveRounds: current.liveRounds - 1 });
}

export { type Accusation, offend } from './offences.ts';
export { type Config as CommitteeConfig } from './state.ts';
export * from './types.ts';
