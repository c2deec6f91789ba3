/** A round as a participant sees it: what the chain stores, in the shapes that the proofs take. */
import { TacitError } from '../../primitives/errors.ts';
import type { RoundContext } from '../../primitives/fhe/params.ts';
import type { LaneSpec } from '../../primitives/proofs/lane.ts';
import { roundContext } from '../../primitives/round/commitments.ts';
import { laneName } from '../../primitives/round/lanes.ts';
import type { storage } from './generated/chain.ts';
import type { StorageItem } from './storage.ts';

/** What stands under an item of storage. */
type Stored<I> = I extends StorageItem<infer _K, infer V, infer _G> ? V : never;
type StoredRound = Stored<typeof storage.tally.rounds>;
export type PayoutView = Stored<typeof storage.tally.payouts>;
/** What was opened of a round of ballots or statistics: per option or counter the sum, and of how many vectors. */
export type SumView = Pick<Stored<typeof storage.tally.sums>, 'contributors' | 'sums'>;
/** The money side of a round, in units of 10^-6 TAC: `pool` is what the round may pay on top of the stakes, `models` what each gave of it. And what the round scores and whom it takes. */
type MoneyPart = 'models' | 'pool' | 'paid' | 'shared' | 'dust' | 'notes' | 'stake' | 'terms';
export type MoneyView = Pick<Stored<typeof storage.royalty.rounds>, MoneyPart>;

export interface ItemView {
  readonly account: Uint8Array;
  /** Whose it is, of those of whose items one counts; else its account. */
  readonly holder: Uint8Array;
  readonly enrolment: Uint8Array;
  readonly status: string;
  /** Public points above the round's base, and the factor of its counts (as far as enough items have it). */
  readonly standing: bigint;
  readonly factor: number;
}

export interface RoundView {
  readonly round: number;
  readonly term: number;
  readonly paramsId: string;
  readonly rule: StoredRound['rule'];
  /** Of a round that pays nothing: what it sums. */
  readonly sum: StoredRound['sum'];
  readonly lanes: readonly LaneSpec[];
  readonly phase: string;
  readonly items: number;
  /** Accounts that may submit a vector to be summed. */
  readonly admitted: number;
  readonly submissions: number;
  /** Items accepted by the checks, ascending. */
  readonly accepted: readonly number[];
  /** The block that closed the round. */
  readonly closedAt: number | null;
  /** The block in which it settled or failed. */
  readonly endedAt: number | null;
  readonly failure: string | null;
  /** The phase in which it failed, and the members that had not posted in it. */
  readonly failedIn: { readonly phase: string; readonly silent: readonly number[] } | null;
}

/** @throws what `laneName` throws for a lane that this client does not know */
export function roundView({ phase, lanes, closedAt, endedAt, failure, failedIn, ...rest }: StoredRound): RoundView {
  return {
    ...rest,
    phase: phase.tag,
    lanes: lanes.map(laneSpec),
    closedAt: closedAt ?? null,
    endedAt: endedAt ?? null,
    failure: failure?.tag ?? null,
    failedIn: failedIn === undefined ? null : { phase: failedIn.phase.tag, silent: [...failedIn.silent] },
  };
}

function laneSpec({ lane: number, normSq, total, bounds, ...rest }: StoredRound['lanes'][number]): LaneSpec {
  return {
    ...rest,
    lane: laneName(number),
    ...(normSq === undefined ? {} : { normSq }),
    ...(total === undefined ? {} : { total }),
    ...(bounds.length === 0 ? {} : { bounds }),
  };
}

export function itemView({ status, ...item }: Stored<typeof storage.tally.items>): ItemView {
  const { account, holder, enrolment, standing, factor } = item;
  return { account, holder, enrolment, status: status.tag, standing, factor };
}

/** What every derivation of the round is bound to. */
export function contextOf(genesis: Uint8Array, view: Pick<RoundView, 'term' | 'round' | 'paramsId'>): RoundContext {
  return roundContext(genesis, view);
}

export function unknownRound(round: number): TacitError {
  return new TacitError('sdk/unknown-round', `there is no round ${round} in a finalized block`, { round });
}
