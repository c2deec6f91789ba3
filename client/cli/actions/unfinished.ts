/** What a contribution still lacks, what it costs, and what is said of one that was broken off: whose parts are not all there at the close loses a quarter of its stake. */
import { isTacitError, TacitError } from '../../../primitives/errors.ts';
import type { FheParams } from '../../../primitives/fhe/params.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { sealedBytes } from '../../../primitives/proofs/sealed.ts';
import { present } from '../../../primitives/at.ts';
import { tac } from '../../demo/report.ts';
import { constants, storage } from '../../sdk/generated/chain.ts';
import { itemOf, type RoundView, type State } from '../../sdk/round.ts';

export interface Unfinished {
  readonly isEnrolled: boolean;
  /** Parts of the update that do not stand in a final block. */
  readonly missing: readonly number[];
  /** Units that the missing parts, and the stake if it is not there, take of the account at least. */
  readonly cost: bigint;
}

type Rounds = Pick<RoundView, 'round' | 'rule' | 'lanes'>;

/** What an account has still to bring into a round. */
export async function unfinished(
  state: State,
  params: FheParams,
  view: Rounds,
  account: Uint8Array,
): Promise<Unfinished> {
  const { round, rule } = view;
  const lanes = view.lanes.filter(({ lane }) => lane === 'update');
  const places = lanes.map(({ part }): [number, Uint8Array, number, number] => [round, account, LANES.update, part]);
  const standing = await state.getMany(storage.tally.submissionOf, places);
  const missing = lanes.filter((_, i) => standing[i] === undefined);
  const isEnrolled = (await itemOf(state, round, account)) !== undefined;
  const { depositBase, depositPerByte } = present(await state.get(storage.tally.config), 'the deposits of this chain');
  const perByte = depositPerByte + constants.transactionPayment.lengthFee;
  const parts = missing.reduce((sum, spec) => sum + depositBase + perByte * BigInt(sealedBytes(params, spec)), 0n);
  return { isEnrolled, missing: missing.map(({ part }) => part), cost: parts + (isEnrolled ? 0n : rule.stake) };
}

/**
 * Refuses what cannot be finished, before a stake is taken.
 * @throws `cli/already-contributed`, `cli/too-little-money`
 */
export async function ensureFinishable(
  state: State,
  { round, rule }: Rounds,
  account: Uint8Array,
  { missing, isEnrolled, cost }: Unfinished,
): Promise<void> {
  if (missing.length === 0) {
    const why = `all ${rule.parts.length} parts of this account stand in round ${round}: what has been submitted stays, and is not replaced`;
    throw new TacitError('cli/already-contributed', why, { round });
  }
  const { free } = (await state.get(storage.system.account, account)).data;
  if (free >= cost) return;
  const what = `${isEnrolled ? '' : 'stake, '}deposits and fees of ${missing.length} ${missing.length === 1 ? 'part' : 'parts'}`;
  const why = `${what} take at least ${tac(cost)} TAC, and the account has ${tac(free)}: nothing was sent`;
  throw new TacitError('cli/too-little-money', why, { round, cost, free });
}

/** The error of a contribution of several parts that was broken off, with what becomes of it. */
export function brokenOff(error: unknown, parts: number): unknown {
  if (!isTacitError(error) || parts === 1 || error.code === 'sdk/round-not-open') return error;
  const rest =
    'parts that are in blocks stand: the same command, with the same update, sends the others while the round is open';
  return new TacitError(error.code, `${error.message}; ${rest}`, error.details);
}
