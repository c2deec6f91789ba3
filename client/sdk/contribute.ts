/** The contributor's part in a round: enrol, then submit the parts of the update; or the one vector of a voter or reporter. All of it is sealed until the close. */
import type { KeyringPair } from '@polkadot/keyring/types';
import type { EventRecord } from '@polkadot/types/interfaces';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { buildEnrolment } from '../../primitives/proofs/enrolment.ts';
import { LANES, type LaneName, type LaneSpec } from '../../primitives/proofs/lane.ts';
import { meterVector } from '../../primitives/proofs/meter.ts';
import { LANE_TABLE } from '../../primitives/round/lanes.ts';
import { buildHere, type BuildInput } from './build.ts';
import { buildInTurns, type Contributed, type ContributeOptions } from './build-in-turns.ts';
import type { Chain } from './connect.ts';
import { calls, storage } from './generated/chain.ts';
import type { Wallet } from './keys.ts';
import { random } from './ports.ts';
import { contextOf, followRound, readKeys, type RoundView, type State } from './round.ts';
import { nextNonce, type Sent, send, sendLarge } from './transact.ts';

export type { Contributed, ContributeOptions } from './build-in-turns.ts';

/** A round that is about to open is waited for this long: this node may be a little behind the one that told of it. */
const PATIENCE_MS = 30_000;
const BEFORE_OPEN: readonly string[] = ['Keying', 'KeyCheck'];

function openRound(chain: Chain, round: number): Promise<{ state: State; view: RoundView }> {
  const look = (view: RoundView, state: State): { state: State; view: RoundView } | undefined => {
    if (view.phase === 'Open') return { state, view };
    if (BEFORE_OPEN.includes(view.phase)) return undefined;
    const why = `round ${round} takes no contributions now: its phase is ${view.phase}`;
    throw new TacitError('sdk/round-not-open', why, { round, phase: view.phase });
  };
  return followRound(chain, round, look, PATIENCE_MS);
}

/** What an account shows of itself: `$Data` that it owns, by number, and claims of attesters about them. */
export interface Evidence {
  readonly data: readonly number[];
  readonly claims?: readonly number[];
}

const evidenceArgs = ({ data, claims = [] }: Evidence) => ({ data: data.map(BigInt), claims: claims.map(BigInt) });

/**
 * Enrols the wallet's account: reserves the round's stake, which comes back with the payout; less a quarter if the parts do not follow before the close.
 * @param evidence where the round asks for it, or gives points or factors for it. It ties the data to the account, in public
 */
export async function enrol(chain: Chain, wallet: Wallet, round: number, evidence?: Evidence): Promise<Sent> {
  const { state, view } = await openRound(chain, round);
  const { params, keys } = await readKeys(chain, state, view);
  const enrolment = buildEnrolment({
    params,
    context: contextOf(chain.genesis, view),
    account: wallet.account.publicKey,
    maskKeys: keys.maskKeys,
    walletSeed: wallet.noteSeed,
    random,
  });
  const call =
    evidence === undefined
      ? calls.royalty.enrol({ round, enrolment })
      : calls.royalty.enrolWithEvidence({ round, enrolment, ...evidenceArgs(evidence) });
  return send(chain, call, wallet.account);
}

/** Shows more of oneself to a round that one is enrolled in, while it is open. */
export async function stateStanding(chain: Chain, wallet: Wallet, round: number, evidence: Evidence): Promise<Sent> {
  return send(chain, calls.royalty.stateStanding({ round, ...evidenceArgs(evidence) }), wallet.account);
}

/** Has what an item of an open round has shown counted again: its data may be sold since, and claims revoked. */
export async function recountStanding(
  chain: Chain,
  by: KeyringPair,
  round: number,
  account: Uint8Array,
): Promise<Sent> {
  return send(chain, calls.royalty.recountStanding({ round, account }), by);
}

/**
 * Encrypts, proves and submits the parts of an update (`quantise` makes them) for an enrolled account, some parts at a time. Parts that stand already are left out: called again
 * with the same update after it was broken off, it goes on where it was; of another one it would send the rest only. Progress counts all parts.
 * @throws `sdk/round-not-open`, `sdk/wrong-parts` if the round has other parts, and what `buildSubmission` and `send` throw
 */
export async function contribute(
  chain: Chain,
  wallet: Wallet,
  round: number,
  parts: readonly Int8Array[],
  options: ContributeOptions = {},
): Promise<Contributed> {
  return submit(chain, wallet.account, round, 'update', parts, options);
}

/** Submits a reporter's counts, one per item in the order of enrolment; of an account that the rule names for one of them. */
export async function reportUsage(
  chain: Chain,
  reporter: KeyringPair,
  round: number,
  counts: readonly number[],
  options: ContributeOptions = {},
): Promise<Contributed> {
  return submit(chain, reporter, round, 'usage', [counts], options);
}

/**
 * The same of an account that the rule names for several: a vector for each, in the order of the rule.
 * @throws `sdk/wrong-parts` if there are more or fewer
 */
export async function reportEach(
  chain: Chain,
  reporter: KeyringPair,
  round: number,
  vectors: readonly (readonly number[])[],
  options: ContributeOptions = {},
): Promise<Contributed> {
  return submit(chain, reporter, round, 'usage', vectors, options);
}

/**
 * Casts an admitted voter's ballot: whole numbers per option that add up to the round's budget; options behind the last given get nothing. Nobody ever opens it:
 * only what all ballots together give each option becomes public. It cannot be taken back.
 * @throws `sdk/not-admitted`, `sdk/wrong-lane` if the round takes no ballots, `proofs/claim` if the weights are not the budget
 */
