/** Writes and finalizes blocks as fast as it can and prints each acknowledged number, until it is killed. */
import { BlockStore, openLevel } from '../../../node/db/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';

const store = new BlockStore(await openLevel(process.argv[2]!));
const named = (name: string): string => toHex(blake2b256(utf8(name)));
const empty = { header: utf8('header of genesis'), body: [], trie: new Map<string, Uint8Array>() };
await store.initialize({ ref: { hash: named('genesis'), number: 0 }, ...empty });
for (let number = store.finalized().number + 1; ; number++) {
  const ref = { hash: named(`block ${number} of ${process.pid}`), number };
  await store.addBlock({
    ref,
    header: utf8('header'),
    body: [utf8('small'), new Uint8Array(20_000).fill(number)],
    trie: new Map([[named(`node ${number}`), new Uint8Array(500)]]),
  });
  await store.finalize({ enacted: [ref], pruned: [], justification: { hash: ref.hash, bytes: utf8('yes') } });
  process.stdout.write(`${number}\n`);
}
