/** All files of test vectors, and what makes them. */
import type { Vectors } from './cases.ts';
import { claimVectors } from './claims.ts';
import { enrolmentVectors } from './enrolment.ts';
import { groupVectors } from './group.ts';
import { hashVectors } from './hashes.ts';
import { keyVectors } from './keys.ts';
import { linearVectors } from './linear.ts';
import { noteVectors } from './notes.ts';
import { shareVectors } from './shares.ts';
import { submissionVectors } from './submissions.ts';

export const VECTORS: Readonly<Record<string, () => Vectors | Promise<Vectors>>> = {
  hashes: hashVectors,
  group: groupVectors,
  keys: keyVectors,
  shares: shareVectors,
  enrolment: enrolmentVectors,
  linear: linearVectors,
  submissions: submissionVectors,
  notes: noteVectors,
  claims: claimVectors,
};
