import { expect } from 'chai';
import * as fc from 'fast-check';
import { isTacitError } from '../../../primitives/errors.ts';
import { isTensorIn, MAX_TENSORS, tensorHash, tensorLeaf, TensorTree } from '../../../primitives/proofs/tensor-tree.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { concatBytes, littleEndian, utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256, blake2b512, hash32Of } from '../../../primitives/crypto/hash.ts';

const tensor = (n: number) => ({
  name: `layer.${n}.weight`,
  dtype: 'F32',
  shape: [BigInt(n + 1), 4n],
  digest: blake2b256(utf8(`tensor ${n}`)),
});
const tree = (count: number) => new TensorTree(Array.from({ length: count }, (_, n) => tensor(n)));
const claimOf = (of: TensorTree, n: number) => {
  const { name, ...content } = tensor(n);
  return { root: of.root, count: of.tensors.length, leaf: tensorLeaf(name, content), ...of.proofOf(name) };
};

describe('primitives/proofs: tensor tree', () => {
  it('is what the document says, from the bytes up', () => {
    // docs/register.md, once more by hand: 32 bytes of blake2b-512 over parts that stand behind their lengths (u32 LE).
    const hash = (...parts: Uint8Array[]) =>
      blake2b512(concatBytes(...parts.flatMap((part) => [littleEndian(BigInt(part.length), 4), part]))).slice(0, 32);
    const digest = blake2b256(utf8('x'));
    const content = hash(
      utf8('tacit/tensor/1'),
      utf8('BF16'),
      concatBytes(littleEndian(2n, 8), littleEndian(3n, 8)),
      digest,
    );
    const leaf = (name: string) => hash(utf8('tacit/tensor-leaf/1'), utf8(name), content);
    const node = (left: Uint8Array, right: Uint8Array) => hash(utf8('tacit/tensor-node/1'), left, right);
    const top = node(node(leaf('a'), leaf('b')), leaf('c'));
    const root = hash(utf8('tacit/tensor-root/1'), littleEndian(3n, 8), top);
    const tensors = ['b', 'c', 'a'].map((name) => ({ name, dtype: 'BF16', shape: [2n, 3n], digest }));
    expect(toHex(new TensorTree(tensors).root)).to.equal(toHex(root));
    expect(toHex(tensorHash({ dtype: 'BF16', shape: [2n, 3n], digest }))).to.equal(toHex(content));
    expect(toHex(root)).to.equal('0xc8c3827bdc1af73cf3274b93fe218575b2a4749554ccbcc52d857078d4cff4c8');
  });

  it('takes what a proof can say, as files have it, and nothing else', () => {
    const base = tensor(0);
    const taken = [
      { name: 'x'.repeat(256), dtype: 'F8_E4M3', shape: [0n] },
      { name: 'é'.repeat(128), dtype: 'x'.repeat(16), shape: [] },
      { name: '', dtype: 'F4', shape: Array.from({ length: 8 }, () => 2n ** 64n - 1n) },
    ];
    for (const more of taken) expect(new TensorTree([{ ...base, ...more }]).tensors).to.have.length(1);
    const refused = [
      { name: 'x'.repeat(257) },
      { name: 'é'.repeat(129) },
      // Written as bytes it would be the same as other such names.
      { name: '\ud800' },
      { dtype: 'x'.repeat(17) },
      { shape: Array.from({ length: 9 }, () => 1n) },
      { digest: new Uint8Array(31) },
    ];
    for (const more of refused) {
      let code: unknown;
      try {
        code = new TensorTree([tensor(1), { ...base, ...more }]).root;
      } catch (error) {
        code = isTacitError(error) ? error.code : error;
      }
      expect(code, JSON.stringify(more.name ?? Object.keys(more))).to.equal('proofs/bad-tensors');
    }
  });

  it('proves each tensor of each size of tree', () => {
    for (let count = 1; count <= 33; count++) {
      const of = tree(count);
      for (let n = 0; n < count; n++) expect(isTensorIn(claimOf(of, n)), `${n} of ${count}`).to.equal(true);
    }
  });

  it('proves nothing else: another place, count, leaf, hash, or length of path', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 70 }), fc.nat(), fc.nat(), fc.nat({ max: 5 }), (count, at, other, how) => {
        const of = tree(count);
        const [n, m] = [at % count, other % (count + 40)];
        const claim = claimOf(of, n);
        const flipped = claim.path.map((hash, i) => (i === m % claim.path.length ? hash.map((b) => b ^ 1) : hash));
        const forged = [
          { ...claim, index: m },
          { ...claim, count: m },
          { ...claim, path: flipped },
          { ...claim, path: claim.path.slice(1) },
          { ...claim, path: [...claim.path, claim.root] },
          { ...claim, leaf: claim.path[0]! },
        ][how]!;
        const isSame = (how === 0 && m === claim.index) || (how === 1 && m === count);
        expect(isTensorIn(forged)).to.equal(isSame);
      }),
      { numRuns: 400 },
    );
  });

  it('no inner node passes for a tensor, and no tree for a part of it', () => {
    const of = tree(4);
    const claim = claimOf(of, 0);
    // The first two leaves' node as the leaf of a tree of two.
    const inner = claimOf(tree(2), 0);
    expect(isTensorIn({ ...claim, count: 2, path: claim.path.slice(1), leaf: inner.root })).to.equal(false);
    expect(isTensorIn({ ...claim, root: inner.root })).to.equal(false);
    expect(isTensorIn({ ...claim, count: 2 ** 20 + 1 })).to.equal(false);
  });

  it('has no places beyond its last leaf: one tensor has one place', () => {
    for (const count of [1, 2, 3, 4, 5, 8, 16]) {
      const of = tree(count);
      for (let n = 0; n < count; n++) {
        const claim = claimOf(of, n);
        for (let index = 0; index < 5 * count; index++)
          expect(isTensorIn({ ...claim, index }), `${n} of ${count} at ${index}`).to.equal(index === claim.index);
      }
    }
  });

  it('is not larger than proofs are made for: the last leaf of an odd tree has a short way to the root', () => {
    const [left, leaf] = [blake2b256(utf8('left')), blake2b256(utf8('leaf'))];
    const top = hash32Of('tacit/tensor-node/1', left, leaf);
    const claimed = (count: number) =>
      isTensorIn({ root: hash32Of('tacit/tensor-root/1', count, top), count, leaf, index: count - 1, path: [left] });
    expect([2 ** 19 + 1, MAX_TENSORS + 1, 2 ** 31 + 1].map(claimed)).to.deep.equal([true, false, false]);
    // Whoever registers a root chooses what is under it, and how many leaves it says: neither a longer nor a shorter way than that number's is one.
    expect([1, 2, 3, 4, 5].map(claimed)).to.deep.equal([false, true, true, false, true]);
  });

  it('is made of tensors with different names, of which it proves none that it has not', () => {
    const code = (run: () => unknown): string | undefined => {
      try {
        run();
      } catch (error) {
        return isTacitError(error) ? error.code : undefined;
      }
      return 'none';
    };
    expect(code(() => new TensorTree([]))).to.equal('proofs/bad-tensors');
    expect(code(() => new TensorTree([tensor(0), tensor(1), { ...tensor(2), name: tensor(0).name }]))).to.equal(
      'proofs/bad-tensors',
    );
    expect(code(() => tree(3).proofOf('layer.3.weight'))).to.equal('proofs/no-tensor');
    expect(code(() => tree(3).proofOf('layer.2.weight'))).to.equal('none');
  });

  it('keeps names, types and shapes apart', () => {
    const digest = blake2b256(utf8('x'));
    const all = [
      { name: 'a', dtype: 'F32', shape: [2n, 3n], digest },
      { name: 'aF', dtype: '32', shape: [2n, 3n], digest },
      { name: 'a', dtype: 'F32', shape: [3n, 2n], digest },
      { name: 'a', dtype: 'F32', shape: [6n], digest },
      { name: 'a', dtype: 'F32', shape: [2n, 3n, 1n], digest },
      { name: 'a', dtype: 'F16', shape: [2n, 3n], digest },
    ];
    expect(new Set(all.map((each) => toHex(tensorLeaf(each.name, each)))).size).to.equal(all.length);
  });
});
