import { TacitError } from '../errors.ts';

export interface Authority {
  /** ed25519 public key, `0x` hexadecimal. */
  readonly id: string;
  /** Positive, below 2^64. */
  readonly weight: bigint;
}

/** More voters than this are refused wherever a set is decoded. */
export const MAX_VOTERS = 1024;

/**
 * The voters of one set, in the order of the authority list. Sets of voters are bit masks (`bigint`, bit = position).
 * With total weight W: `f = floor((W-1)/3)`, `threshold = W - f` (the crate's rule, not the paper's "at least 2/3").
 */
export class VoterSet {
  readonly authorities: readonly Authority[];
  readonly total: bigint;
  readonly faulty: bigint;
  readonly threshold: bigint;
  readonly #positions: ReadonlyMap<string, number>;

  constructor(authorities: readonly Authority[]) {
    if (authorities.length === 0 || authorities.length > MAX_VOTERS) {
      throw new TacitError(
        'grandpa/bad-voters',
        `a voter set has 1 to ${MAX_VOTERS} voters, not ${authorities.length}`,
      );
    }
    if (authorities.some(({ weight }) => weight <= 0n || weight >= 1n << 64n)) {
      throw new TacitError('grandpa/bad-voters', 'a voter weighs between 1 and 2^64-1');
    }
    this.authorities = authorities;
    this.total = authorities.reduce((sum, { weight }) => sum + weight, 0n);
    this.faulty = (this.total - 1n) / 3n;
    this.threshold = this.total - this.faulty;
    this.#positions = new Map(authorities.map(({ id }, at) => [id, at]));
    if (this.#positions.size !== authorities.length) {
      throw new TacitError('grandpa/bad-voters', 'a voter stands twice in its set');
    }
  }

  get size(): number {
    return this.authorities.length;
  }

  /** Position of a voter in the list, or undefined if it is none of this set. */
  position(id: string): number | undefined {
    return this.#positions.get(id);
  }

  /** Who proposes in `round`. */
  primary(round: bigint): Authority {
    return this.authorities[Number(round % BigInt(this.size))]!;
  }

  weightOf(mask: bigint): bigint {
    let weight = 0n;
    for (let at = 0, rest = mask; rest !== 0n; at++, rest >>= 1n) {
      if (rest & 1n) weight += this.authorities[at]!.weight;
    }
    return weight;
  }
}
