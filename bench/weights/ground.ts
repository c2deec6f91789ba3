/** What is beneath the calls: checks, the database, the handling of an extrinsic and of a block. In microseconds. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Keyring } from '@polkadot/keyring';
import { system } from '../../pallets/system/index.ts';
import { verifySignature, type VerifyTask } from '../../pallets/support/index.ts';
import { openLevel } from '../../node/db/index.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { randomScalar, times, G } from '../../primitives/crypto/ristretto.ts';
import { proveSchnorr, verifySchnorr } from '../../primitives/crypto/schnorr.ts';
import { type Change, type NodeStore, Trie } from '../../primitives/trie/index.ts';
import { dev, TestChain } from '../../test/runtime/chain.ts';
import { openHiddenBin } from '../../primitives/proofs/hidden-bin.ts';
import { verifyHiddenClaim } from '../../primitives/proofs/hidden-check.ts';
import { proveHiddenClaim } from '../../primitives/proofs/hidden-claim.ts';
import { fullHiddenBin } from '../cases/hidden-claims.ts';
import { median } from '../harness.ts';
import { withFolder } from '../support/process.ts';

export interface GroundCosts {
  readonly checks: Readonly<Record<VerifyTask['kind'], number>>;
  /** One key, read for the first time, and written with its share of the new root. */
  readonly read: number;
  readonly write: number;
  /** Decoding, nonce, fee and events of one extrinsic whose call does nothing and whose signature is not looked at. */
  readonly extrinsic: number;
  /** Beginning and ending an empty block. */
  readonly block: number;
}

const RUNS = 9;
const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));

/** The median, over some runs, of what one of `calls` calls takes. */
function micros(calls: number, body: (index: number) => void): number {
  const run = (): number => {
    const from = performance.now();
    for (let i = 0; i < calls; i++) body(i);
    return ((performance.now() - from) * 1000) / calls;
  };
  run();
  return median(Array.from({ length: RUNS }, run));
}

function signatureCost(kind: 'sr25519' | 'ed25519' | 'ecdsa'): number {
  const pair = new Keyring({ type: kind }).createFromUri('//Alice');
  const message = random(100);
  const task: VerifyTask = { kind, parts: [pair.addressRaw, message, pair.sign(message)] };
  return micros(60, () => {
    if (!verifySignature(task)) throw new Error(`the ${kind} signature does not verify`);
  });
}

function schnorrCost(): number {
  const secret = randomScalar(random);
  const key = times(G, secret).toBytes();
  const message = random(64);
  const proof = proveSchnorr(secret, message, random(32));
  return micros(40, () => {
    if (!verifySchnorr(key, message, proof)) throw new Error('the proof does not verify');
  });
}

/** In a full bin that no thread has opened yet. */
function hiddenClaimCost(): number {
  const { bin, terms, witness, change } = fullHiddenBin();
  const { terms: whole, proof } = proveHiddenClaim(openHiddenBin(bin), terms, witness, change, random);
  return micros(4, () => {
    if (!verifyHiddenClaim({ bin: openHiddenBin(bin), terms: whole, proof }))
      throw new Error('the claim does not verify');
  });
}

const ENTRIES = 100_000;
const TOUCHED = 1000;
const STEP = 97;

const change = (key: number, version: number): Change => [
  hash32Of('tacit/weights/1', 'key', key),
  hash32Of('tacit/weights/1', 'value', key, version),
];

/** Keys among a hundred thousand in LevelDB, none of them in memory. */
async function databaseCosts(): Promise<Pick<GroundCosts, 'read' | 'write'>> {
  return withFolder(async (folder) => {
    const kv = await openLevel(join(folder, 'db'));
    const store: NodeStore = { get: (hash) => kv.get(hash) };
    const put = (inserted: ReadonlyMap<string, Uint8Array>): Promise<void> =>
      kv.write(
        [...inserted].map(([hash, node]) => [fromHex(hash), node] as const),
        false,
      );
    const all = Array.from({ length: ENTRIES }, (_, key) => change(key, 0));
    let { root, inserted } = new Trie(store, Trie.emptyRoot).apply(all);
    await put(inserted);
    const [reads, writes]: [number[], number[]] = [[], []];
    for (let run = 1; run <= RUNS; run++) {
      const trie = new Trie(store, root);
      const changes = Array.from({ length: TOUCHED }, (_, i) => change((run * 31 + i * STEP) % ENTRIES, run));
      const from = performance.now();
      for (const [key] of changes) if (trie.get(key) === undefined) throw new Error('a key is missing');
      const between = performance.now();
      ({ root, inserted } = trie.apply(changes));
      await put(inserted);
      reads.push(((between - from) * 1000) / TOUCHED);
      writes.push(((performance.now() - between) * 1000) / TOUCHED);
    }
    await kv.close();
    return { read: median(reads), write: median(writes) };
  });
}

function blockCosts(): Pick<GroundCosts, 'extrinsic' | 'block'> {
  const chain = new TestChain();
  Object.assign(chain, { host: { verify: () => true } });
  const [alice, count] = [dev('Alice'), 400];
  const remark = system.call.remark({ remark: new Uint8Array(0) });
  const signed = Array.from({ length: count }, (_, nonce) => chain.signed(alice, remark, nonce));
  const time = (chain.slot + 1n) * 2000n + 7n;
  const extrinsics: number[] = [];
  const block = micros(1, () => {
    const run = chain.begin();
    for (const inherent of run.inherents(time)) run.apply(inherent);
    run.finish();
  });
  for (let turn = 0; turn <= RUNS; turn++) {
    const run = chain.begin();
    for (const inherent of run.inherents(time)) run.apply(inherent);
    const from = performance.now();
    for (const bytes of signed) if (run.apply(bytes) !== 'ok') throw new Error('a remark was refused');
    if (turn > 0) extrinsics.push(((performance.now() - from) * 1000) / count);
  }
  return { extrinsic: median(extrinsics), block };
}

export async function groundCosts(): Promise<GroundCosts> {
  const checks = {
    sr25519: signatureCost('sr25519'),
    ed25519: signatureCost('ed25519'),
    ecdsa: signatureCost('ecdsa'),
    schnorr: schnorrCost(),
    'hidden-claim': hiddenClaimCost(),
  };
  return { checks, ...(await databaseCosts()), ...blockCosts() };
}
