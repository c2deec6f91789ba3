/** The model's side of a round: the owner who registers the model, makes rounds and publishes the direction; the user who pays. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import type { Chain } from './connect.ts';
import { calls, storage } from './generated/chain.ts';
import { argsOf, asBytes, type JointPlan, type PoolPart, type RoundPlan } from './plan.ts';
import { finalizedState } from './round.ts';
import { eventField, send } from './transact.ts';

/** What is registered of a model; the model itself stays with its owner. */
export interface NewModel {
  /** Hash of the weights, 32 bytes. */
  readonly fingerprint: Uint8Array;
  /** Hash of the architecture's description, 32 bytes. */
  readonly architecture: Uint8Array;
  /** Hash of the stored terms that it is under ({@link storeTerms}); without it nothing is allowed to anyone. */
  readonly terms?: Uint8Array;
  /** What it comes from; for each the chain asks for a licence. */
  readonly parents?: readonly Parent[];
}
type Parent = Parameters<typeof calls.registry.registerModel>[0]['parents'][number];

/** Registers a model with version 1.0.0 of the branch `main`; returns its number. */
export async function registerModel(
  chain: Chain,
  owner: KeyringPair,
  { fingerprint, architecture, terms, parents = [] }: NewModel,
): Promise<number> {
  const call = calls.registry.registerModel({
    release: { fingerprint, architecture, tensors: undefined, card: undefined, changelog: undefined },
    branch: 'main',
    semver: { major: 1, minor: 0, patch: 0, pre: '' },
    terms,
    parents: [...parents],
  });
  const sent = await send(chain, call, owner);
  return wholeNumber(eventField(sent, 'registry', 'ModelRegistered', 'id'));
}

/** Pays `amount` units into a model's pool: what its rounds distribute. */
export async function fund(chain: Chain, user: KeyringPair, model: number, amount: bigint): Promise<void> {
  await send(chain, calls.royalty.fund({ model: BigInt(model), amount }), user);
}

/** Makes a round over a model's pool and waits until that is final; returns its number. */
export async function createRound(chain: Chain, owner: KeyringPair, model: number, plan: RoundPlan): Promise<number> {
  return createJointRound(chain, owner, [{ model, pool: plan.pool }], plan);
}

/** The same over the pools of several models, for all of which `owner` decides: contributors enrol once, and reporters count of each model. */
export async function createJointRound(
  chain: Chain,
  owner: KeyringPair,
  pools: readonly PoolPart[],
  plan: JointPlan,
): Promise<number> {
  const sent = await send(chain, calls.royalty.createRound(argsOf(pools, plan)), owner, { until: 'finalized' });
  return wholeNumber(eventField(sent, 'tally', 'RoundCreated', 'round'));
}

/**
 * Publishes the validation direction of a round that has closed. Unsigned and without fee: it is what was committed, or nothing. Resolves when blocks hold all parts,
 * whoever brought them there.
 */
export async function publishDirection(
  chain: Chain,
  round: number,
  direction: readonly Int8Array[],
  salt: Uint8Array,
): Promise<void> {
  const parts = direction.map((part, index) => ({ round, part: index, salt, direction: asBytes(part) }));
  await Promise.all(parts.map((part) => publishPart(chain, part)));
}

async function publishPart(chain: Chain, part: Parameters<typeof calls.tally.publishDirection>[0]): Promise<void> {
  try {
    await send(chain, calls.tally.publishDirection(part));
  } catch (error) {
    // A node takes no part that stands; members may have brought it to a block.
    if (!isTacitError(error, 'sdk/extrinsic-refused')) throw error;
    const state = await finalizedState(chain);
    if ((await state.get(storage.tally.directions, part.round, part.part)) === undefined) throw error;
  }
}

/** Sends the same amount to several accounts, all or nothing. */
export async function pay(
  chain: Chain,
  payer: KeyringPair,
  accounts: readonly Uint8Array[],
  amount: bigint,
): Promise<void> {
  const transfers = accounts.map((account) =>
    calls.balances.transferKeepAlive({ dest: { tag: 'Id', value: account }, value: amount }),
  );
  await send(chain, calls.utility.batchAll({ calls: transfers }), payer);
}

export function wholeNumber(text: string): number {
  const value = Number(text.replaceAll(',', ''));
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TacitError('sdk/unexpected-answer', 'not a number in an event', { text });
  return value;
}
