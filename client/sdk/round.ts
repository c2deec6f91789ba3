/**
 * A tally round as a participant sees it, read from the chain's storage at a finalized block. The shapes are checked here: a node may be
 * anyone's.
 */
import type { ApiDecoration } from '@polkadot/api/types';
import { z } from 'zod';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { fromAddress } from '../../primitives/crypto/ss58.ts';
import { TacitError } from '../../primitives/errors.ts';
import { publicA } from '../../primitives/fhe/keys.ts';
import { type FheParams, fheParams, type RoundContext } from '../../primitives/fhe/params.ts';
import { decodeKeyPoly } from '../../primitives/fhe/wire.ts';
import type { LaneName, LaneSpec } from '../../primitives/proofs/lane.ts';
import type { RoundKeys } from '../../primitives/proofs/statement.ts';
import { roundContext } from '../../primitives/round/commitments.ts';
import { laneName } from '../../primitives/round/lanes.ts';
import { aggregateValues } from '../../primitives/round/score.ts';
import { type Chain, isDisconnected, persist, within } from './connect.ts';

/** Integers as polkadot.js puts them into JSON: small ones as numbers, large ones as hexadecimal text. */
export const integer = z.union([z.number(), z.string()]).transform((value) => BigInt(value));
export const count = z.number().int().nonnegative();
export const bytes = z.string().transform(fromHex);
const account = z.string().transform(fromAddress);

const lane = count.transform((number, context): LaneName => {
  try {
    return laneName(number);
  } catch {
    context.addIssue({ code: 'custom', message: 'unknown lane' });
    return z.NEVER;
  }
});

const laneSchema = z
  .object({
    lane,
    part: count,
    values: count,
    digits: count,
    offset: count,
    normSq: integer.nullable(),
    total: integer.nullable(),
  })
  .transform(
    ({ normSq, total, ...rest }): LaneSpec => ({
      ...rest,
      ...(normSq === null ? {} : { normSq }),
      ...(total === null ? {} : { total }),
    }),
  );

const roundSchema = z.object({
  round: count,
  term: count,
  paramsId: z.string(),
  rule: z.object({
    alpha: integer,
    gamma: integer,
    pool: integer,
    stake: integer,
    reporters: z.array(z.object({ account, total: integer })),
  }),
  lanes: z.array(laneSchema),
  phase: z.string(),
  items: count,
  submissions: count,
  accepted: z.array(count),
  /** The block that closed the round. */
  closedAt: count.nullable(),
  /** The block in which it settled or failed. */
  endedAt: count.nullable(),
  failure: z.string().nullable(),
  /** The phase in which it failed, and the members that had not posted in it. */
  failedIn: z.object({ phase: z.string(), silent: bytes.transform((members) => [...members]) }).nullable(),
});

export type RoundView = z.infer<typeof roundSchema>;

const itemSchema = z.object({ account, enrolment: bytes, status: z.string() });
export type ItemView = z.infer<typeof itemSchema>;

const payoutSchema = z.object({
  items: z.array(count),
  z: z.array(integer),
  rate: integer,
  grains: integer,
  stake: integer,
});
export type PayoutView = z.infer<typeof payoutSchema>;

const moneySchema = z.object({
  /** What the round may pay on top of the stakes. */
  pool: integer,
  paid: integer,
  dust: integer,
  bins: count,
});
/** The money side of a round, in units of 10^-6 TAC. */
export type MoneyView = z.infer<typeof moneySchema>;

const boxKeysSchema = z.object({ seal: z.array(bytes), mask: z.array(bytes) });

/** The state of one block. */
export type State = ApiDecoration<'promise'>;

/** The state of the last finalized block: nothing read from it is taken back. */
export async function finalizedState(chain: Chain): Promise<State> {
  return chain.api.at(await chain.api.rpc.chain.getFinalizedHead());
}

/** Reads one storage value and checks its shape; undefined if nothing is stored. Throws `sdk/unexpected-answer`. */
export async function read<T>(
  state: State,
  pallet: string,
  item: string,
  keys: readonly unknown[],
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const entry = state.query[pallet]?.[item];
  if (!entry) throw new TacitError('sdk/unexpected-answer', `the chain has no storage ${pallet}.${item}`);
  const answer = await entry(...keys);
  if (answer.isEmpty) return undefined;
  return parsed(`${pallet}.${item}`, answer.toJSON(), schema);
}

export function parsed<T>(what: string, json: unknown, schema: z.ZodType<T>): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new TacitError(
    'sdk/unexpected-answer',
    `${what} is not what this client understands: ${z.prettifyError(result.error)}`,
  );
}

export async function readRound(state: State, round: number): Promise<RoundView> {
  const found = await read(state, 'tally', 'rounds', [round], roundSchema);
  if (!found) throw unknownRound(round);
  return found;
}

