/** All benchmarks, in the order of the table. */
import type { BenchCase } from '../harness.ts';
import { sr25519, trieBuild, trieUpdate } from './chain.ts';
import { confidentialCases } from './confidential.ts';
import { evaluations, ntt } from './evaluation.ts';
import { heaviestBlocks } from './heaviest.ts';
import { hiddenClaims } from './hidden-claims.ts';
import { networkCases } from './network.ts';
import { decodeHonest, decodeWithLiar, decryptAll, decryptOne } from './opening.ts';
import { roundKey } from './round-key.ts';
import { stateCases } from './state.ts';
import { submissionCases } from './submission.ts';
import { transfers, transfersOfFour } from './transfers.ts';

export const cases: readonly BenchCase[] = [
  roundKey,
  ...submissionCases,
  decryptAll,
  decryptOne,
  decodeHonest,
  decodeWithLiar,
  ...evaluations,
  ntt,
  ...confidentialCases,
  ...hiddenClaims,
  sr25519,
  trieUpdate,
  trieBuild,
  transfers,
  transfersOfFour,
  ...networkCases,
  ...heaviestBlocks,
  ...stateCases,
];
