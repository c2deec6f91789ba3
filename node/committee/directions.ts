/**
 * Directions that were shown and that no final block holds. Members open the aggregate once they have seen one: that a block gets it in time is then their business,
 * whatever becomes of who showed it (specification §6.7).
 */
import { fheParams } from '../../primitives/fhe/params.ts';
import { option, u32 } from '../../primitives/scale/index.ts';
import { type RoundInfo, type RoundStatus, roundStatus } from '../../pallets/tally/types.ts';
import type { BlockRef, HexHash } from '../base/types.ts';
import type { Foresight } from './foresight.ts';

export interface DirectionsHost {
  best(): BlockRef;
  call(hash: HexHash, method: string, input: Uint8Array): Uint8Array;
  submit(extrinsic: Uint8Array): Promise<unknown>;
}

/** Blocks after which one that is still not on the chain is handed to the pool again. */
const BRING_AFTER = 3;

export class Directions {
  readonly #host: DirectionsHost;
  readonly #foresight: Foresight;
  readonly #onError: (duty: string, error: unknown) => void;
  /** By part, the best block at which it was last handed to the pool. */
  readonly #brought = new Map<string, number>();

  constructor(host: DirectionsHost, foresight: Foresight, onError: (duty: string, error: unknown) => void) {
    this.#host = host;
    this.#foresight = foresight;
    this.#onError = onError;
  }

  /** Whether members act on what was shown. It is blocks above the best one that may still hold it, however far finality is behind. */
  areTaken(final: RoundInfo): boolean {
    if (this.#missing(final).length === 0) return false;
    const { hash, number } = this.#host.best();
    const { round, paramsId } = final.round;
    const status = option(roundStatus).codec.dec(this.#host.call(hash, 'TallyApi_status', u32.codec.enc(round)));
    return status !== undefined && hasTime(status, fheParams(paramsId).n, number);
  }

  /** Hands the pool what was shown, again and again until it is final. It may have been heard of from a block of a branch that nobody follows. */
  bring(final: RoundInfo): void {
    const { number } = this.#host.best();
    for (const { part, extrinsic } of this.#missing(final)) {
      const duty = `${final.round.round}/direction/${part}`;
      const before = this.#brought.get(duty);
      if (before !== undefined && number < before + BRING_AFTER) continue;
      this.#brought.set(duty, number);
      this.#host.submit(extrinsic).catch((error: unknown) => this.#onError(duty, error));
    }
  }

  /** Forgets rounds that are not under way. */
  keepOnly(live: readonly number[]): void {
    for (const duty of this.#brought.keys()) if (!live.includes(Number.parseInt(duty, 10))) this.#brought.delete(duty);
  }

  #missing({ round, directions }: RoundInfo): ReturnType<Foresight['shown']> {
    return this.#foresight.shown(round.round).filter(({ part }) => directions[part] === false);
  }
}

/**
 * Whether there is time for a direction that was shown to get into a block above `number`: as many blocks as there are members, so that an honest one makes one of
 * them. With less, members wait for it [they would open the aggregate of a round that then fails for want of a direction].
 */
function hasTime({ phase, deadline, endedAt }: RoundStatus, members: number, number: number): boolean {
  if (endedAt !== undefined) return false;
  return phase.tag !== 'Direction' || deadline - number > members;
}
