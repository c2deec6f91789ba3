/** Every call that can be measured by itself; those of rounds are in bench/weights/round.ts. */
import type { Scenario } from '../scenario.ts';
import { disputeScenarios } from './disputes.ts';
import { secretVoteScenarios } from './governance-ballots.ts';
import { governanceScenarios } from './governance.ts';
import { curationScenarios } from './curation.ts';
import { groundScenarios } from './ground.ts';
import { licensingScenarios } from './licensing.ts';
import { multisigScenarios } from './multisig.ts';
import { notesScenarios } from './notes.ts';
import { otherScenarios } from './others.ts';
import { ownershipScenarios } from './ownership.ts';
import { proxyScenarios } from './proxy.ts';
import { registryScenarios } from './registry.ts';
import { royaltyScenarios } from './royalty.ts';
import { usageScenarios } from './usage.ts';
import { vouchersScenarios } from './vouchers.ts';

export const scenarios: readonly Scenario[] = [
  ...groundScenarios,
  ...ownershipScenarios,
  ...registryScenarios,
  ...royaltyScenarios,
  ...licensingScenarios,
  ...vouchersScenarios,
  ...usageScenarios,
  ...multisigScenarios,
  ...proxyScenarios,
  ...disputeScenarios,
  ...governanceScenarios,
  ...secretVoteScenarios,
  ...curationScenarios,
  ...notesScenarios,
  ...otherScenarios,
];