function unknownRound(round: number): TacitError {
  return new TacitError('sdk/unknown-round', `there is no round ${round} in a finalized block`, { round });
}

export async function readItem(state: State, round: number, item: number): Promise<ItemView | undefined> {
  return read(state, 'tally', 'items', [round, item], itemSchema);
}

/** The item number of an account in a round. */
export async function itemOf(state: State, round: number, account: Uint8Array): Promise<number | undefined> {
  return read(state, 'tally', 'itemOf', [round, account], count);
}

/** Tags of the round's claimed notes, as hexadecimal texts. All of them: to ask for one's own would show the node which note is whose. */
export async function readTags(state: State, round: number): Promise<ReadonlySet<string>> {
  const entry = state.query.royalty?.tags;
  if (!entry) throw new TacitError('sdk/unexpected-answer', 'the chain has no storage royalty.tags');
  const keys = await entry.keys(round);
  return new Set(keys.map(({ args }) => String(args[1])));
}

export async function readPayout(state: State, round: number): Promise<PayoutView | undefined> {
  return read(state, 'tally', 'payouts', [round], payoutSchema);
}

export async function readMoney(state: State, round: number): Promise<MoneyView | undefined> {
  return read(state, 'royalty', 'rounds', [round], moneySchema);
}

/** `U` of a round, part by part, once it is open. */
export async function readAggregate(state: State, view: RoundView): Promise<Int32Array[] | undefined> {
  const packed = await read(state, 'tally', 'aggregates', [view.round], bytes);
  if (!packed) return undefined;
  const lengths = view.lanes.filter(({ lane }) => lane === 'update').map(({ values }) => values);
  if (packed.length !== 4 * lengths.reduce((sum, length) => sum + length, 0)) {
    throw new TacitError('sdk/unexpected-answer', 'the aggregate has not the length of the round’s parts');
  }
  const all = aggregateValues(packed);
  let from = 0;
  return lengths.map((length) => all.slice(from, (from += length)));
}

export function contextOf(genesis: Uint8Array, view: RoundView): RoundContext {
  return roundContext(genesis, view);
}

/**
 * The keys to encrypt and seal to.
 * @throws `sdk/round-not-keyed` before the committee has made them; `sdk/weak-parameters` for a parameter set that only tests may use
 */
export async function readKeys(
  genesis: Uint8Array,
  state: State,
  view: RoundView,
): Promise<{ params: FheParams; keys: RoundKeys }> {
  const params = fheParams(view.paramsId);
  if (!params.secure)
    throw new TacitError('sdk/weak-parameters', 'the round names parameters that protect nothing', { id: params.id });
  const b = await read(state, 'tally', 'publicKeys', [view.round], bytes);
  const boxes = await read(state, 'tally', 'boxKeys', [view.round], boxKeysSchema);
  if (!b || !boxes)
    throw new TacitError('sdk/round-not-keyed', `round ${view.round} has no public key yet`, { round: view.round });
  return {
    params,
    keys: {
      publicKey: { b: decodeKeyPoly(params, b), a: publicA(params, contextOf(genesis, view)) },
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
    let newest: Uint8Array | undefined;
    let busy = false;
    // heads that come while one is being looked at are passed over, all but the newest
    const work = async (): Promise<void> => {
      busy = true;
      while (newest !== undefined) {
        const hash = newest;
        newest = undefined;
        try {
          const result = await look(await chain.api.at(hash));
          if (result !== undefined) return resolve(result);
        } catch (error) {
          if (!isDisconnected(error)) return reject(error);
        }
      }
      busy = false;
    };
    const heard = (hash: Uint8Array): void => {
      newest = hash;
      if (!busy) void work();
    };
    persist(() => chain.api.rpc.chain.subscribeFinalizedHeads(({ hash }) => heard(hash))).then((unsubscribe) => {
      stop = unsubscribe;
    }, reject);
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
    const view = await read(state, 'tally', 'rounds', [round], roundSchema);
    if (!view) {
      if (++missing > BLOCKS_OF_GRACE) throw unknownRound(round);
      return undefined;
    }
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

const termSchema = z.object({ phase: z.string() });

/**
 * Waits until the committee has an active term, without which no round begins; `heard` is told its phase with every block before that.
 * @throws `sdk/no-committee` for a chain that makes none, `sdk/committee-timeout`
 */
export async function untilCommittee(chain: Chain, heard: (phase: string) => void, timeoutMs: number): Promise<void> {
  let last = 'unknown';
  let missing = 0;
  const look = async (state: State): Promise<true | undefined> => {
    const term = await read(state, 'committee', 'current', [], termSchema);
    if (!term && ++missing > BLOCKS_OF_GRACE) throw new TacitError('sdk/no-committee', 'this chain has no committee');
    if (!term) return undefined;
    last = term.phase;
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
