import { expect } from 'chai';
import * as fc from 'fast-check';
import { committee } from '../../../pallets/committee/index.ts';
import { Context, type Host, Origin, Overlay } from '../../../pallets/support/index.ts';
import { keyTest } from '../../../primitives/fhe/key-check.ts';
import { slotCount } from '../../../primitives/fhe/open.ts';
import { fheParams, KEY_TEST_VALUES } from '../../../primitives/fhe/params.ts';
import { residueBytes } from '../../../primitives/fhe/wire.ts';
import { findRound, tally, type TallyBody, type TallyPost } from '../../../pallets/tally/index.ts';
import { MAX_SHARE_BYTES } from '../../../primitives/round/limits.ts';
import {
  account,
  asBytes,
  beginRound,
  type CompletedRound,
  contextOfRound,
  contribute,
  keysOfRound,
  PART_VALUES,
  phaseOf,
  publish,
  roundInfoOf,
  runRound,
  SALT,
  testChain,
  TestCommittee,
  type TestRound,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];
/** Values of both parts of an update. */
const VALUES = 2 * PART_VALUES;

/** The posts that the members would send now, unsent. */
function duePosts(members: TestCommittee): TallyPost[] {
  const due: TallyPost[] = [];
  members.conduct = (post) => {
    if ('round' in post) due.push(post);
    return undefined;
  };
  members.act();
  members.conduct = (post) => post;
  return due;
}

