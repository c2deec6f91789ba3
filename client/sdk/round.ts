/** A tally round as a participant sees it, read from the state of a final block. What is read is proved: a node may be anyone's. */
import { TacitError } from '../../primitives/errors.ts';
import { publicA } from '../../primitives/fhe/keys.ts';
import { type FheParams, fheParams } from '../../primitives/fhe/params.ts';
import { decodeKeyPoly } from '../../primitives/fhe/wire.ts';
import type { RoundKeys } from '../../primitives/proofs/round-keys.ts';
import { aggregateValues } from '../../primitives/round/score.ts';
import { type Chain, isDisconnected, persist, within } from './connect.ts';
import { storage } from './generated/chain.ts';
import { isBehind, type State } from './light/index.ts';
import {
  contextOf,
  type ItemView,
  itemView,
  type MoneyView,
  type PayoutView,
  type RoundView,
  roundView,
  type SumView,
  unknownRound,
} from './views.ts';

export type { State } from './light/index.ts';
export { contextOf, type ItemView, type MoneyView, type PayoutView, type RoundView, type SumView } from './views.ts';

/** The state of the last finalized block: nothing read from it is taken back, and all of it is proved. */
export async function finalizedState(chain: Pick<Chain, 'light'>): Promise<State> {
  return chain.light.finalizedState();
}

export async function readRound(state: State, round: number): Promise<RoundView> {
  const found = await state.get(storage.tally.rounds, round);
  if (!found) throw unknownRound(round);
  return roundView(found);
}

export async function readItem(state: State, round: number, item: number): Promise<ItemView | undefined> {
  const found = await state.get(storage.tally.items, round, item);
  return found && itemView(found);
}

/** The item number of an account in a round. */
export async function itemOf(state: State, round: number, account: Uint8Array): Promise<number | undefined> {
  return state.get(storage.tally.itemOf, round, account);
}

export async function readPayout(state: State, round: number): Promise<PayoutView | undefined> {
  return state.get(storage.tally.payouts, round);
}

export async function readMoney(state: State, round: number): Promise<MoneyView | undefined> {
  return state.get(storage.royalty.rounds, round);
}

/** What was opened of a round of ballots or statistics, once it is settled. */
export async function readSum(state: State, round: number): Promise<SumView | undefined> {
  return state.get(storage.tally.sums, round);
}

/** `U` of a round, part by part, once it is open: the sum of the updates of its accepted items. */
export async function readAggregate(state: State, view: RoundView): Promise<Int32Array[] | undefined> {
  const parts: Int32Array[] = [];
  for (const part of view.rule.parts.keys()) {
    const found = await readAggregatePart(state, view, part);
    if (found === undefined) return undefined;
    parts.push(found);
  }
  return parts.length === 0 ? undefined : parts;
}

/** One part of `U`, once it is open: some parts are before others. */
export async function readAggregatePart(
  state: State,
  { round, rule }: Pick<RoundView, 'round' | 'rule'>,
  part: number,
): Promise<Int32Array | undefined> {
  const packed = await state.get(storage.tally.aggregates, round, part);
  if (!packed) return undefined;
  const wanted = 4 * (rule.parts[part] ?? 0);
  if (packed.length === wanted) return aggregateValues(packed);
  const why = `part ${part} of the aggregate has ${packed.length} bytes, not ${wanted}`;
  throw new TacitError('sdk/unexpected-answer', why, { round, part });
}

/**
 * The parameters of a round.
 * @throws `sdk/weak-parameters` for a set that only tests may use, unless the chain is one for development
 */
export function paramsOf({ light }: Pick<Chain, 'light'>, { paramsId }: Pick<RoundView, 'paramsId'>): FheParams {
  const params = fheParams(paramsId);
  if (params.secure || light.root.chainType === 'Development') return params;
  throw new TacitError('sdk/weak-parameters', `the round names the parameters ${paramsId}, which protect nothing`, {
    id: params.id,
  });
}

/**
 * The keys to encrypt and seal to.
 * @throws `sdk/round-not-keyed` before the committee has made them; `sdk/weak-parameters`
 */
export async function readKeys(
  chain: Pick<Chain, 'genesis' | 'light'>,
  state: State,
  view: RoundView,
): Promise<{ params: FheParams; keys: RoundKeys }> {
  const params = paramsOf(chain, view);
  const b = await state.get(storage.tally.publicKeys, view.round);
  const boxes = await state.get(storage.tally.boxKeys, view.round);
  if (!b || !boxes)
    throw new TacitError('sdk/round-not-keyed', `round ${view.round} has no public key yet`, { round: view.round });
  return {
    params,
    keys: {
      publicKey: { b: decodeKeyPoly(params, b), a: publicA(params, contextOf(chain.genesis, view)) },
      sealKeys: boxes.seal,
      maskKeys: boxes.mask,
    },
  };
}

