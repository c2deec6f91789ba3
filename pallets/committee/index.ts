/**
 * The validators as a committee (specification §2): the set-up of each term's subset keys on the chain, who may post for it, and who has been named for
 * lying. The pallet holds no secrets and no cryptography of rounds: those are the tally's.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { fixed, type Of, option, u32, vec } from '../../primitives/scale/index.ts';
import { contain, type Context, definePallet, ensure, method } from '../support/index.ts';
import { postTasks, validatePost } from './door.ts';
import { encryptionKeysOf } from './disputes.ts';
import { held } from './held.ts';
import { basisOf, isServed, membersThat, presentMembers, withoutNamed } from './members.ts';
import { advance, beginIfDue, failTerm, keepPost } from './setup.ts';
import { type Committee, type Config, configOf, currentTerm, state } from './state.ts';
import { offence, POST_CALL, setupPost, type Term, termInfo } from './types.ts';
import { weights } from './weights.ts';

type TermInfo = Of<typeof termInfo>;
type Offence = Of<typeof offence>;

export const committee = definePallet({
  ...state,
  ...held,
  calls: {
    post: {
      index: POST_CALL,
      docs: 'A member’s post in the set-up of a term. Unsigned: the member’s committee key signs the post itself.',
      args: { post: setupPost, signature: fixed(64) },
      class: 'Operational',
      paysFee: false,
      weight: ({ measured }) => measured(weights.post),
      tasks: (pallet, { post, signature }) => postTasks(pallet, post, signature),
      run(pallet, { post }) {
        pallet.origin.none();
        keepPost(pallet, post);
      },
    },
  },
  validateUnsigned: (pallet, { value }) => validatePost(pallet, value.post, value.signature),
  // Whatever goes wrong with a set-up concerns this set-up: it fails and is tried again, and the chain goes on.
  onInitialize(pallet) {
    contain(pallet.ctx, () => beginIfDue(pallet));
  },
  onFinalize(pallet) {
    contain(
      pallet.ctx,
      () => advance(pallet),
      () => failTerm(pallet),
    );
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
  const { subsets } = fheParams(current.paramsId);
  const { term, attempt } = current;
  return {
    term: current,
    keys: [...encryptionKeysOf(pallet, current).values()],
    deals: subsets.map((_, subset) => store.deals.get(term, attempt, subset)),
    posted: [...current.members.keys()].filter((member) => hasPosted(pallet, current, member)),
    agreed: subsets.map((_, subset) => store.subsetDigests.get(term, subset)),
  };
}

/** Whether the member has answered in the present phase of the set-up. */
function hasPosted({ store }: Committee, { term, attempt, phase, dealers, disputed }: Term, member: number): boolean {
  const opened = store.openings.has(term, attempt, member);
  switch (phase.tag) {
    case 'Keys':
      return store.encryptionKeys.has(term, attempt, member);
    case 'Digest':
      return opened || store.digests.has(term, attempt, member);
    case 'Reveal':
      return opened || (dealers[disputed as number] === member && store.reveals.has(term, attempt));
    default:
      return false;
  }
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

/** The key that signs a member's posts in term `term`; undefined if that is not the present term, or there is no such member. */
export function memberKey(ctx: Context, term: number, member: number): Uint8Array | undefined {
  const current = state.use(ctx).store.current.get();
  return current?.term === term ? current.members[member]?.key : undefined;
}

/** What a new round takes from its term. */
export interface AcquiredRound extends Pick<Term, 'term' | 'sequence' | 'paramsId'> {
  /** Members that nobody waits for in making its key: without keys, or silent in a round before. At most f. */
  readonly silent: number[];
  /** Members that take no part in it: named before it began, or out since the set-up. */
  readonly out: number[];
}

/** Takes the term's next round number for a new round. Fails with `NoTerm`, `Rotating`, `TermOver`. */
export function acquireRound(ctx: Context): AcquiredRound {
  const pallet = state.use(ctx);
  const { store, errors } = pallet;
  const active = activeTerm(ctx);
  ensure(active, errors.NoTerm);
  const current = withoutNamed(pallet, active);
  ensure(isServed(current), errors.NoTerm);
  ensure(sameBytes(store.basis.get() ?? new Uint8Array(), basisOf(ctx)), errors.Rotating);
  ensure(current.sequence < configOf(pallet).termRounds, errors.TermOver);
  // The term keeps the named in their places: rounds under way still hear them, and every lie costs.
  store.current.put({ ...active, sequence: active.sequence + 1, liveRounds: active.liveRounds + 1 });
  const { term, sequence, paramsId, members } = current;
  const present = presentMembers(current);
  const without = [...members.keys()].filter((member) => !present.includes(member));
  const silent = current.silent.filter((member) => present.includes(member));
  const passedOver = [...without, ...silent].slice(0, fheParams(paramsId).f);
  const out = membersThat(current, 'Excluded');
  return { term, sequence, paramsId, silent: passedOver.sort((a, b) => a - b), out };
}

/** Members of term `term` that let a round wait: later rounds of the term begin without them. The latest count, at most f. */
export function noteSilent(ctx: Context, term: number, members: readonly number[]): void {
  const { store } = state.use(ctx);
  const current = store.current.get();
  if (current?.term !== term) return;
  const others = current.silent.filter((member) => !members.includes(member));
  store.current.put({ ...current, silent: [...members, ...others].slice(0, fheParams(current.paramsId).f) });
}

/** A round of the present term is over. */
export function releaseRound(ctx: Context): void {
  const pallet = state.use(ctx);
  const current = currentTerm(pallet);
  pallet.store.current.put({ ...current, liveRounds: current.liveRounds - 1 });
}

export { checkBlocksOf, isCheckable, stepBlocksOf } from './deadlines.ts';
export { type Accusation, offend } from './offences.ts';
export { type Config as CommitteeConfig } from './state.ts';
export * from './types.ts';
