import type { BlockRef, SignedMessage, VoteKind } from '../../../primitives/grandpa/index.ts';
import { Effect } from './effect.ts';
import type { VoterRecord } from './types.ts';
import type { EffectId, VoterConfig } from './voter-io.ts';

/** An own vote. */
export interface Cast {
  readonly round: bigint;
  readonly message: SignedMessage;
}

/**
 * The votes that this node casts: signed once, written down, and only then given out to be sent and counted. At most one of a
 * kind and round ever exists, whatever happens to the disk and the process.
 */
export class OwnVotes {
  readonly #config: VoterConfig;
  #cast: readonly Cast[];
  /** Votes whose record is on the disk. */
  readonly #durable = new WeakSet<Cast>();
  readonly #writes: Effect<VoterRecord & { readonly cast: readonly Cast[] }>;

  /** `pause`: milliseconds after a failed write. */
  constructor(config: VoterConfig, pause: number, nextId: () => EffectId) {
    this.#config = config;
    this.#writes = new Effect(pause, nextId);
    this.#cast = config.record?.cast ?? [];
    for (const vote of this.#cast) this.#durable.add(vote);
  }

  /** Own votes of the running round and the one before that are on the disk. */
  durable(): Cast[] {
    return this.#cast.filter((vote) => this.#durable.has(vote));
  }

  /** Signs a vote if this node has one and has not cast it. It must be written before it is anything. */
  sign(round: bigint, kind: VoteKind, target: BlockRef): boolean {
    const { self, voters, setId, silentThrough = 0n } = this.#config;
    if (self === undefined || voters.position(self.id) === undefined || round <= silentThrough) return false;
    // A vote of this kind that is already there, of before a restart, is the only one this round will ever see from us.
    if (this.#cast.some((vote) => vote.round === round && vote.message.kind === kind)) return false;
    const signature = self.sign({ setId, round }, kind, target);
    const vote = { round, message: { kind, target, id: self.id, signature } };
    this.#cast = [...this.#cast.filter((other) => other.round + 1n >= round), vote];
    return true;
  }

  /** Asks for a record of where the rounds stand, with all own votes. */
  write(rounds: Pick<VoterRecord, 'completed' | 'running'>): void {
    this.#writes.want({ setId: this.#config.setId, ...rounds, cast: this.#cast });
  }

  /** The write to begin now. */
  start(now: number): { readonly id: EffectId; readonly value: VoterRecord } | undefined {
    return this.#writes.start(now);
  }

  /** A write is done: the votes that became durable by it. */
  done(id: EffectId): Cast[] {
    const fresh = (this.#writes.done(id)?.cast ?? []).filter((vote) => !this.#durable.has(vote));
    for (const vote of fresh) this.#durable.add(vote);
    return fresh;
  }

  failed(id: EffectId, now: number): void {
    this.#writes.failed(id, now);
  }

  get wakeAt(): number | undefined {
    return this.#writes.wakeAt;
  }
}
