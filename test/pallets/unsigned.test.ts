import { expect } from 'chai';
import * as fc from 'fast-check';
import { checkIssuance, holdings } from '../../pallets/balances/index.ts';
import { committee, SETUP_STEPS, type SetupPost } from '../../pallets/committee/index.ts';
import { notes, NOTES_ESCROW } from '../../pallets/notes/index.ts';
import { ESCROW } from '../../pallets/royalty/index.ts';
import {
  checkPallets,
  Context,
  type Host,
  MemoryState,
  Origin,
  Overlay,
  type RuntimeCall,
} from '../../pallets/support/index.ts';
import { tally, type TallyPost } from '../../pallets/tally/index.ts';
import { hashToPoint } from '../../primitives/crypto/ristretto.ts';
import { hiddenProofBytes } from '../../primitives/proofs/hidden-claim.ts';
import { TALLY_STEPS } from '../../primitives/round/index.ts';
import {
  account,
  beginRound,
  call,
  contribute,
  phaseOf,
  publish,
  submitSealed,
  TestCommittee,
  testChain,
  type TestRound,
} from '../support/committee.ts';
import { forged } from '../support/forged.ts';
import { BALLOTS, cast } from '../support/pallet-sums.ts';
import { survey } from '../support/survey.ts';

const NAMES = ['anna', 'bo', 'cleo'];

type Post = TallyPost | SetupPost;
const isSetup = (post: Post): post is SetupPost => !('round' in post);

/** A state of the chain in the midst of a block. */
interface Moment {
  readonly state: MemoryState;
  readonly header: Context['header'];
}

/** A post, and the moment at which it was made. */
interface Said {
  readonly post: Post;
  readonly at: number;
}

/** Says yes to every signature and proof: what is accepted then is more than what a chain accepts, and none of it may fail either. */
const yes: Host = { verify: () => true };

/** A set-up that fails by a false digest and a late member, and another; a round in which a member is silent and a payload lies, and that settles; one that fails. */
class Story {
  readonly members = new TestCommittee(testChain({ accounts: NAMES, pallets: [survey] }));
  readonly moments: Moment[] = [];
  readonly said: Said[] = [];

  tell(): void {
    const { members } = this;
    members.conduct = (post, member) => this.#say(post, member);
    this.#until(() => members.phase === 'Active');
    const first = beginRound(members.test);
    const second = beginRound(members.test, { openBlocks: 2, maxExtensions: 0 });
    this.#until(() => phaseOf(members.test, first.id) === 'Open');
    this.#contribute(first);
    this.#until(() => phaseOf(members.test, first.id) === 'Direction');
    publish(members, first);
    this.#until(() => [first, second].every(({ id }) => ['Settled', 'Failed'].includes(phaseOf(members.test, id))));
    expect([first, second].map(({ id }) => phaseOf(members.test, id))).to.deep.equal(['Settled', 'Failed']);
    this.#vote();
    for (let i = 0; i < 12; i++) this.#block();
  }

