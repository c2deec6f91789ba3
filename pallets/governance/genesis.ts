import { pin } from '../balances/index.ts';
import { type ParameterName, seedParameter } from '../parameters/index.ts';
import { TREASURY } from '../support/index.ts';
import { numberOf } from './proposals.ts';
import type { Governance } from './state.ts';

/** How long things take on a chain, in blocks; without them the defaults of the parameters hold. */
export interface Periods {
  readonly votingBlocks: number;
  readonly timeLockBlocks: number;
  readonly windowBlocks: number;
  readonly lockBlocks: number;
  readonly treasuryBlocks: number;
  readonly noticeBlocks: number;
  readonly termBlocks: number;
  readonly motionBlocks: number;
  readonly suspensionBlocks: number;
}

const PARAMETER_OF: Readonly<Record<keyof Periods, ParameterName>> = {
  votingBlocks: 'GovernanceVoting',
  timeLockBlocks: 'GovernanceTimeLock',
  windowBlocks: 'GovernanceWindow',
  lockBlocks: 'GovernanceLock',
  treasuryBlocks: 'TreasuryPeriod',
  noticeBlocks: 'UpgradeNotice',
  termBlocks: 'PanelTerm',
  motionBlocks: 'PanelMotion',
  suspensionBlocks: 'PanelSuspension',
};

/** The treasury exists whatever it holds; the first election closes after one term. */
export function begin({ ctx, store }: Governance, periods: Partial<Periods>): void {
  pin(ctx, TREASURY);
  for (const [name, blocks] of Object.entries(periods)) {
    seedParameter(ctx, PARAMETER_OF[name as keyof Periods], BigInt(blocks));
  }
  store.election.put({ number: 1, closes: numberOf(ctx, 'PanelTerm') });
}
