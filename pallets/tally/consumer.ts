/** What a round opens, in order, after its checks. */
import type { RoundPhase } from '../../primitives/round/phases.ts';

export type Opening = Extract<RoundPhase, 'Direction' | 'Aggregate' | 'Total' | 'Payout'>;

export const OPENINGS: readonly Opening[] = ['Direction', 'Aggregate', 'Total', 'Payout'];
