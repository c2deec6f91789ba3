/** What a node reads from others, and from its own disk. */
import { rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCRC32 } from 'hash-wasm';
import { concatBytes, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { blake2b256, hash32Of } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { lockFile } from '../../../client/sdk/node/lock.ts';
import { heardHolder, tellHolder } from '../../../node/process/lock-holder.ts';
import { Vault } from '../../../node/committee/vault.ts';
import {
  grandpaGossip,
  grandpaRequest,
  grandpaResponse,
  votePosition,
  voterRecord,
} from '../../../node/consensus/grandpa/formats.ts';
import { LastVote } from '../../../node/consensus/grandpa/last-vote.ts';
import { decodeBody, encodeBody } from '../../../node/db/body.ts';
import { unsnappy } from '../../../node/db/snappy.ts';
import { damagedTable } from '../../../node/db/tables.ts';
import { parseAddress, parseListenAddress } from '../../../node/network/addresses.ts';
import { blockAnnouncement, responses, syncRequest, transactionAnnouncement } from '../../../node/network/wire.ts';
import { parseOrigins } from '../../../node/rpc/origins.ts';
import { sessionKeys } from '../../../pallets/session/index.ts';
import { scratchFolder } from '../../support/scratch.ts';
import type { Decoder } from '../attack.ts';
import { drawn, ofType } from '../seeds.ts';

const NETWORK = 'node/network';
const GRANDPA = 'node/consensus/grandpa';

const messages: readonly Decoder[] = [
  ofType('request of a peer', syncRequest, `${NETWORK}/requests.ts#Requests`),
  ofType('status of a peer', responses.status),
  ofType('blocks of a peer', responses.blocks),
  ofType('transaction of a peer', responses.transaction),
  ofType('pool of a peer', responses.pool),
  ofType('peers of a peer', responses.peers),
  ofType('announced block', blockAnnouncement, `${NETWORK}/topics.ts#Topics`),
  ofType('announced transactions', transactionAnnouncement, `${NETWORK}/transactions.ts#Transactions`),
  ofType('votes on a topic', grandpaGossip, `${GRANDPA}/judge.ts#judgeGossip`),
  ofType('request of a voter', grandpaRequest),
  ofType('answer of a voter', grandpaResponse, `${GRANDPA}/dialogue.ts#Dialogue`),
  ofType('session keys', sessionKeys, 'node/rpc/methods/keys.ts#sessionKeysParam'),
];

const PEER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
const addresses: readonly Decoder[] = [
  {
    name: 'address of a peer',
    covers: [`${NETWORK}/addresses.ts#parseAddress`, `${NETWORK}/addresses.ts#parseListenAddress`],
    texts: () => [`/ip4/192.0.2.1/tcp/30333/p2p/${PEER}`, `/ip6/::1/tcp/1/p2p/${PEER}`, '/dns4/example.org/tcp/30333'],
    // Peers send no longer ones: wire.ts.
    read: (text) => [parseListenAddress(text.slice(0, 256)), parseAddress(text.slice(0, 256))],
  },
  {
    name: 'origins',
    covers: ['node/rpc/origins.ts#parseOrigins'],
    texts: () => ['all', 'none', 'https://example.org', 'talisman,https://a.b:8080', 'tauri://localhost'],
    read: parseOrigins,
  },
  {
    name: 'holder of a lock',
    covers: ['node/process/lock-holder.ts#heardHolder'],
    texts: () => [tellHolder('a node')],
    read: heardHolder,
  },
];

let folder: string | undefined;
const fileIn = (name = 'file'): string => join((folder ??= scratchFolder('fuzz')), name);

/** A table of LevelDB whose list of blocks are these bytes: one empty block, the list with its checksum, and the footer. */
async function tableOf(list: Uint8Array): Promise<Uint8Array> {
  const hasher = await createCRC32(0x82f6_3b78);
  const block = (bytes: Uint8Array): Uint8Array => {
    const kept = concatBytes(bytes, Uint8Array.of(0));
    const plain = Number.parseInt(hasher.init().update(kept).digest('hex'), 16);
    const masked = (((plain >>> 15) | (plain << 17)) + 0xa282_ead8) >>> 0;
    return concatBytes(kept, littleEndian(BigInt(masked), 4));
  };
  const [empty, index] = [block(new Uint8Array()), block(list)];
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)]);
  const handle = [...varint(empty.length), ...varint(list.length)];
  const footer = new Uint8Array(48);
  footer.set([...handle, ...handle]);
  footer.set(littleEndian(0xdb47_7524_8b80_fb57n, 8), 40);
  return concatBytes(empty, index, footer);
}

