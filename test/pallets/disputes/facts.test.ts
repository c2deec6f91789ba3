/** What the chain decides by what it knows: copies by their tensors, grants by their time. */
import { expect } from 'chai';
import { access, grantOf, licensing, type Terms, terms as termsTy } from '../../../pallets/licensing/index.ts';
import { type Asset, ownership, standingOf } from '../../../pallets/ownership/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import type { RuntimeCall } from '../../../pallets/support/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { type NamedTensor, TensorTree } from '../../../primitives/proofs/tensor-tree.ts';
import { named, newModel, newVersion, numbered, plainRelease } from '../../support/registry.ts';
import { acceptShare } from '../../support/ownership.ts';
import {
  ANYONE,
  by,
  call,
  court,
  type Court,
  digest,
  errors,
  HEIR,
  judge,
  OWNER,
  report,
  REPORTER,
  START,
  VICTIM,
  wealth,
  who,
  WINDOW,
} from './support.ts';

const tensor = (name: string, content: string): NamedTensor => ({
  name,
  dtype: 'BF16',
  shape: [4n],
  digest: named(content),
});
const treeOf = (...contents: string[]): TensorTree => new TensorTree(contents.map((each) => tensor(`t.${each}`, each)));
const LETTERS = [...'abcdefghij'];
const original = treeOf(...LETTERS);
const others = treeOf(...'zyxwvutsrq');
const release = (name: string, tree: TensorTree) => ({
  ...plainRelease(named(name)),
  tensors: { root: tree.root, count: tree.tensors.length },
});
const model = (value: bigint): Asset => ({ tag: 'Model', value });
const mint = (it: Court, n: number, name: string, tree: TensorTree): void => {
  it.ok(n, newModel(named(name), { release: release(name, tree) }));
  it.pass(1);
};
const publish = (it: Court, n: number, id: bigint, name: string, tree: TensorTree): void => {
  it.ok(n, newVersion(id, named(name), { release: release(name, tree), semver: numbered(2, 0, 0) }));
  it.pass(1);
};
const accuse = (it: Court, asset: bigint, against: bigint, evidence = 1): bigint => {
  it.ok(REPORTER, report({ asset: model(asset), against: model(against), evidence }));
  return BigInt(evidence - 1);
};
const byFacts = (id = 0n): RuntimeCall => call.ruleByFacts({ id });
/** Proves that the two have these in common, wherever they stand in them. */
function prove(it: Court, letters: readonly string[], first: [bigint, TensorTree], second: [bigint, TensorTree]): void {
  for (const letter of letters) {
    const { name: _, ...what } = tensor('', letter);
    const place = ([id, tree]: [bigint, TensorTree]) => ({
      model: id,
      version: 0,
      name: `t.${letter}`,
      ...tree.proofOf(`t.${letter}`),
    });
    const proofs = { first: place(first), second: place(second) };
    it.ok(ANYONE, registry.call.proveSharedTensor({ tensor: { ...what, shape: [...what.shape] }, ...proofs }));
  }
}