  /** A round of ballots, in which posts of the sum come. */
  #vote(): void {
    const { members } = this;
    const { test } = members;
    call(test, 'owner', survey.call.ballots({ plan: { ...BALLOTS, openBlocks: 2 } }));
    const round = tally.use(test.chain.ctx).store.nextRound.get() - 1;
    for (const name of NAMES) call(test, 'owner', survey.call.admitVoter({ round, account: account(name) }));
    this.#until(() => phaseOf(test, round) === 'Open');
    for (const name of NAMES) cast(members, round, name, [100, 0, 0, 0, 0]);
    this.#until(() => ['Settled', 'Failed'].includes(phaseOf(test, round)));
    expect(phaseOf(test, round)).to.equal('Settled');
  }

  /** What is sent; every post is kept as it was made, said or not. */
  #say(post: Post, member: number): Post | undefined {
    this.said.push({ post, at: this.moments.length - 1 });
    if (!isSetup(post)) return post.body.tag === 'Keying' && member === 0 && post.attempt === 0 ? undefined : post;
    if (post.body.tag !== 'Digest' || post.term > 1) return post;
    if (post.attempt > 0) return member === 1 ? undefined : post;
    if (member !== 3) return post;
    const digests = post.body.value.digests.map((digest) => digest.map((byte) => byte ^ 1));
    return { ...post, body: { tag: 'Digest', value: { digests } } };
  }

  #contribute({ id }: TestRound): void {
    const { members } = this;
    for (const name of NAMES) contribute(members, id, name);
    // Uses that lie: the combined check fails, and each payload is looked at.
    submitSealed(members, 'reporter', id, 1, 0, forged(members.test, id, 'reporter', 0, 'ciphertext', 1));
  }

  #until(done: () => boolean): void {
    for (let blocks = 0; !done(); blocks++) {
      if (blocks > 80) throw new Error('the story does not get there');
      this.#block();
    }
  }

  #block(): void {
    const { members } = this;
    const { chain } = members.test;
    this.#keep();
    members.act();
    this.#keep();
    chain.runToBlock(chain.ctx.block + 1);
  }

  #keep(): void {
    const { ctx } = this.members.test.chain;
    const state = new MemoryState();
    state.apply(new Map(ctx.storage.entries('').map(([key, value]) => [key, value])));
    this.moments.push({ state, header: ctx.header });
  }
}

/** Bytes somewhere in a body: shorter, longer, others. */
function garbled(body: Post['body'], pick: number): Post['body'] {
  const fields = Object.entries(body.value as Record<string, unknown>);
  const [name, value] = fields[pick % fields.length] as [string, unknown];
  const ways: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => bytes.subarray(1),
    (bytes) => Uint8Array.of(...bytes, 0),
    (bytes) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte)),
    (bytes) => bytes.map(() => 0),
    () => new Uint8Array(),
  ];
  const way = ways[Math.floor(pick / fields.length) % ways.length] as (typeof ways)[number];
  const changed =
    value instanceof Uint8Array
      ? way(value)
      : Array.isArray(value)
        ? value.slice(pick % 2)
        : typeof value === 'boolean'
          ? !value
          : value;
  return { tag: body.tag, value: { ...(body.value as object), [name]: changed } } as Post['body'];
}

/** Undefined in all but one of so many cases. */
function seldom<T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: weight - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

