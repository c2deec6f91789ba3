/**
 * A chain on paper for tests of the light client: headers, states and justifications that are real, without a runtime or a server. `ask` answers as an honest
 * node does; tests that lie put something in front of it.
 */
import type { Request, TrustRoot } from '../../../client/sdk/light/index.ts';
import { storage, version } from '../../../client/sdk/generated/chain.ts';
import { type StorageItem, storageKey } from '../../../client/sdk/storage.ts';
import {
  digestItem,
  type DigestItem,
  type Header,
  header as headerTy,
  headerHash,
} from '../../../primitives/block/header.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519FromSeed, ed25519Sign, type KeyPair } from '../../../primitives/crypto/signature.ts';
import { encodeJustification, votePayload } from '../../../primitives/grandpa/index.ts';
import { bytes, fixed, struct, tuple, u32, u64, vec } from '../../../primitives/scale/index.ts';
import { type Change, Trie } from '../../../primitives/trie/index.ts';

const nothing = { get: () => undefined };
const finalityProof = struct('', { block: fixed(32), justification: bytes, unknownHeaders: vec(headerTy) });
const scheduledChange = struct('', { nextAuthorities: vec(tuple(fixed(32), u64)), delay: u32 });

/** An entry of a state. */
export function entry<K extends unknown[], V, G>(item: StorageItem<K, V, G>, keys: K, value: V): Change {
  const key = (storageKey as (of: StorageItem<K, V, G>, ...keys: unknown[]) => Uint8Array)(item, ...keys);
  return [key, item.value.codec.enc(value)];
}

/** Voters of a name: the same keys for the same name. */
export function voters(name: string, count = 4): KeyPair[] {
  return Array.from({ length: count }, (_, i) => ed25519FromSeed(hash32Of('test/paper-chain', name, i)));
}

/** The log by which a header hands over to other voters. */
export function changeTo(next: readonly KeyPair[], delay = 0, kind = 1): DigestItem {
  const log = scheduledChange.codec.enc({ nextAuthorities: next.map(({ publicKey }) => [publicKey, 1n]), delay });
  return { tag: 'Consensus', value: [utf8('FRNK'), Uint8Array.of(kind, ...log)] };
}

/** A proof of finality by some keys, honest or not. */
export function justificationBy(keys: readonly KeyPair[], setId: bigint, header: Header, round = 1n): Uint8Array {
  const target = { hash: toHex(headerHash(header)), number: header.number };
  const message = votePayload(setId, round, 'precommit', target);
  const precommits = keys.map((key) => ({ target, id: toHex(key.publicKey), signature: ed25519Sign(key, message) }));
  return encodeJustification(round, { target, precommits }, () => header);
}

interface Block {
  readonly header: Header;
  readonly state: Trie;
  readonly justification: Uint8Array | undefined;
}

export interface NextBlock {
  readonly changes?: readonly Change[];
  /** Who votes from here on. */
  readonly next?: readonly KeyPair[];
  readonly logs?: readonly DigestItem[];
  /** Whether this block has a justification of its own; by default it has. */
  readonly justified?: boolean;
}

export class PaperChain {
  readonly blocks: Block[] = [];
  readonly root: TrustRoot;
  #voters: readonly KeyPair[];
  #setId = 0n;

