import * as oracle from '@acala-network/chopsticks-executor';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { type Change, type NodeStore, orderedRoot, proofStore, Trie } from '../../../primitives/trie/index.ts';

/** A store that the tests can look into. */
function memoryStore(): NodeStore & { nodes: Map<string, Uint8Array> } {
  const nodes = new Map<string, Uint8Array>();
  return { nodes, get: (hash) => nodes.get(toHex(hash)) };
}

/** Applies, stores, and opens the result afresh, so that nothing is served from memory. */
function reopened(store: ReturnType<typeof memoryStore>, root: Uint8Array, changes: Iterable<Change>): Trie {
  const applied = new Trie(store, root).apply(changes);
  for (const [hash, bytes] of applied.inserted) store.nodes.set(hash, bytes);
  return new Trie(store, applied.root);
}

const fromHexText = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace('0x', ''), 'hex'));
const sortedByKey = (entries: Map<string, Uint8Array>): [string, string][] =>
  [...entries].map(([key, value]): [string, string] => [key, toHex(value)]).sort(([a], [b]) => (a < b ? -1 : 1));
const listed = (trie: Trie, prefix = new Uint8Array(0), after?: Uint8Array): [string, string][] =>
  [...trie.entries(prefix, after)].map(([key, value]) => [toHex(key), toHex(value)]);

/** Few different bytes and lengths, so that keys share prefixes and contain one another. */
const key = fc
  .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xff), { minLength: 0, maxLength: 6 })
  .map((bytes) => Uint8Array.from(bytes));
const value = fc.oneof(
  fc.uint8Array({ minLength: 0, maxLength: 40 }),
  fc.uint8Array({ minLength: 31, maxLength: 33 }),
  fc.uint8Array({ minLength: 64, maxLength: 300 }),
);
const change = fc.tuple(key, fc.option(value, { freq: 3, nil: null }));

function replay(changes: readonly (readonly [Uint8Array, Uint8Array | null])[]): Map<string, Uint8Array> {
  const model = new Map<string, Uint8Array>();
  for (const [k, v] of changes) {
    if (v === null) model.delete(toHex(k));
    else model.set(toHex(k), v);
  }
  return model;
}
const fromModel = (model: Map<string, Uint8Array>): Change[] =>
  [...model].map(([k, v]) => [fromHexText(k), v] as const);

