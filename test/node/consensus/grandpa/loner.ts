import type { MetaStore } from '../../../../node/base/types.ts';
import { grandpaGossip } from '../../../../node/consensus/grandpa/formats.ts';
import { GrandpaService } from '../../../../node/consensus/grandpa/index.ts';
import type { LastVote } from '../../../../node/consensus/grandpa/last-vote.ts';
import type { VotePacket } from '../../../../node/consensus/grandpa/types.ts';
import { ed25519Sign } from '../../../../primitives/crypto/signature.ts';
import { ToyChainApi } from '../../network/toy-chain.ts';
import { authoritiesOf, log, verifier, voterKeys } from '../../network/toy-node.ts';

/** The only voter of a chain, so that rounds go on with nobody else. */
export class Loner {
  readonly chain: ToyChainApi;
  readonly votes: VotePacket[] = [];
  readonly service: GrandpaService;
  #heard: () => void = () => undefined;

  constructor(chain: ToyChainApi, store: MetaStore, lastVote: LastVote | undefined, onVote: () => void = () => {}) {
    this.chain = chain;
    const pair = voterKeys[0]!;
    this.service = new GrandpaService({
      chain,
      wire: {
        publish: (data) => {
          const message = grandpaGossip.codec.dec(data);
          if (message.tag !== 'vote' || message.value.attempt > 0) return;
          onVote();
          this.votes.push(message.value);
          this.#heard();
        },
        request: () => Promise.reject(new Error('nobody there')),
        peers: () => [],
        punish: () => undefined,
        want: () => undefined,
        attach: () => undefined,
      },
      store,
      verifier,
      log,
      period: 5,
      key: { publicKey: pair.publicKey, sign: (payload) => ed25519Sign(pair, payload) },
      ...(lastVote && { lastVote }),
    });
    this.service.start();
  }

  /** Resolves when a vote of this round, or of a later one, has left. */
  async untilRound(round: bigint): Promise<void> {
    while (!this.votes.some((vote) => vote.round >= round)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

export const chainOf = async (...names: string[]): Promise<ToyChainApi> => {
  const chain = new ToyChainApi('loner', [authoritiesOf(0)]);
  let parent = chain.genesisHash;
  for (const name of names) {
    const result = await chain.importBlock(chain.make(parent, name), 'sync');
    if (result.kind !== 'imported') throw new Error(result.kind);
    parent = result.ref.hash;
  }
  return chain;
};