  constructor(changes: readonly Change[] = [], chainType: TrustRoot['chainType'] = 'Development', name = 'first') {
    this.#voters = voters(name);
    this.root = {
      name,
      chainType,
      genesis: undefined,
      block: { number: 0, hash: undefined },
      set: { setId: 0n, authorities: this.#voters.map(({ publicKey }) => ({ id: publicKey, weight: 1n })) },
    };
    const state = new Trie(nothing, Trie.emptyRoot).apply([
      [utf8(':code'), utf8(`${version.specName}-${version.specVersion}`)],
      ...changes,
    ]).trie;
    const zero = new Uint8Array(32);
    const header = { parentHash: zero, number: 0, stateRoot: state.root, extrinsicsRoot: zero, digest: { logs: [] } };
    this.blocks.push({ header, state, justification: undefined });
  }

  get genesis(): Uint8Array {
    return headerHash((this.blocks[0] as Block).header);
  }

  get head(): Block {
    return this.blocks.at(-1) as Block;
  }

  /** Appends a block; its voters finalize it. */
  block({ changes = [], next, logs = [], justified = true }: NextBlock = {}): this {
    const parent = this.head;
    const number = parent.header.number + 1;
    const all = [
      entry(storage.system.blockHash, [0], this.genesis),
      entry(storage.timestamp.now, [], BigInt(Date.now())),
      ...(next ? [entry(storage.grandpa.setBegan, [this.#setId + 1n], number)] : []),
      ...changes,
    ];
    const state = parent.state.apply(all).trie;
    const header: Header = {
      parentHash: headerHash(parent.header),
      number,
      stateRoot: state.root,
      extrinsicsRoot: new Uint8Array(32),
      digest: { logs: [...(next ? [changeTo(next)] : []), ...logs] },
    };
    const justification = justified || next ? justificationBy(this.#voters.slice(1), this.#setId, header) : undefined;
    this.blocks.push({ header, state, justification });
    if (next) {
      this.#voters = next;
      this.#setId++;
    }
    return this;
  }

  readonly ask: Request = async (method, params) => {
    const answer = this.#methods[method];
    if (answer === undefined) throw new Error(`a paper chain knows no ${method}`);
    return answer(...params);
  };

  readonly #methods: Readonly<Record<string, (...params: readonly unknown[]) => unknown>> = {
    chain_getFinalizedHead: () =>
      toHex(headerHash((this.blocks.findLast((one) => one.justification) ?? this.head).header)),
    chain_getBlockHash: (number) => toHex(headerHash((this.blocks[Number(number)] as Block).header)),
    chain_getHeader: (hash) => headerJson(this.#of(hash).header),
    grandpa_proveFinality: (number) => {
      const after = this.blocks.slice(Number(number));
      const place = after.findIndex(({ justification }) => justification !== undefined);
      const { header, justification } = after[place] ?? {};
      if (header === undefined || justification === undefined) return null;
      const unknownHeaders = after.slice(1, place + 1).map((block) => block.header);
      return proofHex(header, justification, unknownHeaders);
    },
    state_getStorage: (key) => {
      const found = this.head.state.get(fromHex(String(key)));
      return found ? toHex(found) : null;
    },
    state_getReadProof: (keys, at) => ({
      at,
      proof: this.#of(at)
        .state.proof((keys as string[]).map(fromHex))
        .map(toHex),
    }),
    state_getKeysPaged: (prefix, count, after, at) => {
      const keys = [
        ...this.#of(at).state.keys(fromHex(String(prefix)), after === '0x' ? undefined : fromHex(String(after))),
      ];
      return keys.slice(0, Number(count)).map(toHex);
    },
  };

  #of(hash: unknown): Block {
    const found = this.blocks.find(({ header }) => toHex(headerHash(header)) === hash);
    if (found === undefined) throw new Error(`no block ${String(hash)}`);
    return found;
  }
}

export function proofHex(of: Header, justification: Uint8Array, unknownHeaders: readonly Header[] = []): string {
  return toHex(finalityProof.codec.enc({ block: headerHash(of), justification, unknownHeaders: [...unknownHeaders] }));
}

export function headerJson(of: Header): object {
  return {
    parentHash: toHex(of.parentHash),
    number: `0x${of.number.toString(16)}`,
    stateRoot: toHex(of.stateRoot),
    extrinsicsRoot: toHex(of.extrinsicsRoot),
    digest: { logs: of.digest.logs.map((log) => toHex(digestItem.codec.enc(log))) },
  };
}

/** The code of the error that some work ends with, 'none' if it does not. */
export async function codeOf(work: () => Promise<unknown>): Promise<string> {
  return work().then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );
}
