import { expect } from 'chai';
import * as fc from 'fast-check';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { readProof, Trie } from '../../../primitives/trie/index.ts';

const nothing = { get: () => undefined };
/** Few different bytes and lengths, so that keys share prefixes and contain one another. */
const key = fc
  .array(fc.constantFrom(0x00, 0x01, 0x10, 0x11, 0xff), { minLength: 0, maxLength: 5 })
  .map((bytes) => Uint8Array.from(bytes));
const value = fc.oneof(fc.uint8Array({ maxLength: 33 }), fc.uint8Array({ minLength: 64, maxLength: 100 }));
const state = fc
  .array(fc.tuple(key, value), { maxLength: 30 })
  .map((entries) => new Map(entries.map(([k, v]) => [toHex(k), v])));

const trieOf = (model: ReadonlyMap<string, Uint8Array>): Trie =>
  new Trie(nothing, Trie.emptyRoot).apply([...model].map(([k, v]) => [fromHex(k), v])).trie;

/** What a read gives: the text of its answer, or the code of its refusal. */
function outcome(read: () => unknown): string {
  try {
    return JSON.stringify(read(), (_, v: unknown) => (v instanceof Uint8Array ? toHex(v) : v)) ?? 'nothing';
  } catch (error) {
    if (isTacitError(error)) return error.code;
    throw error;
  }
}

const textOf = (found: Uint8Array | undefined): string => (found ? `"${toHex(found)}"` : 'nothing');

describe('primitives/trie/proof', () => {
  it('answers for every key that was proved, absence included, and never wrongly for another', () => {
    fc.assert(
      fc.property(state, fc.array(key, { maxLength: 6 }), fc.array(key, { maxLength: 6 }), (model, asked, others) => {
        const trie = trieOf(model);
        const proven = readProof(trie.root, trie.proof(asked));
        for (const k of asked) expect(outcome(() => proven.get(k))).to.equal(textOf(model.get(toHex(k))));
        for (const k of others)
          expect(outcome(() => proven.get(k))).to.be.oneOf([textOf(model.get(toHex(k))), 'trie/incomplete-proof']);
      }),
    );
  });

  it('a proof with nodes taken out or changed gives the same answers or none', () => {
    fc.assert(
      fc.property(state, fc.array(key, { minLength: 1, maxLength: 6 }), fc.nat(), fc.nat(), (model, asked, at, bit) => {
        const trie = trieOf(model);
        const nodes = trie.proof(asked);
        const place = at % nodes.length;
        const changed = nodes.map((node) => node.slice());
        const victim = changed[place] as Uint8Array;
        victim[(bit >> 3) % victim.length]! ^= 1 << (bit & 7);
        for (const lie of [nodes.toSpliced(place, 1), changed]) {
          for (const k of asked) {
            const heard = outcome(() => readProof(trie.root, lie).get(k));
            expect(heard).to.be.oneOf([textOf(model.get(toHex(k))), 'trie/incomplete-proof']);
          }
        }
      }),
    );
  });

  it('lists what stands under a prefix wholly, or not at all', () => {
    fc.assert(
      fc.property(state, key, fc.nat(), (model, prefix, left) => {
        const trie = trieOf(model);
        const under = [...trie.keys(prefix)];
        const whole = JSON.stringify(under.map(toHex));
        const list = (keys: Uint8Array[]): string =>
          outcome(() => readProof(trie.root, trie.proof([prefix, ...keys])).keys(prefix));
        expect(list(under)).to.equal(whole);
        // one that the prover does not mention is missed, unless its neighbours show it anyway
        if (under.length > 0)
          expect(list(under.toSpliced(left % under.length, 1))).to.be.oneOf([whole, 'trie/incomplete-proof']);
      }),
    );
  });

  it('refuses proofs that are too large before hashing them', () => {
    const node = new Uint8Array(100);
    expect(() => readProof(Trie.emptyRoot, [node, node], { nodes: 1, bytes: 1000 })).to.throw('2 nodes of 200 bytes');
    expect(() => readProof(Trie.emptyRoot, [node, node], { nodes: 2, bytes: 199 })).to.throw('2 nodes of 200 bytes');
    expect(readProof(Trie.emptyRoot, []).get(node)).to.equal(undefined);
  });
});
