/** Chains in memory on the real runtime's ground pallets, with a clock that stands still until it is moved. */
import type { AsideLimits } from '../../../node/chain/pool/aside.ts';
import { Chain, type Genesis, TransactionPool } from '../../../node/chain/index.ts';
import { AuraAuthor } from '../../../node/authoring/author.ts';
import { BlockStore, type KeyValue, openMemory } from '../../../node/db/index.ts';
import { verifyTask } from '../../../node/workers/index.ts';
import { aura } from '../../../pallets/aura/index.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { grandpa } from '../../../pallets/grandpa/index.ts';
import { session } from '../../../pallets/session/index.ts';
import { fromLatin1, type Host, type VerifyTask } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { timestamp } from '../../../pallets/timestamp/index.ts';
import { transactionPayment } from '../../../pallets/transaction-payment/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { ed25519FromSeed, type KeyPair, sr25519FromSeed, sr25519Sign } from '../../../primitives/crypto/signature.ts';
import type { TacitError } from '../../../primitives/errors.ts';
import { Trie } from '../../../primitives/trie/index.ts';
import { encodeSigned, makeRuntime, type MortalEra } from '../../../runtime/index.ts';

export const runtime = makeRuntime([system, timestamp, balances, transactionPayment, session, aura, grandpa], {
  specName: 'tacit-test',
  implName: 'tacit-test',
  specVersion: 1,
  transactionVersion: 1,
});

export const seedOf = (name: string): Uint8Array => blake2b256(utf8(name));
export const keyOf = (name: string): KeyPair => sr25519FromSeed(seedOf(name));
export const AUTHORS = ['alice', 'bob'] as const;
const UNIT = 1_000_000n;

export function genesisOf(users: readonly string[]): Genesis {
  const accounts = [...AUTHORS, ...users].map((name) => [keyOf(name).publicKey, 1_000_000n * UNIT] as const);
  const validators = AUTHORS.map((name) => ({
    account: keyOf(name).publicKey,
    keys: {
      aura: keyOf(`${name}//aura`).publicKey,
      grandpa: ed25519FromSeed(seedOf(`${name}//grandpa`)).publicKey,
      committee: keyOf(`${name}//committee`).publicKey,
    },
  }));
  const { changes, header } = runtime.genesis({
    genesis: { balances: { accounts }, session: { bond: 1000n * UNIT, validators } },
  });
  const writes = [...changes].map(([key, value]) => [fromLatin1(key), value] as const);
  const applied = new Trie({ get: () => undefined }, Trie.emptyRoot).apply(writes);
  return { applied, header: header(applied.root) };
}

export type TestVerifier = Host & { verify(tasks: readonly VerifyTask[]): Promise<boolean[]> };
export const verifier = {
  verify(asked: VerifyTask | readonly VerifyTask[]) {
    return 'kind' in asked ? verifyTask(asked) : Promise.resolve(asked.map(verifyTask));
  },
} as TestVerifier;

export const SLOT = 2000;
const START = 800_000_000;

/** Moves with the blocks that are authored: all nodes of a test share it. */
export class Clock {
  slot = START;
  readonly now = (): number => this.slot * SLOT + 50;
}

export interface TestNode {
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly author: AuraAuthor;
  readonly errors: unknown[];
  readonly kv: KeyValue;
}

export interface NodeOptions {
  readonly clock?: Clock;
  readonly users?: readonly string[];
  readonly kv?: KeyValue;
  readonly limits?: { count: number; bytes: number };
  readonly asideLimits?: AsideLimits;
  readonly authors?: readonly string[];
  readonly bodiesKept?: number;
  readonly verifier?: TestVerifier;
  readonly onDamage?: (damage: TacitError) => void;
}

export async function testNode(options: NodeOptions = {}): Promise<TestNode> {
  const { clock = new Clock(), users = ['carol', 'dave'], kv = openMemory(), authors = AUTHORS } = options;
  const errors: unknown[] = [];
  const onError = (error: unknown): unknown => errors.push(error);
  const genesis = genesisOf(users);
  const store = new BlockStore(kv, options.onDamage);
  const { verifier: host = verifier } = options;
  const parts = { store, runtime, verifier: host, genesis, now: clock.now, bodiesKept: options.bodiesKept, onError };
  const chain = await Chain.open(parts);
  const limits = {
    ...(options.limits && { limits: options.limits }),
    ...(options.asideLimits && { asideLimits: options.asideLimits }),
  };
  const pool = new TransactionPool({ chain, runtime, verifier: host, now: clock.now, onError, ...limits });
  const author = new AuraAuthor({
    chain,
    pool,
    runtime,
    host,
    keys: authors.map((name) => keyOf(`${name}//aura`)),
    now: clock.now,
    paused: () => false,
    onBlock: () => undefined,
    onError,
  });
  return { chain, pool, author, errors, kv };
}

/** Authors a block in the next slot (or a later one). */
export async function nextBlock({ author, chain }: TestNode, clock: Clock, skip = 0): Promise<string> {
  clock.slot += 1 + skip;
  const ref = await author.propose(clock.slot);
  return ref?.hash ?? chain.best().hash;
}

export interface Wish {
  readonly from: string;
  readonly to?: string;
  readonly nonce: number;
  readonly amount?: bigint;
  readonly tip?: bigint;
  readonly era?: MortalEra;
  readonly birthHash?: string;
  readonly signer?: string;
  /** Of the runtime it is signed for. */
  readonly specVersion?: number;
}

/** A signed transfer. */
export function transfer({ chain }: TestNode, wish: Wish): Uint8Array {
  const { from, to = 'dave', nonce, amount = UNIT, tip = 0n, era, signer = from, specVersion = 1 } = wish;
  const call = {
    tag: 'Balances',
    value: {
      tag: 'transferKeepAlive',
      value: { dest: { tag: 'Id', value: keyOf(to).publicKey }, value: amount },
    },
  };
  const genesisHash = fromHex(chain.genesisHash);
  const birthHash = wish.birthHash ? fromHex(wish.birthHash) : genesisHash;
  const facts = { specVersion, transactionVersion: 1, genesisHash, birthHash };
  const sign = (payload: Uint8Array) => ({ tag: 'Sr25519' as const, value: sr25519Sign(keyOf(signer), payload) });
  const signing = { account: keyOf(from).publicKey, nonce, tip, sign, ...(era ? { era } : {}) };
  return encodeSigned(runtime.callTy, call, signing, facts);
}

/** Gives a block of one node to another. */
export function give(from: TestNode, hash: string, to: TestNode) {
  const block = { header: from.chain.header(hash)!, body: from.chain.body(hash)! };
  return to.chain.importBlock(block, 'gossip');
}
