/** Four validators on the real chain, its database in a folder, and the real voter; between them a hub instead of a network. */
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { ChainApi, Verifier, VerifyTask } from '../../../../node/base/types.ts';
import { AuraAuthor } from '../../../../node/authoring/author.ts';
import { Chain, chainApi, TransactionPool } from '../../../../node/chain/index.ts';
import { GrandpaService } from '../../../../node/consensus/grandpa/index.ts';
import type { LastVote } from '../../../../node/consensus/grandpa/last-vote.ts';
import { openLastVote } from '../../../../node/consensus/grandpa/set.ts';
import { BlockStore, openLevel } from '../../../../node/db/index.ts';
import type { GrandpaListener } from '../../../../node/network/types.ts';
import { verifyTask } from '../../../../node/workers/index.ts';
import { fromLatin1, type Host } from '../../../../pallets/support/index.ts';
import { TacitError } from '../../../../primitives/errors.ts';
import { ed25519FromSeed, ed25519Sign, type KeyPair } from '../../../../primitives/crypto/signature.ts';
import { Trie } from '../../../../primitives/trie/index.ts';
import { scratchFolder } from '../../../support/scratch.ts';
import { keyOf, runtime, seedOf, SLOT } from '../../chain/harness.ts';
import { log } from '../../network/toy-node.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const PERIOD = 60;
const FIRST_SLOT = 800_000_000;
export const grandpaKey = (index: number): KeyPair => ed25519FromSeed(seedOf(`${NAMES[index]}//grandpa`));

function genesis() {
  const validators = NAMES.map((name, index) => ({
    account: keyOf(name).publicKey,
    keys: {
      aura: keyOf(`${name}//aura`).publicKey,
      grandpa: grandpaKey(index).publicKey,
      committee: keyOf(`${name}//committee`).publicKey,
    },
  }));
  const accounts = NAMES.map((name) => [keyOf(name).publicKey, 10n ** 12n] as const);
  const { changes, header } = runtime.genesis({
    genesis: { balances: { accounts }, session: { bond: 10n ** 9n, validators } },
  });
  const writes = [...changes].map(([key, value]) => [fromLatin1(key), value] as const);
  const applied = new Trie({ get: () => undefined }, Trie.emptyRoot).apply(writes);
  return { applied, header: header(applied.root) };
}

const verifier = {
  verify: (asked: VerifyTask | readonly VerifyTask[]) =>
    'kind' in asked ? verifyTask(asked) : Promise.resolve(asked.map(verifyTask)),
} as Verifier & Host;

export interface RealNode {
  readonly index: number;
  readonly chain: Chain;
  readonly api: ChainApi;
  readonly store: BlockStore;
  readonly author: AuraAuthor;
  readonly service: GrandpaService;
  readonly lastVote: LastVote;
}

const folders = scratchFolder('grandpa-real');

export class RealNet {
  readonly nodes: (RealNode | undefined)[] = [undefined, undefined, undefined, undefined];
  readonly #listeners = new Map<number, GrandpaListener>();
  readonly #folder = mkdtempSync(join(folders, 'net-'));
  /** Hears all gossip of the nodes. */
  onGossip: (data: Uint8Array) => void = () => undefined;
  isOpen = true;
  #slot = FIRST_SLOT;
  readonly verifier = verifier;

  up(): RealNode[] {
    return this.nodes.filter((node) => node !== undefined);
  }

  async boot(index: number): Promise<void> {
    const store = new BlockStore(await openLevel(join(this.#folder, `${index}`)));
    const onError = (error: unknown): void => log.error(error);
    const now = (): number => this.#slot * SLOT + 50;
    const parts = { runtime, verifier, now, onError };
    const chain = await Chain.open({ ...parts, store, genesis: genesis(), bodiesKept: undefined });
    const pool = new TransactionPool({ ...parts, chain });
    const api = chainApi(chain, pool);
    const lastVote = await openLastVote(join(this.#folder, `${index}.last-vote`), chain.genesisHash, store.meta);
    const key = grandpaKey(index);
    const service = new GrandpaService({
      chain: api,
      wire: this.#wire(index, chain),
      store: store.meta,
      verifier,
      log,
      key: { publicKey: key.publicKey, sign: (payload) => ed25519Sign(key, payload) },
      lastVote,
      period: PERIOD,
    });
    const author = new AuraAuthor({
      ...parts,
      chain,
      pool,
      host: verifier,
      keys: [keyOf(`${NAMES[index]}//aura`)],
      paused: () => false,
      onBlock: () => undefined,
    });
    this.nodes[index] = { index, chain, api, store, author, service, lastVote };
    service.start();
  }

  async halt(index: number): Promise<void> {
    const node = this.nodes[index];
    this.nodes[index] = undefined;
    this.#listeners.delete(index);
    await node?.service.stop();
    await node?.chain.close();
  }

  /** A message to all, as from a peer. */
  publish(data: Uint8Array, except?: number): void {
    for (const [index, listener] of this.#listeners) {
      if (index !== except) setImmediate(() => this.isOpen && void listener.onGossip('peer', data));
    }
  }

  /** Asks a node, as a peer would. */
  async ask(index: number, request: Uint8Array): Promise<Uint8Array> {
    return this.#listeners.get(index)!.onRequest('stranger', request);
  }

  /** A block by a validator in its next slot; known to itself only. */
  async authorBy(index: number): Promise<string> {
    do this.#slot++;
    while (this.#slot % NAMES.length !== index);
    const ref = await this.nodes[index]!.author.propose(this.#slot);
    if (ref === undefined) throw new Error(`validator ${index} made no block`);
    return ref.hash;
  }

  async give(from: number, hash: string, ...to: number[]): Promise<void> {
    const { chain } = this.nodes[from]!;
    const block = { header: chain.header(hash)!, body: chain.body(hash)! };
    for (const index of to) await this.nodes[index]?.chain.importBlock(block, 'sync');
  }

  /** A block that everybody gets. */
  async extend(index: number): Promise<string> {
    const hash = await this.authorBy(index);
    await this.give(index, hash, ...this.up().map((node) => node.index));
    return hash;
  }

  /** Resolves when every running node has finalized so much. */
  async untilFinal(height: number): Promise<void> {
    await Promise.all(
      this.up().map(
        ({ chain }) =>
          new Promise<void>((resolve) => {
            const look = (): void => {
              if (chain.finalized().number >= height) resolve();
            };
            chain.on('finalized', look);
            look();
          }),
      ),
    );
  }

  #wire(index: number, chain: Chain) {
    return {
      publish: (data: Uint8Array) => {
        if (!this.isOpen) return;
        this.onGossip(data);
        this.publish(data, index);
      },
      request: async (peer: string, data: Uint8Array) => {
        const listener = this.isOpen ? this.#listeners.get(Number(peer)) : undefined;
        if (listener === undefined) throw new TacitError('network/unreachable', 'not there');
        return listener.onRequest(String(index), data);
      },
      peers: () => [...this.#listeners.keys()].filter((other) => other !== index).map(String),
      punish: () => undefined,
      want: ({ hash }: { readonly hash: string }) => {
        const holder = this.up().find((node) => node.chain !== chain && node.chain.header(hash) !== undefined);
        if (holder !== undefined) void this.give(holder.index, hash, index);
      },
      attach: (listener: GrandpaListener) => {
        this.#listeners.set(index, listener);
      },
    };
  }
}