describe('posts of a round at the door', () => {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  const { chain } = test;
  const posted = (post: TallyPost, member = post.member) =>
    tally.call.post({ post, signature: members.sign(post, member) });
  let begun: TestRound = { id: 0, direction: [] };
  let id = 0;

  before(() => {
    members.runToActive();
    begun = beginRound(test);
    ({ id } = begun);
    test.chain.runToBlock(test.chain.ctx.block + 1);
  });

  it('need the signature of the member that is said to post', () => {
    const [post] = duePosts(members) as [TallyPost];
    const call = posted(post);
    const signature = members.sign(post, 0).map((byte, i) => (i === 9 ? byte ^ 1 : byte));
    chain.expectNoop(Origin.none, tally.call.post({ post, signature }), 'invalid.BadProof');
    chain.expectNoop(Origin.none, posted(post, 1), 'invalid.BadProof');
    chain.expectNoop(Origin.none, posted({ ...post, member: 9 }, 0), 'invalid.Custom2');
    chain.expectNoop(Origin.signed(account('user')), call, 'BadOrigin');
    const other = { ...post, round: post.round + 1 };
    chain.expectNoop(Origin.none, posted(other), 'invalid.Custom1');
    chain.expectNoop(Origin.none, posted({ ...post, term: 2 }), 'invalid.Custom1');
    chain.expectNoop(Origin.none, posted({ ...post, attempt: 1 }), 'invalid.Future');
  });

  it('are not unpacked before their signature is found to be the member’s', () => {
    const [post] = duePosts(members) as [TallyPost];
    const body = { ...post.body, value: { ...post.body.value, sum: new Uint8Array(MAX_SHARE_BYTES).fill(255) } };
    const garbage = { ...post, body } as TallyPost;
    chain.expectNoop(
      Origin.none,
      tally.call.post({ post: garbage, signature: new Uint8Array(64) }),
      'invalid.BadProof',
    );
    // who has signed it is told what is wrong with it
    chain.expectNoop(Origin.none, posted(garbage), 'invalid.Custom5');
    // and whoever only wants to know what is to be checked looks at nothing of it
    const asked: string[] = [];
    const believing: Host = { believes: true, verify: ({ kind }) => asked.push(kind) > 0 };
    const ctx = new Context(chain.composition, new Overlay(chain.ctx.reader), chain.ctx.header, believing);
    const call = tally.call.post({ post: garbage, signature: new Uint8Array(64) });
    expect(chain.composition.validateUnsigned(ctx, call, 'external')).to.have.property('valid');
    expect(asked).to.deep.equal(['sr25519']);
  });

  it('carry a pool tag by which the second of one member replaces nothing', () => {
    const due = duePosts(members);
    const tags = due.map((post) => {
      const judged = chain.validate(posted(post));
      if (!('valid' in judged)) throw new Error('the post is refused');
      expect(judged.valid.propagate).to.equal(true);
      return judged.valid.provides.map((tag) => tag.join()).join('/');
    });
    expect(new Set(tags).size).to.equal(due.length);
  });

  it('are taken once per step and member', () => {
    const [post] = duePosts(members) as [TallyPost];
    expect(chain.dispatch(Origin.none, posted(post))).to.equal('ok');
    chain.expectNoop(Origin.none, posted(post), 'invalid.Stale');
  });

  it('are not taken before their step, and of keys and secrets not after it', () => {
    const [keying] = duePosts(members) as [TallyPost];
    const early: TallyBody[] = [
      { tag: 'KeyCheck', value: { functionals: new Uint8Array(), test: new Uint8Array() } },
      { tag: 'Reveal', value: { secrets: [] } },
      { tag: 'Aggregate', value: { accepted: 3, ciphertexts: [], shares: new Uint8Array() } },
      { tag: 'Payout', value: { scores: [], shares: new Uint8Array() } },
    ];
    for (const body of early) {
      chain.expectNoop(Origin.none, posted({ term: 1, round: id, attempt: 0, member: 1, body }), 'invalid.Future');
    }
    members.runUntil(() => phaseOf(test, id) === 'Open');
    chain.expectNoop(Origin.none, posted(keying), 'invalid.Stale');
  });

  it('of garbage are refused in every step, whatever the garbage', () => {
    for (const name of NAMES) contribute(members, id, name);
    const steps: string[] = [];
    const over = (): boolean => ['Settled', 'Failed'].includes(phaseOf(test, id));
    while (!over()) {
      if (phaseOf(test, id) === 'Direction') publish(members, begun);
      const due = duePosts(members);
      const [post] = due;
      if (post !== undefined) {
        steps.push(post.body.tag);
        garble(post);
      }
      members.act();
      chain.runToBlock(chain.ctx.block + 1);
    }
    expect(steps).to.include.members(['Reveal', 'Check', 'Aggregate', 'Payout']);
  });

  /** Every field of a body, one after the other: shorter, longer, filled with ones. */
  function garble(post: TallyPost): void {
    const fields = post.body.value as Record<string, Uint8Array | Uint8Array[] | number>;
    for (const [name, value] of Object.entries(fields)) {
      // A hash of 32 bytes has one form, and any of them may be claimed.
      if (name === 'total') continue;
      if (typeof value === 'number') {
        for (const count of [0, value - 1, value + 1, 0xffff]) expectRefused(post, name, count);
        continue;
      }
      const bad: (Uint8Array | Uint8Array[])[] = Array.isArray(value)
        ? [value.slice(1), [...value, ...value.slice(0, 1)], value.map((one) => one.map(() => 255))]
        : [value.subarray(1), Uint8Array.of(...value, 0), value.map(() => 255)];
      for (const garbage of bad) {
        if (garbage.length === value.length && ['ciphertexts', 'scores'].includes(name)) continue;
        expectRefused(post, name, garbage);
      }
    }
  }

  function expectRefused(post: TallyPost, name: string, garbage: Uint8Array | Uint8Array[] | number): void {
    const body = { tag: post.body.tag, value: { ...post.body.value, [name]: garbage } } as TallyBody;
    chain.expectNoop(Origin.none, posted({ ...post, body }), 'invalid.Custom5');
  }

  it('expects as many values of the key test as the test opens', () => {
    const { round } = roundInfoOf(chain.ctx, id);
    const { publicKey } = keysOfRound(test, roundInfoOf(chain.ctx, id));
    expect(slotCount(keyTest(test.params, contextOfRound(test, round), publicKey).request)).to.equal(KEY_TEST_VALUES);
  });

  it('survive random bytes as a call', () => {
    const { callTy } = chain.composition;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        let call: Parameters<typeof chain.dispatch>[1];
        try {
          call = callTy.codec.dec(Uint8Array.of(21, 0, ...noise));
        } catch {
          return;
        }
        expect(chain.dispatch(Origin.none, call)).to.match(/^invalid/);
      }),
      { numRuns: 300 },
    );
  });
});

