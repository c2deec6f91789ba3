/** A whole committee in one process, all of whose secrets stand in the vectors. */
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import type { Scalar } from '../../../primitives/crypto/ristretto.ts';
import { boxSecret, keyAssignment, keyPosting, publicKey, ratchet } from '../../../primitives/fhe/keys.ts';
import { type FheParams, fheParams, type RoundContext, subsetsWith } from '../../../primitives/fhe/params.ts';
import type { PublicKey, RnsPoly } from '../../../primitives/fhe/types.ts';
import { type Datum, randomOf } from './cases.ts';

export class Committee {
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly chainKeys: readonly Uint8Array[];
  /** `K_A^r` of every subset. */
  readonly roundKeys: readonly Uint8Array[];

  constructor(paramsId: string, round = 5) {
    const random = randomOf(`committee ${paramsId} ${round}`);
    this.params = fheParams(paramsId);
    this.context = { genesis: random(32), term: 2, round, paramsId };
    this.chainKeys = this.params.subsets.map(() => random(32));
    this.roundKeys = this.chainKeys.map((key) => ratchet(key, round).roundKey);
  }

  get members(): number[] {
    return Array.from({ length: this.params.n }, (_, j) => j);
  }

  /** What `member` holds. */
  keysOf(member: number): Map<number, Uint8Array> {
    return new Map(subsetsWith(this.params, member).map((subset) => [subset, this.roundKeys[subset]!]));
  }

  postings(assignment = keyAssignment(this.params)): Map<number, RnsPoly> {
    return new Map(
      this.members.flatMap((member): [number, RnsPoly][] => {
        const posting = keyPosting(this.params, this.context, member, this.keysOf(member), assignment);
        return posting === undefined ? [] : [[member, posting]];
      }),
    );
  }

  publicKey(): PublicKey {
    return publicKey(this.params, this.context, this.postings());
  }

  secrets(purpose: 'seal' | 'mask'): Scalar[] {
    return this.roundKeys.map((key, subset) => boxSecret(this.context, purpose, subset, key));
  }

  publicKeys(purpose: 'seal' | 'mask'): Uint8Array[] {
    return this.secrets(purpose).map(publicKeyOf);
  }

  /** The context as vectors write it. */
  get given(): Record<string, Datum> {
    const { genesis, term, round, paramsId } = this.context;
    return { genesis, term, round, params: paramsId };
  }
}