describe('pallets/disputes: copies by rule', () => {
  it('the tree of tensors of an older model is a copy, without a panel, and the ruling can be appealed', () => {
    const it = court();
    mint(it, VICTIM, 'original', original);
    mint(it, OWNER, 'copy', original);
    accuse(it, 1n, 0n);
    expect(standingOf(it.chain.ctx, model(1n)).frozenUntil, 'a report alone').to.equal(undefined);
    it.ok(ANYONE, byFacts());
    expect(standingOf(it.chain.ctx, model(1n)).frozenUntil).to.not.equal(undefined);
    expect(it.dispute().ruling?.basis.tag).to.equal('Rule');
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.WrongPhase);
    it.ok(OWNER, call.appeal({ id: 0n, digests: [digest(4)] }));
    judge(it, () => 'Dismissed');
    expect(standingOf(it.chain.ctx, model(1n)).frozenUntil).to.equal(undefined);
  });

  it('who registered first is not a copy of who came later', () => {
    const it = court();
    mint(it, VICTIM, 'original', original);
    mint(it, OWNER, 'copy', original);
    accuse(it, 0n, 1n);
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.NoRule);
  });

  it('nobody takes the tree of a younger model into a later version of an old one, and accuses it', () => {
    const it = court();
    mint(it, OWNER, 'old', others);
    mint(it, VICTIM, 'original', original);
    publish(it, OWNER, 0n, 'taken', original);
    accuse(it, 1n, 0n);
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.NoRule);
    accuse(it, 0n, 1n, 2);
    it.ok(ANYONE, byFacts(1n));
  });

  it('most tensors proved to stand in an older model make a copy; fewer do not', () => {
    const it = court();
    const copy = treeOf(...LETTERS.slice(0, 8), 'mine', 'too');
    mint(it, VICTIM, 'original', original);
    mint(it, OWNER, 'copy', copy);
    accuse(it, 1n, 0n);
    prove(it, LETTERS.slice(0, 7), [0n, original], [1n, copy]);
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.NoRule);
    prove(it, LETTERS.slice(7, 8), [0n, original], [1n, copy]);
    it.ok(ANYONE, byFacts());
  });

  it('eight of many tensors are no copy by rule', () => {
    const it = court();
    const large = treeOf(...LETTERS.slice(0, 8), ...Array.from({ length: 8 }, (_, i) => `mine${i}`));
    mint(it, VICTIM, 'original', original);
    mint(it, OWNER, 'large', large);
    accuse(it, 1n, 0n);
    prove(it, LETTERS.slice(0, 8), [0n, original], [1n, large]);
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.NoRule);
  });

  it('tensors that an older model got in a later version prove nothing by rule', () => {
    const it = court();
    const taken = treeOf(...LETTERS, 'more');
    mint(it, OWNER, 'old', taken);
    mint(it, VICTIM, 'original', original);
    publish(it, OWNER, 0n, 'later', others);
    accuse(it, 1n, 0n);
    prove(it, LETTERS, [0n, taken], [1n, original]);
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.NoRule);
  });

  it('a part of the copy offered to the owner of the original makes it no accomplice', () => {
    const it = court();
    mint(it, VICTIM, 'original', original);
    mint(it, OWNER, 'copy', original);
    it.ok(OWNER, ownership.call.giveShare({ asset: model(1n), to: { tag: 'Id', value: who(VICTIM) }, bps: 1 }));
    it.ok(OWNER, ownership.call.transfer({ asset: model(1n), to: { tag: 'Id', value: who(HEIR) } }));
    accuse(it, 1n, 0n);
    it.ok(ANYONE, byFacts());
  });

  it('what is shared by descent, or by an owner, is no copy', () => {
    const it = court();
    const setLink = (child: bigint, parent: bigint): void => {
      const { store } = registry.use(it.chain.ctx);
      const about = { relation: { tag: 'FinetunedFrom' as const }, shareBps: 0, ceiling: undefined };
      const link = { parent: model(parent), ...about, version: 0, block: it.chain.ctx.block };
      store.links.put(child, [link]);
      store.children.put(model(parent), store.childCount.get(model(parent)), {
        asset: model(child),
        relation: about.relation,
        version: 0,
      });
      store.childCount.mutate(model(parent), (count) => count + 1);
    };
    mint(it, VICTIM, 'base', others);
    mint(it, VICTIM, 'original', original);
    mint(it, OWNER, 'copy', original);
    accuse(it, 2n, 1n);
    it.ok(VICTIM, ownership.call.giveShare({ asset: model(1n), to: { tag: 'Id', value: who(OWNER) }, bps: 1 }));
    it.ok(OWNER, acceptShare(model(1n), who(VICTIM), 1));
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.NoRule);
    it.ok(OWNER, ownership.call.giveShare({ asset: model(1n), to: { tag: 'Id', value: who(VICTIM) }, bps: 1 }));
    setLink(2n, 0n);
    setLink(1n, 0n);
    it.chain.expectNoop(by(ANYONE), byFacts(), errors.NoRule);
  });
});

