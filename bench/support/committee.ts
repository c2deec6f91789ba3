/** A committee in one process with everything a round of it needs, so that each member's part can be timed by itself. */
import { randomBytes } from 'node:crypto';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import {
  boxPublicKey,
  boxSecret,
  keyAssignment,
  keyPosting,
  publicKey,
  secretPiece,
} from '../../primitives/fhe/keys.ts';
import { type FheParams, fheParamsFor, type RoundContext, subsetsWith } from '../../primitives/fhe/params.ts';
import { sumSmall } from '../../primitives/fhe/sample.ts';
import type { RnsPoly } from '../../primitives/fhe/types.ts';
import type { RoundKeys } from '../../primitives/proofs/round-keys.ts';

export const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));

/** A committee in one process: all keys of all members. */
export class BenchCommittee {
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly members: readonly number[];
  readonly assignment: readonly number[];
  #made: RoundKeys | undefined;

  constructor(n: 4 | 7 | 10) {
    this.params = fheParamsFor(n);
    this.context = { genesis: hash32Of('tacit/bench/1', 'genesis'), term: 1, round: 1, paramsId: this.params.id };
    this.members = Array.from({ length: n }, (_, j) => j);
    this.assignment = keyAssignment(this.params);
  }

  get #subsets(): number[] {
    return this.params.subsets.map((_, subset) => subset);
  }

  /** The round keys of a member's subsets. */
  readonly keysOf = (member: number): Map<number, Uint8Array> =>
    new Map(subsetsWith(this.params, member).map((subset) => [subset, keyOf(subset)]));

  /** What the members post towards the public key. */
  readonly keyPostings = (): Map<number, RnsPoly> =>
    new Map(
      this.members.flatMap((member) => {
        const posting = keyPosting(this.params, this.context, member, this.keysOf(member), this.assignment);
        return posting ? [[member, posting] as const] : [];
      }),
    );

  /** The round's public keys. */
  readonly roundKeys = (): RoundKeys => {
    const { params, context, assignment } = this;
    this.#made ??= {
      publicKey: publicKey(params, context, this.keyPostings(), assignment),
      sealKeys: this.#subsets.map((subset) => boxPublicKey(context, 'seal', subset, keyOf(subset))),
      maskKeys: this.#subsets.map((subset) => boxPublicKey(context, 'mask', subset, keyOf(subset))),
    };
    return this.#made;
  };

  /** The round's secret, which on the chain nobody holds: SEAL's decryption needs it. */
  readonly wholeSecret = (): Int16Array => {
    const { params, context } = this;
    return sumSmall(
      this.#subsets.map((subset) => secretPiece(params, context, subset, keyOf(subset))),
      params.degree,
    );
  };

  /** `x_A^seal` of every subset, as published after the close. */
  readonly sealSecrets = (): bigint[] =>
    this.#subsets.map((subset) => boxSecret(this.context, 'seal', subset, keyOf(subset)));

  /** `x_A^mask` of the subsets a member is in. */
  readonly maskSecrets = (member: number): Map<number, bigint> =>
    new Map(
      subsetsWith(this.params, member).map((subset) => [
        subset,
        boxSecret(this.context, 'mask', subset, keyOf(subset)),
      ]),
    );
}

const keyOf = (subset: number): Uint8Array => hash32Of('tacit/bench/1', 'K', subset);

/** The committee of four that most cases are about. */
export const {
  params,
  context,
  members,
  keysOf,
  assignment,
  keyPostings,
  roundKeys,
  wholeSecret,
  sealSecrets,
  maskSecrets,
} = new BenchCommittee(4);
