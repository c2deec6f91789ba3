import { expect } from 'chai';
import { balances } from '../../../pallets/balances/index.ts';
import {
  EVIDENCE_DEPOSIT,
  EVIDENCE_HOLD,
  evidenceOf,
  registry,
  sharedTensorsOf,
} from '../../../pallets/registry/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import { type NamedTensor, TensorTree } from '../../../primitives/proofs/tensor-tree.ts';
import { named, newModel, newVersion, plainRelease } from '../../support/registry.ts';
import { ALICE, as, BOB, CAROL, DAVE, fresh, ok, POOR, reserved, who } from './support.ts';

const { call, errors } = registry;
const tensor = (name: string, content: string): NamedTensor => ({
  name,
  dtype: 'BF16',
  shape: [4n, 4n],
  digest: named(content),
});
const original = new TensorTree(['q', 'k', 'v', 'o', 'up'].map((name) => tensor(`layer.${name}`, name)));
/** Has one of its tensors under another name, and two of its own. */
const copy = new TensorTree([tensor('blk.0.attn_q', 'q'), tensor('a', 'mine'), tensor('z', 'mine too')]);

const releaseOf = (fingerprint: string, tree?: TensorTree) => ({
  ...plainRelease(named(fingerprint)),
  tensors: tree && { root: tree.root, count: tree.tensors.length },
});
const proofOf = (model: bigint, tree: TensorTree, name: string, version = 0) => ({
  model,
  version,
  name,
  ...tree.proofOf(name),
});
const { name: _, ...found } = tensor('', 'q');
const shared = { ...found, shape: [...found.shape] };

/** Models 0 (the original), 1 (the copy, as its second version) and 2 (without a tree). */
function withModels(): MockRuntime {
  const chain = fresh();
  ok(chain, ALICE, newModel(named('0'), { release: releaseOf('0', original) }));
  ok(chain, BOB, newModel(named('1')));
  ok(chain, BOB, newVersion(1n, named('1.1'), { release: releaseOf('1.1', copy) }));
  ok(chain, CAROL, newModel(named('2')));
  return chain;
}
const inOriginal = proofOf(0n, original, 'layer.q');
const inCopy = proofOf(1n, copy, 'blk.0.attn_q', 1);
const prove = (first = inOriginal, second = inCopy, what = shared) =>
  call.proveSharedTensor({ tensor: what, first, second });