describe('posts of the key of a round at the door', () => {
  it('have a box key for each subset of the member, and a sum only where one is asked for', () => {
    const members = new TestCommittee(testChain());
    const { test } = members;
    members.runToActive();
    const { store } = committee.use(test.chain.ctx);
    const term = store.current.get();
    if (term === undefined) throw new Error('no term');
    store.current.put({ ...term, silent: [3] });
    beginRound(test);
    test.chain.runToBlock(test.chain.ctx.block + 1);
    const [asked, , , passedOver] = duePosts(members) as [TallyPost, TallyPost, TallyPost, TallyPost];
    if (asked.body.tag !== 'Keying' || passedOver.body.tag !== 'Keying') throw new Error('keys are due');
    const { sum, sealKeys, maskKeys } = asked.body.value;
    expect(passedOver.body.value.sum).to.have.length(0);
    const say = (post: TallyPost, change: Partial<typeof asked.body.value>) => {
      const body = { tag: 'Keying' as const, value: { ...(post.body.value as typeof asked.body.value), ...change } };
      const changed: TallyPost = { ...post, body };
      return members.dispatch(changed, members.sign(changed, post.member));
    };
    const [first] = sealKeys as [Uint8Array];
    for (const change of [
      { sealKeys: sealKeys.slice(1) },
      { sealKeys: [...sealKeys, first] },
      { maskKeys: maskKeys.slice(1) },
      { maskKeys: [...maskKeys, first] },
      { sum: new Uint8Array() },
    ]) {
      expect(say(asked, change)).to.equal('invalid.Custom5');
    }
    expect(say(passedOver, { sum })).to.equal('invalid.Custom5');
    expect([say(asked, {}), say(passedOver, {})]).to.deep.equal(['ok', 'ok']);
  });
});

describe('posts of a key check, and of secrets that others have revealed, at the door', () => {
  it('have the form of their step, and the secrets that stand', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const { id } = beginRound(test);
    const say = (post: TallyPost, body: TallyBody) => {
      const changed = { ...post, body };
      return members.dispatch(changed, members.sign(changed, post.member));
    };
    members.runUntil(() => phaseOf(test, id) === 'KeyCheck');
    const [check] = duePosts(members) as [TallyPost];
    if (check.body.tag !== 'KeyCheck') throw new Error('a key check is due');
    const { value } = check.body;
    for (const name of ['functionals', 'test'] as const) {
      const bytes = value[name];
      for (const garbage of [bytes.subarray(1), Uint8Array.of(...bytes, 0), bytes.map(() => 255)]) {
        expect(say(check, { tag: 'KeyCheck', value: { ...value, [name]: garbage } }), name).to.equal('invalid.Custom5');
      }
    }
    members.runUntil(() => phaseOf(test, id) === 'Open');
    for (const name of NAMES) contribute(members, id, name);
    members.runUntil(() => phaseOf(test, id) === 'Reveal');
    const [first, second] = duePosts(members) as [TallyPost, TallyPost];
    if (second.body.tag !== 'Reveal') throw new Error('secrets are due');
    expect(say(first, first.body)).to.equal('ok');
    // What stands is not written over: the first subset of members 0 and 1 is the same.
    const secrets = second.body.value.secrets.map((secret, i) => (i === 0 ? secret.map((byte) => byte ^ 1) : secret));
    expect(say(second, { tag: 'Reveal', value: { secrets } })).to.equal('invalid.Custom5');
    expect(say(second, second.body)).to.equal('ok');
  });
});