const plainSealer = { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes };

/** What a vault's file holds inside its seal. */
function vault(text: string): unknown {
  const path = fileIn('vault');
  writeFileSync(path, text);
  const opened = new Vault(path, plainSealer, { genesis: fromHex(key), takesUnnamed: true });
  rmSync(path);
  return opened.contents;
}

const key = toHex(hash32Of('tacit/fuzz/1'));
const files: readonly Decoder[] = [
  ofType('record of votes', voterRecord, `${GRANDPA}/set.ts#loadRecord`),
  {
    name: 'last vote',
    covers: [`${GRANDPA}/last-vote.ts#decode`],
    share: 0.05,
    seeds: () => drawn(votePosition),
    read: async (bytes) => {
      const named = concatBytes(fromHex(key), bytes);
      writeFileSync(fileIn(), concatBytes(blake2b256(named), named));
      const { position } = await LastVote.open(fileIn(), key);
      return position && votePosition.codec.enc(position);
    },
  },
  {
    name: 'table of the database',
    covers: ['blockAt', 'handlesIn', 'tableFault'].map((name) => `node/db/tables.ts#${name}`),
    share: 0.02,
    // A key of one byte, and a block of none at the beginning; a list of nothing.
    seeds: () => [Uint8Array.from([0, 1, 2, 9, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]), new Uint8Array(4)],
    read: async (list) => {
      writeFileSync(fileIn('table.ldb'), await tableOf(list));
      await damagedTable(dirname(fileIn('table.ldb')));
      return undefined;
    },
  },
  {
    name: 'stored body',
    covers: ['node/db/body.ts#decodeBody'],
    seeds: () => [encodeBody([{ inline: new Uint8Array(5) }, { large: hash32Of('tacit/fuzz/1') }]), encodeBody([])],
    read: (bytes) => encodeBody(decodeBody(bytes)),
  },
  {
    name: 'compressed block of the database',
    covers: ['node/db/snappy.ts#unsnappy'],
    seeds: () => [Uint8Array.from([10, 4, 1, 2, 0b1_0001, 2, 0b111_10, 2, 0]), Uint8Array.from([3, 8, 1, 2, 3])],
    read: (bytes) => unsnappy(bytes, 'db/bad-table') && undefined,
  },
  {
    name: 'lock of a file',
    covers: ['client/sdk/node/lock.ts#holderOf'],
    share: 0.02,
    texts: () => [JSON.stringify({ id: 'x', pid: 1, began: '', boot: '', machine: 'elsewhere', since: '2026' })],
    read: async (text) => {
      writeFileSync(fileIn('lock'), text);
      try {
        await lockFile(fileIn('lock'))[Symbol.asyncDispose]();
      } finally {
        rmSync(fileIn('lock'), { force: true });
      }
    },
  },
  {
    name: 'vault',
    covers: ['node/committee/vault.ts#fileIn'],
    share: 0.1,
    texts: () => [
      '{"version":1,"setup":null,"chain":null,"rounds":[]}',
      JSON.stringify({
        version: 2,
        genesis: key,
        setup: { term: 1, attempt: 0, encryption: key, dealt: [[0, key, key]] },
        chain: { term: 1, sequence: 4, keys: [[0, key]] },
        rounds: [[3, [[0, key]]]],
      }),
    ],
    read: vault,
  },
];

export const NODE: readonly Decoder[] = [...messages, ...addresses, ...files];