describe('pallets/registry: evidence', () => {
  it('a tensor that stands in two models is proved by anyone, under whatever name, and seen from both', () => {
    const chain = withModels();
    ok(chain, DAVE, prove());
    const { path: _a, ...first } = inOriginal;
    const { path: _b, ...second } = inCopy;
    expect(evidenceOf(chain.ctx, 0n)).to.deep.equal({
      tensor: shared,
      first,
      second,
      by: who(DAVE),
      deposit: EVIDENCE_DEPOSIT,
      block: chain.ctx.block,
      since: chain.ctx.block,
      places: [0, 0],
    });
    expect(reserved(chain, DAVE)).to.equal(EVIDENCE_DEPOSIT);
    expect([sharedTensorsOf(chain.ctx, 0n, 1n), sharedTensorsOf(chain.ctx, 1n, 0n)]).to.deep.equal([1, 1]);
    const { store } = registry.use(chain.ctx);
    for (const model of [0n, 1n]) expect(store.modelEvidence.get(model, 0)).to.equal(0n);
    chain.expectNoop(as(POOR), prove(inCopy, inOriginal), balances.errors.InsufficientBalance);
  });

  it('is kept once, whichever model is named first', () => {
    const chain = withModels();
    ok(chain, DAVE, prove(inCopy, inOriginal));
    expect(evidenceOf(chain.ctx, 0n)?.first.model).to.equal(0n);
    chain.expectNoop(as(DAVE), prove(), errors.YoursAlready);
    chain.expectNoop(as(DAVE), prove(inCopy, inOriginal), errors.YoursAlready);
    expect(registry.use(chain.ctx).store.nextEvidence.get()).to.equal(1n);
  });

  it('what does not stand there is not proved', () => {
    const chain = withModels();
    const bad = (first: object, second: object = {}) => prove({ ...inOriginal, ...first }, { ...inCopy, ...second });
    for (const forged of [
      bad({ name: 'layer.k' }),
      bad({ index: inOriginal.index + 1 }),
      bad({ path: inOriginal.path.slice(1) }),
      bad({}, { path: [] }),
      bad({}, proofOf(1n, copy, 'a', 1)),
      prove(inOriginal, inCopy, { ...shared, dtype: 'F16' }),
      prove(inOriginal, inCopy, { ...shared, shape: [16n] }),
      prove(inOriginal, inCopy, { ...shared, digest: named('k') }),
    ])
      chain.expectNoop(as(DAVE), forged, errors.BadProof);
    chain.expectNoop(as(DAVE), bad({}, { model: 0n }), errors.SameModel);
    chain.expectNoop(as(DAVE), bad({}, { version: 0 }), errors.NoTensors);
    chain.expectNoop(as(DAVE), bad({}, { model: 2n, version: 0 }), errors.NoTensors);
    chain.expectNoop(as(DAVE), bad({}, { version: 2 }), errors.UnknownVersion);
    chain.expectNoop(as(DAVE), bad({ model: 9n }), errors.UnknownVersion);
  });

  it('stands as long as a dispute may last; then who keeps it may have its deposit back', () => {
    const chain = withModels();
    ok(chain, DAVE, prove());
    const withdraw = call.withdrawEvidence({ id: 0n });
    const since = chain.ctx.block;
    chain.expectNoop(as(DAVE), withdraw, errors.TooEarly);
    chain.expectNoop(as(ALICE), withdraw, errors.NotYours);
    chain.expectNoop(as(DAVE), call.withdrawEvidence({ id: 1n }), errors.UnknownEvidence);
    at(chain, since + EVIDENCE_HOLD - 1, () => chain.expectNoop(as(DAVE), withdraw, errors.TooEarly));
    at(chain, since + EVIDENCE_HOLD, () => ok(chain, DAVE, withdraw));
    expect([reserved(chain, DAVE), sharedTensorsOf(chain.ctx, 0n, 1n)]).to.deep.equal([0n, 0]);
    // And it can be proved again.
    ok(chain, CAROL, prove());
    expect(evidenceOf(chain.ctx, 1n)?.places).to.deep.equal([1, 1]);
  });

  it('attack: the copycat proves it first, to withdraw it in the right moment: whoever proves it again keeps it', () => {
    const chain = withModels();
    ok(chain, BOB, prove());
    const late = chain.ctx.block + EVIDENCE_HOLD;
    const { since } = evidenceOf(chain.ctx, 0n) ?? { since: 0 };
    const before = reserved(chain, BOB);
    at(chain, late, () => {
      ok(chain, DAVE, prove());
      chain.expectNoop(as(BOB), call.withdrawEvidence({ id: 0n }), errors.NotYours);
      // Taking it back, it has to be held again from now on.
      ok(chain, BOB, prove());
      chain.expectNoop(as(BOB), call.withdrawEvidence({ id: 0n }), errors.TooEarly);
      ok(chain, DAVE, prove());
    });
    expect(evidenceOf(chain.ctx, 0n)).to.deep.include({ by: who(DAVE), block: since, since: late });
    expect([before - reserved(chain, BOB), reserved(chain, DAVE)]).to.deep.equal([EVIDENCE_DEPOSIT, EVIDENCE_DEPOSIT]);
  });
});

/** Lets the open block have another number meanwhile: a month of blocks would take minutes. */
function at(chain: MockRuntime, block: number, body: () => void): void {
  const { header } = chain.ctx;
  const own = header.number;
  header.number = block;
  body();
  header.number = own;
}
