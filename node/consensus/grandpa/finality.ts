import { type BlockRef, descends, type Justification, justify, type Round } from '../../../primitives/grandpa/index.ts';
import { Effect } from './effect.ts';
import type { ChainView, CommitPacket } from './types.ts';
import type { EffectId, VoterConfig } from './voter-io.ts';

/** What is final, what is being made so, and whose turn it is to tell the others. */
export class Finality {
  readonly #config: VoterConfig;
  readonly #chain: ChainView;
  readonly #effect: Effect<Justification>;
  #block: BlockRef;
  #pending: { readonly packet: CommitPacket; readonly sendAt: number } | undefined;

  /** `pause`: milliseconds after a finalization that failed. */
  constructor(config: VoterConfig, chain: ChainView, pause: number, nextId: () => EffectId) {
    this.#config = config;
    this.#chain = chain;
    this.#block = config.finalized;
    this.#effect = new Effect(pause, nextId);
  }

  /** The last block that the chain holds final. */
  get block(): BlockRef {
    return this.#block;
  }

  /** The chain holds a block final. False if that is nothing new. */
  note(block: BlockRef): boolean {
    if (block.number <= this.#block.number) return false;
    this.#block = block;
    this.#effect.forget(({ commit }) => commit.target.number <= block.number);
    return true;
  }

  /**
   * Wishes what the precommits of a round prove final, if that is new and the chain can finalize it. Gives a block that is proved
   * and unknown.
   */
  takeRound(round: Round, now: number): BlockRef | undefined {
    const justification = justify(round, Math.max(this.#block.number, this.#underWay()));
    if (justification === undefined) return undefined;
    const { target } = justification.commit;
    if (this.#chain.block(target.hash) === undefined) return target;
    if (this.take(justification)) this.#schedule({ setId: this.#config.setId, justification }, now);
    return undefined;
  }

  /** Wishes what a proof proves. False if that is nothing new, or not above the finalized block. */
  take(justification: Justification): boolean {
    const { target } = justification.commit;
    if (target.number <= this.#underWay() || !descends(this.#chain, this.#block, target)) return false;
    this.#effect.want(justification);
    return true;
  }

  /** Whether we need not tell of a block any more if another tells of one of this height. */
  isToldBy(height: number): boolean {
    return (this.#pending?.packet.justification.commit.target.number ?? Infinity) <= height;
  }

  /** Another has told of this block. */
  wasTold({ number }: BlockRef): void {
    if (this.isToldBy(number)) this.#pending = undefined;
  }

  /** The commit whose time has come. */
  commitToSend(now: number): CommitPacket | undefined {
    const pending = this.#pending;
    if (pending === undefined || pending.sendAt > now) return undefined;
    this.#pending = undefined;
    return pending.packet;
  }

  start(now: number): { readonly id: EffectId; readonly value: Justification } | undefined {
    return this.#effect.start(now);
  }

  done(id: EffectId): void {
    this.#effect.done(id);
  }

  failed(id: EffectId, now: number): void {
    this.#effect.failed(id, now);
    this.#effect.forget(({ commit }) => commit.target.number <= this.#block.number);
  }

  get wakeAt(): number | undefined {
    const times = [this.#effect.wakeAt, this.#pending?.sendAt].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #underWay(): number {
    return this.#effect.latest?.commit.target.number ?? 0;
  }

  /** The voters take turns at telling the others, so that one commit is enough where the first turn is honest. */
  #schedule(packet: CommitPacket, now: number): void {
    const { self, voters, period } = this.#config;
    const position = self === undefined ? undefined : voters.position(self.id);
    if (position === undefined) return;
    const size = BigInt(voters.size);
    const turn = Number((BigInt(position) + size - (packet.justification.round % size)) % size);
    this.#pending = { packet, sendAt: now + turn * period };
  }
}
