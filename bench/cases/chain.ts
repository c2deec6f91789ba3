/** What a block costs beneath the pallets: signatures and the state's root. */
import { calculate_state_root } from '@acala-network/chopsticks-executor';
import { createPublicKey, verify as verifyNative } from 'node:crypto';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import {
  ed25519FromSeed,
  ed25519Sign,
  sr25519FromSeed,
  sr25519Sign,
  sr25519Verify,
} from '../../primitives/crypto/signature.ts';
import { type Change, type NodeStore, Trie } from '../../primitives/trie/index.ts';
import { type BenchCase, perSecond, type Sample, timed } from '../harness.ts';

/** DER of an ed25519 public key up to the 32 bytes of the key. */
const ED25519_SPKI = fromHex('0x302a300506032b6570032100');

export const sr25519: BenchCase = {
  name: 'sr25519-verify',
  title: 'sr25519 verifications of a message of 100 bytes, one thread',
  unit: '1/s',
  pace: 'processor',
  reference: 'OpenSSL: ed25519 verifications of the same message',
  async run() {
    const message = new Uint8Array(100).fill(7);
    const pair = sr25519FromSeed(new Uint8Array(32).fill(1));
    const signature = sr25519Sign(pair, message);
    const other = ed25519FromSeed(new Uint8Array(32).fill(1));
    const otherSignature = ed25519Sign(other, message);
    const key = createPublicKey({
      key: Buffer.concat([ED25519_SPKI, other.publicKey]),
      format: 'der',
      type: 'spki',
    });
    const verify = (): void => {
      if (!sr25519Verify(signature, message, pair.publicKey)) throw new Error('the signature does not verify');
    };
    const reference = (): void => {
      if (!verifyNative(null, message, key, otherSignature)) throw new Error('the signature does not verify');
    };
    return perSecond(timed(verify, { runs: 9, calls: 50, reference }));
  },
};

const ENTRIES = 20_000;
const CHANGED = 1000;

const change = (key: number, version: number): Change => [
  hash32Of('tacit/bench/1', 'key', key),
  hash32Of('tacit/bench/1', 'value', key, version).slice(0, 16 + (key % 17)),
];

export const trieUpdate: BenchCase = {
  name: 'trie-update',
  title: `state root after ${CHANGED.toLocaleString('en')} changed keys among ${ENTRIES.toLocaleString('en')}, nodes in memory`,
  unit: 'ms',
  pace: 'processor',
  async run() {
    const store: NodeStore = { get: () => undefined };
    const all = Array.from({ length: ENTRIES }, (_, key) => change(key, 0));
    const { trie } = new Trie(store, Trie.emptyRoot).apply(all);
    const changes = Array.from({ length: CHANGED }, (_, i) => change((i * 19) % ENTRIES, 1));
    return timed(() => trie.apply(changes).root, { runs: 15, calls: 3 });
  },
};

export const trieBuild: BenchCase = {
  name: 'trie-build',
  title: `state root of ${CHANGED.toLocaleString('en')} keys from nothing`,
  unit: 'ms',
  pace: 'processor',
  reference: "chopsticks-executor: smoldot's trie in wasm, the same keys",
  async run() {
    const store: NodeStore = { get: () => undefined };
    const entries = Array.from({ length: CHANGED }, (_, key) => change(key, 0));
    const hex = entries
      .map(([key, value]): [string, string] => [toHex(key), toHex(value as Uint8Array)])
      .toSorted(([a], [b]) => (a < b ? -1 : 1));
    const own = (): Uint8Array => new Trie(store, Trie.emptyRoot).apply(entries).root;
    const reference = async (): Promise<string> => calculate_state_root(hex, 1);
    if ((await reference()) !== toHex(own())) throw new Error('the two tries disagree');
    const samples: Sample[] = [];
    for (let i = 0; i < 9; i++) {
      const [sample] = timed(own, { runs: 1, calls: 3 }) as [Sample];
      const from = performance.now();
      for (let call = 0; call < 3; call++) await reference();
      samples.push({ ...sample, reference: (performance.now() - from) / 3 });
    }
    return samples;
  },
};
