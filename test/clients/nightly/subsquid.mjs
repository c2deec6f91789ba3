// Decodes every finalized block of a node as an indexer of Subsquid does. Run in a folder that has its packages: node subsquid.mjs WS-URL LAST-BLOCK
// Prints JSON: how many blocks, and how often each call and event was found.
import process from 'node:process';
import { RpcClient } from '@subsquid/rpc-client';
import { RpcDataSource } from '@subsquid/substrate-data';

const [url, last] = process.argv.slice(2);
const rpc = new RpcClient({ url, log: null });
const source = new RpcDataSource({ rpc });
const wanted = { runtimeVersion: true, blockTimestamp: true, blockValidator: true, events: true };
const request = { ...wanted, extrinsics: { fee: true, hash: true } };
const names = {};
const count = ({ name }) => (names[name] = (names[name] ?? 0) + 1);
const blocks = [];
for await (const batch of source.getFinalizedBlocks([{ range: { from: 0, to: Number(last) }, request }], true)) {
  for (const block of batch.blocks) {
    blocks.push({ height: block.header.height, hash: block.header.hash, timestamp: block.header.timestamp });
    for (const one of [...(block.calls ?? []), ...(block.events ?? [])]) count(one);
    for (const { index, success } of block.extrinsics ?? [])
      if (success === undefined) throw new Error(`block ${block.header.height}: no outcome of extrinsic ${index}`);
  }
}
rpc.close();
console.log(JSON.stringify({ blocks, names }));
