/** All files of test vectors, and what makes them. */
import type { Vectors } from './cases.ts';
import { binVectors } from './bins.ts';
import { chainVectors } from './chain.ts';
import { claimVectors } from './claims.ts';
import { confidentialVectors } from './confidential.ts';
import { enrolmentVectors } from './enrolment.ts';
import { finalityVectors } from './finality.ts';
import { groupVectors } from './group.ts';
import { hashVectors } from './hashes.ts';
import { keyVectors } from './keys.ts';
import { linearVectors } from './linear.ts';
import { noteVectors } from './notes.ts';
import { noveltyVectors } from './novelty.ts';
import { roundVectors } from './round.ts';
import { ruleVectors } from './rules.ts';
import { shareVectors } from './shares.ts';
import { signatureVectors } from './signatures.ts';
import { statementVectors } from './statements.ts';
import { sketchVectors } from './sketches.ts';
import { submissionVectors } from './submissions.ts';
import { sumVectors } from './sums.ts';
import { trieVectors } from './tries.ts';

export const VECTORS: Readonly<Record<string, () => Vectors | Promise<Vectors>>> = {
  hashes: hashVectors,
  group: groupVectors,
  keys: keyVectors,
  shares: shareVectors,
  enrolment: enrolmentVectors,
  linear: linearVectors,
  submissions: submissionVectors,
  rules: ruleVectors,
  novelty: noveltyVectors,
  sketches: sketchVectors,
  round: roundVectors,
  sums: sumVectors,
  notes: noteVectors,
  bins: binVectors,
  claims: claimVectors,
  statements: statementVectors,
  confidential: confidentialVectors,
  chain: chainVectors,
  signatures: signatureVectors,
  tries: trieVectors,
  finality: finalityVectors,
};