const SOME_TERMS: Terms = {
  base: { tag: 'Spdx', value: 'Apache-2.0' },
  purposes: 31,
  tiers: 31,
  seats: 4,
  price: { tag: 'Free' },
  duration: 30,
  uses: undefined,
  grace: 20,
  transferable: true,
  derivatives: { tag: 'Yes' },
  revenueShare: 0,
  revenueCeiling: undefined,
  restrictions: 0,
  territory: [],
  renewal: { tag: 'None' },
  approvers: [],
  approvals: 0,
};

/** A grant of Victim's model that Heir holds. */
function granted(): { it: Court; asset: Asset } {
  const it = court();
  mint(it, VICTIM, 'original', original);
  const asset = model(0n);
  it.ok(VICTIM, licensing.call.storeTerms({ terms: SOME_TERMS }));
  const terms = blake2b256(termsTy.codec.enc(SOME_TERMS));
  it.ok(VICTIM, licensing.call.offer({ asset, terms, buyer: undefined, until: undefined }));
  it.ok(HEIR, licensing.call.buy({ asset, offer: 0n, most: 0n }));
  return { it, asset };
}
const reportGrant = (kind: 'Misuse' | 'Expired', grant = 0n) =>
  call.report({
    subject: { tag: 'Grant', value: grant },
    kind: { tag: kind },
    digests: [digest(1)],
    against: undefined,
  });

describe('pallets/disputes: grants', () => {
  it('a holder that breaks the terms loses the grant at the end, not before', () => {
    const { it, asset } = granted();
    it.ok(VICTIM, reportGrant('Misuse'));
    it.chain.expectNoop(by(REPORTER), reportGrant('Misuse'), errors.AlreadyTried);
    expect(standingOf(it.chain.ctx, asset).tags, 'nothing is said of the work').to.deep.equal([]);
    it.ok(HEIR, call.answer({ id: 0n, digests: [] }));
    judge(it, () => 'Upheld');
    expect(access(it.chain.ctx, asset, who(HEIR)).tiers).to.equal(31);
    it.pass(WINDOW);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(access(it.chain.ctx, asset, who(HEIR)).reason?.tag).to.equal('GrantRevoked');
    expect(grantOf(it.chain.ctx, 0n)?.revocation?.isRuling).to.equal(true);
  });

  it('has one dispute at a time, and a holder that gives it back leaves nothing to decide over', () => {
    const { it } = granted();
    it.ok(VICTIM, reportGrant('Misuse'));
    const another = call.report({
      subject: { tag: 'Grant', value: 0n },
      kind: { tag: 'Misuse' },
      digests: [digest(2)],
      against: undefined,
    });
    it.chain.expectNoop(by(REPORTER), another, errors.TooManyOpen);
    it.ok(HEIR, licensing.call.close({ grant: 0n }));
    it.pass(2 * WINDOW);
    it.ok(ANYONE, call.ruleSilence({ id: 0n }));
    it.pass(WINDOW);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(wealth(it, HEIR)).to.equal(START);
  });

  it('whose time is over is ended by rule, and a report of it before that is refused', () => {
    const { it } = granted();
    it.chain.expectNoop(by(VICTIM), reportGrant('Expired'), errors.NotSo);
    it.chain.expectNoop(by(VICTIM), reportGrant('Expired', 5n), errors.UnknownGrant);
    it.chain.expectNoop(by(HEIR), reportGrant('Misuse'), errors.OwnSubject);
    it.pass(49);
    it.chain.expectNoop(by(VICTIM), reportGrant('Expired'), errors.NotSo);
    it.pass(1);
    it.ok(VICTIM, reportGrant('Expired'));
    it.ok(ANYONE, byFacts());
    it.pass(WINDOW);
    it.ok(ANYONE, call.conclude({ id: 0n }));
    expect(grantOf(it.chain.ctx, 0n)?.revocation?.isRuling).to.equal(true);
  });
});
