import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import type { Ty } from '../../primitives/scale/index.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { reserve, totalIssuance } from '../balances/index.ts';
import { parameter, type ParameterName } from '../parameters/index.ts';
import { type Context, ensure, fail, Origin, type RuntimeCall } from '../support/index.ts';
import { priceOfPlace, settle } from './money.ts';
import { BYTE_DEPOSIT, type Governance, MAX_CALL_WEIGHT, state } from './state.ts';
import { NO_VOTES, phaseOf, rejection } from './tally.ts';
import { MAX_OPEN, MAX_OPEN_EACH, type Outcome, type Proposal } from './types.ts';

/** A parameter that is small enough for a number. */
export const numberOf = (ctx: Context, name: ParameterName): number => Number(parameter(ctx, name));

/** An open proposal. Fails with UnknownProposal. */
export function findProposal({ store, errors }: Governance, id: bigint): Proposal {
  return store.proposals.get(id) ?? fail(errors.UnknownProposal);
}

/** What is reserved for one more proposal with a call of so many bytes. */
export function depositFor({ ctx, store }: Governance, callLength: number): bigint {
  const place = priceOfPlace(parameter(ctx, 'GovernanceDeposit'), store.open.get().length);
  return place + BYTE_DEPOSIT * BigInt(callLength);
}

/** The call that bytes encode, in the one way in which this runtime writes it. Fails with BadCall. */
function decoded({ errors }: Governance, callTy: Ty<RuntimeCall>, bytes: Uint8Array): RuntimeCall {
  let call: RuntimeCall;
  try {
    call = callTy.codec.dec(bytes);
  } catch (error) {
    if (isTacitError(error)) fail(errors.BadCall);
    throw error;
  }
  // Who enacts brings the call, and it is known by the hash of how it is written.
  ensure(sameBytes(callTy.codec.enc(call), bytes), errors.BadCall);
  return call;
}

export interface Wish {
  readonly call: Uint8Array;
  readonly title: string;
  readonly reasons: Uint8Array;
}

/** How a proposal is voted on: in the open, or in secret too. */
type Manner = 'open' | 'secret';

/** Opens a proposal. Its times and thresholds are fixed with it. @returns its number */
export function propose(
  pallet: Governance,
  callTy: Ty<RuntimeCall>,
  who: Uint8Array,
  wish: Wish,
  manner: Manner = 'open',
): bigint {
  const { ctx, store, events, errors } = pallet;
  const { call, title, reasons } = wish;
  const wanted = decoded(pallet, callTy, call);
  const { weight } = ctx.dispatcher.infoOf(wanted);
  ensure(weight <= MAX_CALL_WEIGHT, errors.TooHeavy);
  const isSecret = manner === 'secret';
  // It would come too late: ballots are counted when the voting on what it stops is long over.
  ensure(!(isSecret && stops(wanted)), errors.OpenOnly);
  const open = store.open.get();
  const own = open.filter(({ proposer }) => sameBytes(proposer, who));
  ensure(open.length < MAX_OPEN && own.length < MAX_OPEN_EACH, errors.TooManyOpen);
  const deposit = depositFor(pallet, call.length);
  reserve(ctx, who, deposit);
  const id = store.nextProposal.get();
  const callHash = blake2b256(call);
  const about = { proposer: who, deposit, title, reasons, callHash, callLength: call.length };
  const ballots = isSecret ? ({ tag: 'Waiting' } as const) : undefined;
  const locks = stops(wanted) ? 0 : isSecret ? SECRET_LOCKS : 1;
  const made: Proposal = { ...about, ...termsNow(ctx, locks), tally: NO_VOTES, ballots };
  store.nextProposal.put(id + 1n);
  store.open.put([...open, { id, proposer: who }]);
  store.proposals.put(id, made);
  store.calls.put(id, call);
  events.Proposed({ id, proposer: who, title, callHash, closes: made.closes });
  return id;
}

/** Calls that only stop something. */
const STOPPING = new Set(['cancel', 'cancelUpgrade', 'overrule']);
const stops = ({ tag, value }: RuntimeCall): boolean => tag === state.name && STOPPING.has(value.tag);

/** Time locks of a secret proposal: one to propose that it be cancelled, when its outcome is known at last, and vote on it; one as of any other. */
const SECRET_LOCKS = 2;

