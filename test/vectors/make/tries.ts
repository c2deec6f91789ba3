/** Roots of states and lists, and proofs of reads (§14.11). */
import { blake2b256, hash32Of } from '../../../primitives/crypto/hash.ts';
import { type NodeStore, orderedRoot, readProof, Trie } from '../../../primitives/trie/index.ts';
import { bad, type Case, type Datum, flipped, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('tries');
type Entries = readonly (readonly [key: Uint8Array, value: Uint8Array])[];

const EMPTY: NodeStore = { get: () => undefined };
const trieOf = (entries: Entries): Trie => new Trie(EMPTY, Trie.emptyRoot).apply(entries).trie;
const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);
const shown = (entries: Entries): Datum => entries.map(([key, value]) => [key, value]);

/** Keys that begin alike, values around the limits of 32 bytes. */
function states(): Readonly<Record<string, Entries>> {
  const many = Array.from({ length: 60 }, (_, i): [Uint8Array, Uint8Array] => [
    new Uint8Array([...bytes(1, 2, i % 7), ...hash32Of('tacit/vectors/1', i).subarray(0, 20)]),
    random(i),
  ]);
  return {
    nothing: [],
    'one entry': [[bytes(1, 2, 3), bytes(4)]],
    'an empty key and an empty value': [
      [bytes(), bytes(1)],
      [bytes(0), bytes()],
    ],
    'a key within a key': [
      [bytes(0x12), random(31)],
      [bytes(0x12, 0x34), random(32)],
      [bytes(0x12, 0x3f), random(33)],
      [bytes(0x13), random(100)],
    ],
    'a long key': [
      [random(40), random(5)],
      [random(200), random(50)],
    ],
    'sixty entries': many,
  };
}

function proofs(entries: Entries): Case[] {
  const trie = trieOf(entries);
  const [first, second] = [entries[3]![0], entries[40]![0]];
  const absent = bytes(1, 2, 3, 4);
  const nodes = trie.proof([first, second, absent]);
  const read = (name: string, root: Uint8Array, proof: readonly Uint8Array[], key: Uint8Array): Case =>
    good('readProof', name, { root, proof, key }, readProof(root, proof).get(key) ?? null);
  const refused = (name: string, root: Uint8Array, proof: readonly Uint8Array[], key: Uint8Array): Case =>
    bad('readProof', name, { root, proof, key }, () => readProof(root, proof).get(key));
  return [
    read('a value', trie.root, nodes, first),
    read('a value that stands beside its node', trie.root, nodes, second),
    read('an absent key', trie.root, nodes, absent),
    read('in another order, with what nothing needs', trie.root, [random(70), ...nodes.toReversed()], second),
    refused('a key that the proof leaves open', trie.root, nodes, entries[20]![0]),
    refused('another root', flipped(trie.root, 0), nodes, first),
    refused('a node changed', trie.root, [flipped(nodes[0]!, 5), ...nodes.slice(1)], first),
    refused('nothing', trie.root, [], first),
    ...malformed(),
  ];
}

/** Nodes that hash to the root they are given and have not their form. */
function malformed(): Case[] {
  const kinds: Readonly<Record<string, Uint8Array>> = {
    'a header that is none': bytes(0x08, 1, 2),
    'a leaf cut short': bytes(0x42, 0x12),
    'a leaf with a byte more': bytes(0x42, 0x12, 4, 9, 9),
    'padding that is not zero': bytes(0x41, 0x12, 4, 9),
    'a branch without children': bytes(0x80, 0, 0),
    'a value of 33 bytes in a leaf': new Uint8Array([0x42, 0x12, 33 << 2, ...random(33)]),
  };
  return Object.entries(kinds).map(([name, node]) => {
    const root = blake2b256(node);
    return bad('readProof', name, { root, proof: [node], key: bytes(0x12) }, () =>
      readProof(root, [node]).get(bytes(0x12)),
    );
  });
}

export function trieVectors(): Vectors {
  const all = states();
  const lists = [0, 1, 63, 64, 65, 300].map((count) => Array.from({ length: count }, (_, i) => random(i % 40)));
  return {
    spec: ['§14.11'],
    cases: [
      ...Object.entries(all).map(([name, entries]) => good('trieRoot', name, shown(entries), trieOf(entries).root)),
      ...lists.map((values) => good('listRoot', `${values.length} values`, values, orderedRoot(values))),
      ...proofs(all['sixty entries']!),
    ],
  };
}