describe('two rounds that overlap', () => {
  it('both settle, under keys of their own', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const first = beginRound(test);
    members.runUntil(() => phaseOf(test, first.id) === 'Open');
    for (const name of NAMES) contribute(members, first.id, name);
    members.runUntil(() => phaseOf(test, first.id) === 'Reveal');
    const second = runRound(members, NAMES);
    expect(phaseOf(test, second.id)).to.equal('Settled');
    const keys = [first.id, second.id].map((id) => roundInfoOf(test.chain.ctx, id).publicKey?.slice(0, 64).join());
    expect(new Set(keys).size).to.equal(2);
    // Nobody published the first round's direction: it failed at its deadline and harmed nothing.
    expect(phaseOf(test, first.id)).to.equal('Failed');
  });

  it('settle as well when they move in step, one with a silent member', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const rounds = [beginRound(test), beginRound(test)];
    members.conduct = (post, member) =>
      'round' in post && post.round === rounds[0]?.id && member === 3 ? undefined : post;
    members.runUntil(() => rounds.every(({ id }) => phaseOf(test, id) === 'Open'));
    for (const { id } of rounds) for (const name of NAMES) contribute(members, id, name);
    for (const round of rounds) {
      members.runUntil(() => ['Reveal', 'Check', 'Aggregate', 'Direction'].includes(phaseOf(test, round.id)));
    }
    for (const round of rounds) publish(members, round);
    members.runUntil(() => rounds.every(({ id }) => phaseOf(test, id) === 'Settled'));
  });
});