describe('primitives/trie', () => {
  it('has the known root of an empty trie', () => {
    expect(toHex(Trie.emptyRoot)).to.equal('0x03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314');
    expect(toHex(new Trie(memoryStore(), Trie.emptyRoot).apply([]).root)).to.equal(toHex(Trie.emptyRoot));
    expect(toHex(orderedRoot([]))).to.equal(toHex(Trie.emptyRoot));
  });

  it('agrees with the independent implementation on roots', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, value), { minLength: 1, maxLength: 40 }), async (entries) => {
        const model = replay(entries);
        const { root } = new Trie(memoryStore(), Trie.emptyRoot).apply(fromModel(model));
        const theirs = await oracle.calculate_state_root(sortedByKey(model), 1);
        expect(toHex(root)).to.equal(theirs);
      }),
      { numRuns: 150 },
    );
  });

  it('agrees with the independent implementation on long shared paths and many children', async () => {
    const entries = Array.from({ length: 700 }, (_, i): [Uint8Array, Uint8Array] => {
      const long = new Uint8Array(i % 3 === 0 ? 180 : 34).fill(7);
      long.set([i >> 8, i & 255], long.length - 2);
      return [long, blake2b256(Uint8Array.of(i & 255, i >> 8)).slice(0, i % 33)];
    });
    const { root } = new Trie(memoryStore(), Trie.emptyRoot).apply(entries);
    const theirs = await oracle.calculate_state_root(
      entries.map(([k, v]) => [toHex(k), toHex(v)]),
      1,
    );
    expect(toHex(root)).to.equal(theirs);
  });

  it('gives read proofs that the independent implementation decodes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(key, value), { minLength: 1, maxLength: 30, selector: ([k]) => toHex(k) }),
        fc.nat(),
        async (entries, pick) => {
          const store = memoryStore();
          const trie = reopened(store, Trie.emptyRoot, entries);
          const [wanted, expected] = entries[pick % entries.length]!;
          const proof = trie.proof([wanted]);
          const decoded = (await oracle.decode_proof(toHex(trie.root), proof.map(toHex))) as [string, string][];
          expect(new Map(decoded).get(toHex(wanted))).to.equal(toHex(expected));
          expect(toHex(new Trie(proofStore(proof), trie.root).get(wanted)!)).to.equal(toHex(expected));
        },
      ),
      { numRuns: 100 },
    );
  });

  it('proves absence, and a proof of one key does not answer for another', () => {
    const store = memoryStore();
    const entries = Array.from(
      { length: 64 },
      (_, i): Change => [blake2b256(Uint8Array.of(i)), new Uint8Array(40).fill(i)],
    );
    const trie = reopened(store, Trie.emptyRoot, entries);
    const absent = new Uint8Array(32);
    expect(new Trie(proofStore(trie.proof([absent])), trie.root).get(absent)).to.equal(undefined);
    const other = new Trie(proofStore(trie.proof([entries[0]![0]])), trie.root);
    expect(() => other.get(entries[1]![0]))
      .to.throw()
      .with.property('code', 'trie/missing-node');
  });

  it('random insertions and deletions in several blocks equal a fresh build', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 15 }), { minLength: 1, maxLength: 8 }), (blocks) => {
        const store = memoryStore();
        let linked = new Trie(store, Trie.emptyRoot);
        for (const block of blocks) {
          const applied = linked.apply(block);
          for (const [hash, bytes] of applied.inserted) store.nodes.set(hash, bytes);
          linked = applied.trie;
        }
        const model = replay(blocks.flat());
        const fresh = new Trie(memoryStore(), Trie.emptyRoot).apply(fromModel(model));
        expect(toHex(linked.root)).to.equal(toHex(fresh.root));
        const loaded = new Trie(store, linked.root);
        expect(listed(loaded)).to.deep.equal(sortedByKey(model));
        for (const [k, v] of fromModel(model)) expect(toHex(loaded.get(k)!)).to.equal(toHex(v!));
      }),
      { numRuns: 300 },
    );
  });

  it('leaves the trie it was made from as it was', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), fc.array(change, { maxLength: 20 }), (first, second) => {
        const before = new Trie(memoryStore(), Trie.emptyRoot).apply(first).trie;
        const kept = listed(before);
        const one = before.apply(second);
        const two = before.apply(second);
        expect(listed(before)).to.deep.equal(kept);
        expect(toHex(one.root)).to.equal(toHex(two.root));
      }),
    );
  });

  it('lists by prefix and pages from any key', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 40 }), key, key, (entries, prefix, after) => {
        const model = replay(entries);
        const trie = reopened(memoryStore(), Trie.emptyRoot, entries);
        const under = sortedByKey(model).filter(([k]) => k.startsWith(toHex(prefix)));
        expect(listed(trie, prefix)).to.deep.equal(under);
        expect(listed(trie, prefix, after)).to.deep.equal(under.filter(([k]) => k > toHex(after)));
        expect([...trie.keys(prefix, after)].map(toHex)).to.deep.equal(listed(trie, prefix, after).map(([k]) => k));
      }),
    );
  });

  it('changes the closest merkle value whenever something under the prefix changes', () => {
    // Not only then: a new key above or beside the prefix may shorten the path of the node that is closest.
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 30 }), change, key, (entries, [k, v], prefix) => {
        const before = reopened(memoryStore(), Trie.emptyRoot, entries);
        const { trie: after } = before.apply([[k, v]]);
        const one = before.closestDescendantMerkleValue(prefix);
        const two = after.closestDescendantMerkleValue(prefix);
        const same = JSON.stringify(listed(before, prefix)) === JSON.stringify(listed(after, prefix));
        if (!same) expect(one && toHex(one)).to.not.equal(two && toHex(two));
        expect(one === undefined).to.equal(listed(before, prefix).length === 0);
      }),
    );
  });

  it('refuses nodes that are not canonical', () => {
    const bad = ['', '41', '42ff', '8000', '800000', '41f5', '4000ff', '410584', '8001000102'];
    for (const bytes of bad.map(fromHexText)) {
      const hash = blake2b256(bytes);
      const trie = new Trie({ get: () => bytes }, hash);
      expect(() => trie.get(Uint8Array.of(5)), toHex(bytes))
        .to.throw()
        .with.property('code', 'trie/bad-node');
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        try {
          new Trie({ get: () => bytes }, blake2b256(bytes)).get(Uint8Array.of(1, 2, 3));
        } catch (error) {
          expect(error).to.have.property('code', 'trie/bad-node');
        }
      }),
    );
  });

  it('writes few nodes for a small change of a large trie', () => {
    const store = memoryStore();
    const many = Array.from(
      { length: 5000 },
      (_, i): Change => [blake2b256(Uint8Array.of(i, i >> 8)), new Uint8Array(48)],
    );
    const trie = reopened(store, Trie.emptyRoot, many);
    const { inserted } = trie.apply([[many[42]![0], Uint8Array.of(1)]]);
    expect(inserted.size).to.be.lessThan(8);
    expect(trie.residents).to.be.lessThan(20);
  });

  it('numbers a list by compact keys', async () => {
    for (const length of [1, 63, 64, 65, 300]) {
      const values = Array.from({ length }, (_, i) => new Uint8Array(i % 50).fill(i));
      const entries = values.map((v, i): [string, string] => [
        i < 64 ? toHex(Uint8Array.of(i << 2)) : toHex(Uint8Array.of(((i << 2) | 1) & 255, i >> 6)),
        toHex(v),
      ]);
      expect(toHex(orderedRoot(values))).to.equal(await oracle.calculate_state_root(entries, 1));
    }
  });
});
