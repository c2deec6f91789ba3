/** Every call that can be measured by itself; those of rounds are in bench/weights/round.ts. */
import type { Scenario } from '../scenario.ts';
import { groundScenarios } from './ground.ts';
import { licensingScenarios } from './licensing.ts';
import { multisigScenarios } from './multisig.ts';
import { otherScenarios } from './others.ts';
import { proxyScenarios } from './proxy.ts';
import { registryScenarios } from './registry.ts';

export const scenarios: readonly Scenario[] = [
  ...groundScenarios,
  ...registryScenarios,
  ...licensingScenarios,
  ...multisigScenarios,
  ...proxyScenarios,
  ...otherScenarios,
];
