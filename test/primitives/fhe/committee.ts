import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { prepareKey } from '../../../primitives/fhe/encrypt.ts';
import { keyAssignment, keyPosting, publicKey, secretPiece } from '../../../primitives/fhe/keys.ts';
import { type FheParams, fheParams, type RoundContext, subsetsWith } from '../../../primitives/fhe/params.ts';
import { sumSmall } from '../../../primitives/fhe/sample.ts';
import type { PublicKey, RnsPoly } from '../../../primitives/fhe/types.ts';
import { contextOf } from './support.ts';

/** A whole committee in one process, with the secret that nobody would hold: for tests only. */
export class TestCommittee {
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly members: number[];
  /** `K_A^r` of every subset. */
  readonly keys: Map<number, Uint8Array>;

  constructor(paramsId: string, round = 1) {
    this.params = fheParams(paramsId);
    this.context = contextOf(paramsId, round);
    this.members = Array.from({ length: this.params.n }, (_, j) => j);
    this.keys = new Map(this.params.subsets.map((_, subset) => [subset, hash32Of('tacit/test/1', 'K', round, subset)]));
  }

  /** What `member` holds. */
  keysOf(member: number): Map<number, Uint8Array> {
    return new Map(
      subsetsWith(this.params, member).map((subset) => [subset, this.keys.get(subset) ?? new Uint8Array()]),
    );
  }

  /** The round's secret `s`. */
  secret(): Int16Array {
    const pieces = [...this.keys].map(([subset, key]) => secretPiece(this.params, this.context, subset, key));
    return sumSmall(pieces, this.params.degree);
  }

  postings(assignment = keyAssignment(this.params)): Map<number, RnsPoly> {
    const out = new Map<number, RnsPoly>();
    for (const member of this.members) {
      const posting = keyPosting(this.params, this.context, member, this.keysOf(member), assignment);
      if (posting) out.set(member, posting);
    }
    return out;
  }

  publicKey(): PublicKey {
    return publicKey(this.params, this.context, this.postings());
  }

  encryptionKey() {
    return prepareKey(this.params, this.publicKey());
  }
}
