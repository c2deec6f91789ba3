import {
  type EvaluationKeys,
  ephemeralPiece,
  evaluationKeys,
  type FirstPass,
  firstPassOf,
  passPosting,
  type Posting,
} from '../../../primitives/fhe/evaluation-keys.ts';
import { keyAssignment } from '../../../primitives/fhe/keys.ts';
import { passCheckShares, passDigest } from '../../../primitives/fhe/pass-check.ts';
import { sumSmall } from '../../../primitives/fhe/sample.ts';
import type { SharePost } from '../../../primitives/fhe/types.ts';
import { TestCommittee } from './committee.ts';

/** A committee that makes evaluation keys too. */
export class ConfidentialCommittee extends TestCommittee {
  passPostings(first?: FirstPass, assignment = keyAssignment(this.params)): Map<number, Posting> {
    const { params, context } = this;
    return new Map(
      this.members.flatMap((member) => {
        const posting = passPosting(params, context, member, this.keysOf(member), first, assignment);
        return posting ? [[member, posting] as const] : [];
      }),
    );
  }

  /** What members post of the check of a pass. */
  passShares(postings: ReadonlyMap<number, Posting>, first?: FirstPass, heard = this.members): SharePost[] {
    const { params, context } = this;
    const assignment = keyAssignment(params);
    const digest = passDigest(params, context, postings, assignment, first);
    return heard.map((member) => ({
      member,
      shares: passCheckShares(params, context, member, this.keysOf(member), digest, assignment, first),
    }));
  }

  evaluationKeys(): EvaluationKeys {
    const first = firstPassOf(this.params, this.passPostings());
    return evaluationKeys(this.params, this.context, first, this.passPostings(first));
  }

  /** `u`, which nobody would hold either. */
  ephemeral(): Int16Array {
    const pieces = [...this.keys].map(([subset, key]) => ephemeralPiece(this.params, this.context, subset, key));
    return sumSmall(pieces, this.params.degree);
  }
}