/**
 * What only stops something is voted on no longer than a time lock is, and waits for none: proposed before the voting on another proposal is over, it can be enacted
 * before that one.
 */
function termsNow(ctx: Context, locks: number) {
  const [voting, timeLock] = [numberOf(ctx, 'GovernanceVoting'), numberOf(ctx, 'GovernanceTimeLock')];
  const closes = ctx.block + (locks === 0 ? Math.min(voting, timeLock) : voting);
  const enactFrom = closes + locks * timeLock;
  return {
    opened: ctx.block,
    closes,
    enactFrom,
    expires: enactFrom + numberOf(ctx, 'GovernanceWindow'),
    lockBlocks: numberOf(ctx, 'GovernanceLock'),
    approvalBps: numberOf(ctx, 'GovernanceApproval'),
    supportBps: numberOf(ctx, 'GovernanceSupport'),
    ignoredBps: numberOf(ctx, 'GovernanceIgnored'),
    electorate: totalIssuance(ctx),
  };
}

/** Takes a proposal out of the state; votes keep their locks. */
function end({ ctx, store, events }: Governance, id: bigint, found: Proposal, tag: Outcome, lost: bigint): void {
  store.proposals.remove(id);
  store.calls.remove(id);
  store.open.mutate((open) => open.filter((each) => each.id !== id));
  settle(ctx, found.proposer, found.deposit, lost);
  events.Closed({ id, outcome: { tag }, tally: found.tally, lost });
}

/** A proposal whose call may be made now. Fails with NotEnactable, or WrongCall. */
export function ensureEnactable(pallet: Governance, id: bigint, callHash: Uint8Array): Proposal {
  const { ctx, errors } = pallet;
  const found = findProposal(pallet, id);
  ensure(phaseOf(found, ctx.block) === 'Enactable', errors.NotEnactable);
  ensure(sameBytes(found.callHash, callHash), errors.WrongCall);
  return found;
}

/** Makes the call of a proposal as the chain itself. */
export function enact(pallet: Governance, id: bigint, call: RuntimeCall, callHash: Uint8Array): void {
  const { ctx, events } = pallet;
  const found = ensureEnactable(pallet, id, callHash);
  // It is over before its call runs: the call may come back here, and must find nothing to enact or cancel.
  end(pallet, id, found, 'Enacted', 0n);
  const error = ctx.dispatcher.dispatch(ctx, Origin.root, call);
  events.Enacted({
    id,
    result: error === undefined ? { tag: 'Ok', value: undefined } : { tag: 'Err', value: error },
  });
}

/** Ends a proposal that was rejected, or not enacted in time. Anybody may. */
export function close(pallet: Governance, id: bigint): void {
  const { ctx, errors } = pallet;
  const found = findProposal(pallet, id);
  const phase = phaseOf(found, ctx.block);
  ensure(phase === 'Rejected' || phase === 'Expired', errors.NotOver);
  const outcome = phase === 'Expired' ? 'Expired' : rejection(found);
  end(pallet, id, found, outcome, outcome === 'Ignored' || outcome === 'Vetoed' ? found.deposit : 0n);
}

/**
 * The proposer takes it back, before anybody has voted. The deposit is lost in the measure of the time that it was open: a place that is taken and given back again
 * and again costs as much as one that is kept.
 */
export function withdraw(pallet: Governance, id: bigint, who: Uint8Array): void {
  const { ctx, errors } = pallet;
  const found = findProposal(pallet, id);
  const { proposer, deposit, opened, closes, tally, ballots } = found;
  ensure(sameBytes(proposer, who), errors.NotProposer);
  // The committee is at work for it.
  ensure(ballots === undefined, errors.OpenOnly);
  ensure(tally.voters === 0, errors.HasVotes);
  ensure(ctx.block < closes, errors.VotingOver);
  end(pallet, id, found, 'Withdrawn', (deposit * BigInt(ctx.block - opened)) / BigInt(closes - opened));
}

/** Ends a proposal by another one, which says whether the deposit is lost. */
export function cancel(pallet: Governance, id: bigint, isLost: boolean): void {
  const found = findProposal(pallet, id);
  end(pallet, id, found, 'Cancelled', isLost ? found.deposit : 0n);
}