/** Finalized blocks in which a round may be missing before it counts as unknown: another node may have told of it earlier than this one. */
const BLOCKS_OF_GRACE = 5;

/**
 * Follows finalized blocks until `look` gives something for the state of one; takes broken connections as they come.
 * @throws what `look` throws, and the error of `late` if it has not given anything after `timeoutMs`
 */
async function followFinalized<T>(
  chain: Chain,
  look: (state: State) => Promise<T | undefined>,
  timeoutMs: number,
  late: () => TacitError,
): Promise<T> {
  let stop: (() => void) | undefined;
  const found = new Promise<T>((resolve, reject) => {
    let newest: string | undefined;
    let busy = false;
    // heads that come while one is being looked at are passed over, all but the newest
    const work = async (): Promise<void> => {
      busy = true;
      while (newest !== undefined) {
        const hash = newest;
        newest = undefined;
        try {
          const result = await look(await chain.light.latestState(hash));
          if (result !== undefined) return resolve(result);
        } catch (error) {
          // a node that took over may be a little behind; what it shows meanwhile counts for nothing
          if (!isDisconnected(error) && !isBehind(error)) return reject(error);
        }
      }
      busy = false;
    };
    const heard = (hash: string): void => {
      newest = hash;
      if (!busy) void work();
    };
    persist(() => chain.api.rpc.chain.subscribeFinalizedHeads(({ hash }) => heard(hash.toHex()))).then(
      (unsubscribe) => {
        stop = unsubscribe;
      },
      reject,
    );
  });
  try {
    return await within(found, timeoutMs, late);
  } finally {
    stop?.();
  }
}

/** Where a failed round stopped, in words. */
function placeOf({ failedIn }: RoundView): string {
  if (failedIn === null) return '';
  const { phase, silent } = failedIn;
  return silent.length === 0 ? ` in ${phase}` : ` in ${phase}, where members ${silent.join(', ')} had not posted`;
}

/**
 * Follows finalized blocks until `settled` gives something for the round's state; takes broken connections as they come.
 * @throws `sdk/unknown-round`, `sdk/round-failed` when the round fails, `sdk/round-timeout`
 */
export async function followRound<T>(
  chain: Chain,
  round: number,
  settled: (view: RoundView, state: State) => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
): Promise<T> {
  let last = 'unknown';
  let missing = 0;
  const look = async (state: State): Promise<T | undefined> => {
    const found = await state.get(storage.tally.rounds, round);
    if (!found) {
      if (++missing > BLOCKS_OF_GRACE) throw unknownRound(round);
      return undefined;
    }
    const view = roundView(found);
    last = view.phase;
    if (view.phase === 'Failed') {
      const failure = view.failure ?? 'no reason given';
      throw new TacitError('sdk/round-failed', `round ${round} failed: ${failure}${placeOf(view)}`, { round, failure });
    }
    return settled(view, state);
  };
  const seconds = Math.round(timeoutMs / 1000);
  const late = () =>
    new TacitError('sdk/round-timeout', `round ${round} is still in phase ${last} after ${seconds} s`, {
      round,
      phase: last,
    });
  return followFinalized(chain, look, timeoutMs, late);
}

/**
 * Waits until the committee has an active term, without which no round begins; `heard` is told its phase with every block before that.
 * @throws `sdk/no-committee` for a chain that makes none, `sdk/committee-timeout`
 */
export async function untilCommittee(chain: Chain, heard: (phase: string) => void, timeoutMs: number): Promise<void> {
  let last = 'unknown';
  let missing = 0;
  const look = async (state: State): Promise<true | undefined> => {
    const term = await state.get(storage.committee.current);
    if (!term && ++missing > BLOCKS_OF_GRACE) throw new TacitError('sdk/no-committee', 'this chain has no committee');
    if (!term) return undefined;
    last = term.phase.tag;
    if (last === 'Active') return true;
    heard(last);
    return undefined;
  };
  const seconds = Math.round(timeoutMs / 1000);
  const late = () =>
    new TacitError('sdk/committee-timeout', `the committee is still in phase ${last} after ${seconds} s`, {
      phase: last,
    });
  await followFinalized(chain, look, timeoutMs, late);
}