describe('what `validateUnsigned` accepts', function () {
  const story = new Story();
  const { composition } = story.members.test.chain;
  const accepted = new Map<string, number>();

  before(() => story.tell());

  /** In that state, whatever is accepted is carried out, and no money comes or goes. */
  function holds(moment: number, call: RuntimeCall): void {
    const { state, header } = story.moments[Math.min(Math.max(moment, 0), story.moments.length - 1)] as Moment;
    const ctx = new Context(composition, new Overlay(state), header, yes);
    let wire: RuntimeCall;
    try {
      wire = composition.callTy.codec.dec(composition.callTy.codec.enc(call));
    } catch {
      return;
    }
    const judged = composition.validateUnsigned(ctx, wire, 'inBlock');
    const pooled = composition.validateUnsigned(ctx, wire, 'external');
    // The pool takes what a block takes, and besides what is ahead of its step.
    const isAhead = 'invalid' in judged && judged.invalid.tag === 'Future';
    if (!isAhead) expect('valid' in pooled, 'what the pool takes').to.equal('valid' in judged);
    if (!('valid' in judged)) return;
    const { tag, value } = call;
    const what = `${tag}.${value.tag}.${(value.value as { post?: Post }).post?.body.tag ?? ''}`;
    accepted.set(what, (accepted.get(what) ?? 0) + 1);
    const error = composition.dispatch(ctx, Origin.none, wire);
    expect(error === undefined ? 'ok' : composition.errorName(error), what).to.equal('ok');
    checkIssuance(ctx);
    checkPallets(composition.pallets, holdings)(ctx);
    const again = composition.validateUnsigned(ctx, wire, 'inBlock');
    expect('valid' in again, `${what} is taken twice`).to.equal(false);
  }

  it('of posts is carried out in the same state, whoever says what and when', () => {
    const steps = [...new Set(story.said.map(({ post }) => post.body.tag))];
    const ofStep = (step: string) => fc.constantFrom(...story.said.filter(({ post }) => post.body.tag === step));
    const change = fc.record({
      said: fc.oneof(...steps.map(ofStep)),
      near: fc.integer({ min: -4, max: 4 }),
      anywhere: seldom(4, fc.nat({ max: story.moments.length - 1 })),
      member: seldom(3, fc.nat({ max: 4 })),
      attempt: seldom(6, fc.nat({ max: 2 })),
      round: seldom(6, fc.nat({ max: 3 })),
      garbled: seldom(2, fc.nat({ max: 60 })),
      late: seldom(12, fc.boolean()),
    });
    // Each as it was made, whatever chance draws.
    const signature = new Uint8Array(64);
    for (const { post, at } of story.said) {
      holds(at, isSetup(post) ? committee.call.post({ post, signature }) : tally.call.post({ post, signature }));
    }
    fc.assert(
      fc.property(change, (drawn) => {
        const { post: base, at } = drawn.said;
        const body = drawn.garbled === undefined ? base.body : garbled(base.body, drawn.garbled);
        const member = drawn.member ?? base.member;
        const attempt = drawn.attempt ?? base.attempt;
        const moment = drawn.anywhere ?? at + drawn.near;
        if (isSetup(base)) {
          const said = drawn.late === undefined ? body : { tag: 'Late' as const, value: { holds: drawn.late } };
          const post = { ...base, member, attempt, body: said } as SetupPost;
          holds(moment, committee.call.post({ post, signature }));
        } else {
          const post = { ...base, member, attempt, round: drawn.round ?? base.round, body } as TallyPost;
          holds(moment, tally.call.post({ post, signature }));
        }
      }),
      { numRuns: 8_000 },
    );

    const all = [
      ...TALLY_STEPS.map((step) => `Tally.post.${step}`),
      ...SETUP_STEPS.map((step) => `Committee.post.${step}`),
    ];
    expect([...accepted.keys()]).to.have.members(all);
  });

  it('of claims is carried out in the same state, whatever the amount and wherever it goes', () => {
    const { length } = story.moments;
    const destinations = [
      NOTES_ESCROW,
      ESCROW,
      account('owner'),
      account('fresh'),
      new Uint8Array(32),
      account('validator 0'),
    ];
    const amount = fc.oneof(
      { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 1n << 48n }) },
      {
        weight: 5,
        arbitrary: fc.constantFrom(
          ...[1n, 2n, 5n].flatMap((digit) => [4n, 5n, 6n].map((power) => digit * 10n ** power)),
        ),
      },
    );
    const point = fc.oneof(
      { weight: 30, arbitrary: fc.nat({ max: 9 }).map((number) => hashToPoint('test/point', number).toBytes()) },
      { weight: 1, arbitrary: fc.constantFrom(new Uint8Array(32), new Uint8Array(32).fill(255)) },
    );
    const output = fc.record({ key: point, commitment: point });
    const claim = fc.record({
      class: fc.constantFrom(0, 0, 0, 1),
      bin: fc.constantFrom(0, 0, 0, 1),
      amount,
      outputs: fc.array(output, { minLength: 1, maxLength: 2 }),
      destination: fc.constantFrom(...destinations),
      tag: fc.nat({ max: 9 }),
      back: fc.nat({ max: 14 }),
    });
    fc.assert(
      fc.property(claim, ({ tag, back, ...args }) => {
        const proof = new Uint8Array(hiddenProofBytes(3, args.outputs.length));
        proof.set(hashToPoint('test/tag', tag).toBytes());
        holds(length - 1 - back, notes.call.claim({ ...args, proof }));
      }),
      { numRuns: 1_000 },
    );
    expect(accepted.get('Notes.claim.') ?? 0).to.be.greaterThan(200);
  });
});