export async function castBallot(
  chain: Chain,
  voter: KeyringPair,
  round: number,
  weights: readonly number[],
  options: ContributeOptions = {},
): Promise<Contributed> {
  return submit(chain, voter, round, 'ballot', [weights], options);
}

/** Hands in an admitted reporter's counts for a statistic; fails as {@link castBallot} does. Only totals over all reports become public. */
export async function reportCounts(
  chain: Chain,
  reporter: KeyringPair,
  round: number,
  counts: readonly number[],
  options: ContributeOptions = {},
): Promise<Contributed> {
  return submit(chain, reporter, round, 'counts', [counts], options);
}

/**
 * Hands in how often each grant was used since it was given, for a round that bills all uses and tells which grants are used up. Of the counts nothing else
 * becomes public. Fails as {@link castBallot} does; `proofs/claim` if the counts are not the round's total.
 */
export async function reportUses(
  chain: Chain,
  reporter: KeyringPair,
  round: number,
  counts: readonly number[],
  options: ContributeOptions = {},
): Promise<Contributed> {
  return submit(chain, reporter, round, 'meter', [counts], options);
}

async function submit(
  chain: Chain,
  signer: KeyringPair,
  round: number,
  lane: LaneName,
  vectors: readonly ArrayLike<number>[],
  { build = buildHere, ...options }: ContributeOptions,
): Promise<Contributed> {
  const { state, view } = await openRound(chain, round);
  const lanes = await lanesFor(state, view, lane, signer.publicKey);
  if (lanes.length !== vectors.length) {
    throw new TacitError('sdk/wrong-parts', `round ${round} takes ${lanes.length} parts, not ${vectors.length}`, {
      round,
    });
  }
  const { keys } = await readKeys(chain, state, view);
  const inputs = lanes.map((spec, i): BuildInput => {
    const vector = vectors[i] as ArrayLike<number>;
    const values = valuesFor(spec, vector);
    return { context: contextOf(chain.genesis, view), spec, account: signer.publicKey, keys, values };
  });
  const todo = await missingOf(state, round, inputs);
  const all = { built: inputs.length - todo.length, all: inputs.length };
  return buildInTurns(todo, all, { build, ...options }, (some, sealed) => sendAll(chain, signer, round, some, sealed));
}

/** What does not stand yet in a final state; if all does, the first, of which the chain will say so. */
async function missingOf(state: State, round: number, inputs: readonly BuildInput[]): Promise<readonly BuildInput[]> {
  const places = inputs.map(({ account, spec }): [number, Uint8Array, number, number] => {
    return [round, account, LANES[spec.lane], spec.part];
  });
  const found = await state.getMany(storage.tally.submissionOf, places);
  const missing = inputs.filter((_, i) => found[i] === undefined);
  return missing.length > 0 ? missing : inputs.slice(0, 1);
}

/** Sends what is built. @returns what the chain said if a part stood already, and nothing worse happened to another */
async function sendAll(
  chain: Chain,
  signer: KeyringPair,
  round: number,
  inputs: readonly BuildInput[],
  sealed: readonly Uint8Array[],
): Promise<unknown> {
  const nonce = await nextNonce(chain, signer.address);
  const outcomes = await Promise.allSettled(
    sealed.map((bytes, i) => {
      const { lane, part } = (inputs[i] as BuildInput).spec;
      const isMine = submitted(round, signer.address, lane, part);
      const call = calls.tally.submit({ round, lane: LANES[lane], part, sealed: bytes });
      return sendLarge(chain, call, signer, nonce + i, isMine);
    }),
  );
  const errors: unknown[] = outcomes.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const worst = errors.find((error) => !(isTacitError(error) && error.details.error === 'tally.AlreadySubmitted'));
  if (worst !== undefined) throw worst;
  return errors[0];
}

/** A vector of one number each for items, options, counters or grants may stop at the last that is not zero; an update has all its values. */
function valuesFor(spec: LaneSpec, vector: ArrayLike<number>): ArrayLike<number> {
  if (spec.lane === 'update') return vector;
  const wanted = spec.bounds?.length ?? spec.values;
  const whole = Array.from({ length: Math.max(wanted, vector.length) }, (_, k) => vector[k] ?? 0);
  return spec.bounds === undefined ? whole : meterVector(spec, whole);
}

/** Recognises the event that tells that this submission stands. */
function submitted(round: number, address: string, lane: LaneName, part: number) {
  const fields = [`${round}`, address, `${LANES[lane]}`, `${part}`];
  return ({ section, method, data }: EventRecord['event']): boolean =>
    section === 'tally' && method === 'Submitted' && fields.every((text, field) => data[field]?.toString() === text);
}

/** The parts of a lane that an account submits to: all that items do, its own as a reporter, or the one that it was admitted to. */
async function lanesFor(state: State, view: RoundView, lane: LaneName, account: Uint8Array): Promise<LaneSpec[]> {
  const { round } = view;
  const parts = view.lanes.filter((spec) => spec.lane === lane).sort((a, b) => a.part - b.part);
  switch (LANE_TABLE[lane].from) {
    case 'items':
      return parts;
    case 'reporters': {
      const { reporters } = view.rule;
      const own = parts.filter(({ part }) => {
        const named = reporters[part];
        return named !== undefined && sameBytes(named.account, account);
      });
      if (own.length > 0) return own;
      throw new TacitError('sdk/not-reporter', 'this account reports nothing in the round', { round });
    }
    case 'admitted':
      if (parts.length === 0) throw new TacitError('sdk/wrong-lane', `round ${round} takes no ${lane}`, { round });
      if ((await state.get(storage.tally.admitted, round, account)) !== undefined) return parts;
      throw new TacitError('sdk/not-admitted', 'this account has not been admitted to the round', { round });
  }
}
