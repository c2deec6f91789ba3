/** A node over the transport in memory: real libp2p, gossip and GRANDPA; the chain is a toy. */
import { memory } from '@libp2p/memory';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { pino } from 'pino';
import type { Verifier } from '../../../node/base/types.ts';
import { type Equivocation, GrandpaService } from '../../../node/consensus/grandpa/index.ts';
import { NetworkService } from '../../../node/network/index.ts';
import { Sync } from '../../../node/sync/index.ts';
import { verifySignature } from '../../../pallets/support/host.ts';
import { ed25519FromSeed, ed25519Sign } from '../../../primitives/crypto/signature.ts';
import { MemoryMeta, ToyChainApi } from './toy-chain.ts';

export const verifier: Verifier = { verify: (tasks) => Promise.resolve(tasks.map(verifySignature)) };
export const voterKeys = Array.from({ length: 8 }, (_, at) => ed25519FromSeed(new Uint8Array(32).fill(at + 1)));
export const authoritiesOf = (...voters: number[]) =>
  voters.map((at) => ({ id: voterKeys[at]!.publicKey, weight: 1n }));

export const log = pino({ level: process.env['TEST_LOG'] ?? 'silent' });
let places = 0;

export interface ToyNodeOptions {
  readonly at: number;
  readonly chain: ToyChainApi;
  readonly bootnodes?: readonly string[];
  readonly store?: MemoryMeta;
  readonly voting?: boolean;
  readonly cut?: ReadonlySet<string>;
}

export class ToyNode {
  readonly chain: ToyChainApi;
  readonly network: NetworkService;
  readonly grandpa: GrandpaService;
  readonly store: MemoryMeta;
  /** Told of every equivocation the node catches. */
  onEquivocation: (equivocation: Equivocation) => void = () => undefined;

  private constructor(chain: ToyChainApi, network: NetworkService, grandpa: GrandpaService, store: MemoryMeta) {
    this.chain = chain;
    this.network = network;
    this.grandpa = grandpa;
    this.store = store;
  }

  static async start(options: ToyNodeOptions): Promise<ToyNode> {
    const { at, chain, bootnodes = [], store = new MemoryMeta(), voting = true, cut } = options;
    const network = await NetworkService.create({
      chain,
      sync: (wire) =>
        new Sync({ chain, verifier, log: log.child({ node: at }), now: () => performance.now(), network: wire }),
      key: await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(100 + at)),
      log: log.child({ node: at }),
      listen: [`/memory/toy-${places++}`],
      bootnodes,
      transports: [memory()],
      ...(cut === undefined ? {} : { gate: (peer: string) => !cut.has(peer) }),
    });
    const pair = voterKeys[at]!;
    const key = { publicKey: pair.publicKey, sign: (payload: Uint8Array) => ed25519Sign(pair, payload) };
    let node: ToyNode | undefined;
    const grandpa = new GrandpaService({
      chain,
      wire: network.grandpa,
      store,
      verifier,
      log: log.child({ node: at }),
      period: 40,
      onEquivocation: (_proof, equivocation) => node?.onEquivocation(equivocation),
      ...(voting ? { key } : {}),
    });
    await network.start();
    grandpa.start();
    node = new ToyNode(chain, network, grandpa, store);
    return node;
  }

  async stop(): Promise<void> {
    await this.grandpa.stop();
    await this.network.stop();
  }
}