describe('posts ahead of their step', () => {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  const posted = (post: TallyPost) => tally.call.post({ post, signature: members.sign(post, post.member) });
  const validity = (post: TallyPost, source: 'external' | 'inBlock') => test.chain.validate(posted(post), source);
  let done: CompletedRound;
  /** The posts of members by step, as they were sent in their time. */
  const sent = new Map<string, TallyPost>();

  before(() => {
    members.runToActive();
    members.conduct = (post) => {
      if ('round' in post) sent.set(`${post.body.tag}/${post.member}`, post);
      return post;
    };
    done = runRound(members, NAMES);
    members.conduct = (post) => post;
  });

  it('wait in the pool from the opening on, in the order of the steps, and are in no block before their time', () => {
    const begun = beginRound(test);
    const ahead = (step: string): TallyPost => ({ ...sent.get(`${step}/2`)!, round: begun.id });
    for (const step of ['Reveal', 'Check', 'Aggregate', 'Payout']) {
      expect(validity(ahead(step), 'external'), step).to.deep.equal({ invalid: { tag: 'Future' } });
    }
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    const priorities = ['Reveal', 'Check', 'Aggregate', 'Payout'].map((step) => {
      const post = ahead(step);
      expect(validity(post, 'inBlock'), step).to.deep.equal({ invalid: { tag: 'Future' } });
      const found = validity(post, 'external');
      if (!('valid' in found)) throw new Error(`${step}: ${JSON.stringify(found)}`);
      return found.valid.priority;
    });
    expect(priorities).to.deep.equal(priorities.toSorted((a, b) => (a < b ? 1 : -1)));
    for (const step of ['Keying', 'KeyCheck']) {
      expect(validity(ahead(step), 'external'), step).to.deep.equal({ invalid: { tag: 'Stale' } });
    }
    const other = { ...ahead('Payout'), member: 3 };
    const forged = tally.call.post({ post: other, signature: members.sign(other, 2) });
    expect(test.chain.validate(forged, 'external')).to.deep.equal({ invalid: { tag: 'BadProof' } });
    expect(done.id).to.be.below(begun.id);
  });

  it('are no larger than an honest one, and of no step that the round has not', () => {
    const begun = beginRound(test);
    const say = (body: TallyBody): unknown => {
      return validity({ ...sent.get('Check/2')!, round: begun.id, body }, 'external');
    };
    const [future, bad] = [{ invalid: { tag: 'Future' } }, { invalid: { tag: 'Custom', value: 5 } }];
    const most = new Uint8Array(MAX_SHARE_BYTES);
    const { value } = sent.get('Aggregate/2')!.body as Extract<TallyBody, { tag: 'Aggregate' }>;
    const each = (items: number, residues: Uint8Array): TallyBody => {
      const { submissions } = findRound(test.chain.ctx, begun.id)!;
      const scalars = Array.from({ length: 2 * items }, () => new Uint8Array(32));
      const words = new Uint8Array();
      return { tag: 'CheckEach', value: { verdicts: new Uint8Array(submissions).fill(1), residues, words, scalars } };
    };
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    for (const name of NAMES) contribute(members, begun.id, name);
    expect(say({ tag: 'Aggregate', value })).to.have.property('valid');
    // Whether there are counts to open is not known yet: a post may be without them, and has no more than one slot of them.
    const ciphertexts = value.ciphertexts.slice(0, 2);
    const { dataPrimes } = fheParams('tacit-test-256-n4');
    const zeros = (slots: number): Uint8Array => new Uint8Array(residueBytes(dataPrimes, slots));
    const without = { ...value, ciphertexts, shares: zeros(VALUES) };
    expect(value.shares).to.have.length(zeros(VALUES + 1).length);
    expect(say({ tag: 'Aggregate', value: without })).to.have.property('valid');
    expect(say({ tag: 'Aggregate', value: { ...value, ciphertexts } })).to.deep.equal(bad);
    expect(say({ tag: 'Aggregate', value: { ...without, ciphertexts: value.ciphertexts } })).to.deep.equal(bad);
    expect(say({ tag: 'Aggregate', value: { ...value, ciphertexts: [...ciphertexts, ...ciphertexts] } })).to.deep.equal(
      bad,
    );
    expect(say({ tag: 'Aggregate', value: { ...value, shares: most } })).to.deep.equal(bad);
    expect(say({ tag: 'Sum', value: { ciphertext: new Uint8Array(32), shares: most } })).to.deep.equal(future);
    expect(say(each(NAMES.length, new Uint8Array()))).to.deep.equal(future);
    members.runUntil(() => phaseOf(test, begun.id) === 'Reveal');
    expect(say(each(NAMES.length, new Uint8Array()))).to.have.property('valid');
    expect(say(each(NAMES.length, most))).to.deep.equal(bad);
    expect(say(each(500, new Uint8Array()))).to.deep.equal(bad);
    // Nobody has reported: now it is known that there are no counts to open.
    members.runUntil(() => phaseOf(test, begun.id) === 'Direction');
    expect(say({ tag: 'Aggregate', value })).to.deep.equal(bad);
    expect(say({ tag: 'Aggregate', value: without })).to.have.property('valid');
  });

  it('a direction is taken from anyone, after the close, once, and only the one that was committed', () => {
    const begun = beginRound(test);
    const part = (index: number) => asBytes(begun.direction[index]!);
    const call = (index: number, changes: object = {}) =>
      tally.call.publishDirection({ round: begun.id, part: index, salt: SALT, direction: part(index), ...changes });
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    test.chain.expectNoop(Origin.none, call(0), 'invalid.Future');
    for (const name of NAMES) contribute(members, begun.id, name);
    members.runUntil(() => phaseOf(test, begun.id) === 'Direction');
    const changed = part(0).slice();
    changed[0]! ^= 1;
    test.chain.expectNoop(Origin.none, call(0, { direction: changed }), 'invalid.Custom5');
    test.chain.expectNoop(Origin.none, call(0, { direction: part(0).subarray(1) }), 'invalid.Custom5');
    test.chain.expectNoop(Origin.none, call(0, { direction: part(1) }), 'invalid.Custom5');
    test.chain.expectNoop(Origin.none, call(0, { salt: SALT.map((byte) => byte ^ 1) }), 'invalid.Custom5');
    test.chain.expectNoop(Origin.none, call(0, { part: 7 }), 'invalid.Custom5');
    test.chain.expectNoop(Origin.none, call(0, { round: 999 }), 'invalid.Custom1');
    expect(test.chain.dispatch(Origin.none, call(0))).to.equal('ok');
    test.chain.expectNoop(Origin.none, call(0), 'invalid.Stale');
    expect(phaseOf(test, begun.id)).to.equal('Direction');
    expect(test.chain.dispatch(Origin.none, call(1))).to.equal('ok');
    expect(phaseOf(test, begun.id)).to.equal('Aggregate');
    test.chain.expectNoop(Origin.none, call(0), 'invalid.Stale');
  });
});
