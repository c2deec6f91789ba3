import { compareBytes, sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { type Context, type DispatchError, ensure, Origin, type RuntimeCall } from '../support/index.ts';
import { accountOf } from './accounts.ts';
import { DEPOSIT_BASE, DEPOSIT_FACTOR, type Multisig } from './state.ts';
import type { Operation, Timepoint } from './types.ts';

/** What a signatory says of an operation. */
export interface Vote {
  readonly who: Uint8Array;
  readonly threshold: number;
  readonly otherSignatories: readonly Uint8Array[];
  /** Undefined of the first approval. */
  readonly maybeTimepoint: Timepoint | undefined;
  readonly callHash: Uint8Array;
}

/** A call at hand, and the most that its signatory lets it weigh, in picoseconds. */
export interface Offer {
  readonly call: RuntimeCall;
  readonly maxWeight: bigint;
}

/** Where a vote leads; nothing has changed yet. */
type Step = { readonly multisig: Uint8Array } & (
  | { readonly tag: 'open' }
  | { readonly tag: 'approve' | 'execute'; readonly found: Operation }
);

const sameTime = (a: Timepoint, b: Timepoint): boolean => a.height === b.height && a.index === b.index;

/** The operation's place in the chain: of whatever is dispatched outside of an extrinsic, the first of its block. */
function now({ block, phase }: Context): Timepoint {
  return { height: block, index: phase.tag === 'ApplyExtrinsic' ? phase.value : 0 };
}

/** Judges a vote. Without an offer nothing is executed, however many have approved. */
export function nextStep(pallet: Multisig, vote: Vote, offer?: Offer): Step {
  const { ctx, store, errors } = pallet;
  const { who, threshold, maybeTimepoint, callHash } = vote;
  ensure(threshold >= 2, errors.MinimumThreshold);
  const multisig = accountOf(pallet, who, vote.otherSignatories, threshold);
  const found = store.multisigs.get(multisig, callHash);
  if (found === undefined) {
    ensure(maybeTimepoint === undefined, errors.UnexpectedTimepoint);
    return { tag: 'open', multisig };
  }
  ensure(maybeTimepoint !== undefined, errors.NoTimepoint);
  ensure(sameTime(found.when, maybeTimepoint), errors.WrongTimepoint);
  const counts = found.approvals.length < threshold && !found.approvals.some((each) => sameBytes(each, who));
  if (offer !== undefined && found.approvals.length + Number(counts) >= threshold) {
    ensure(ctx.dispatcher.infoOf(offer.call).weight <= offer.maxWeight, errors.MaxWeightTooLow);
    return { tag: 'execute', multisig, found };
  }
  ensure(counts, errors.AlreadyApproved);
  return { tag: 'approve', multisig, found };
}

/** Opens an operation, adds an approval to it, or ends it by dispatching its call. */
export function operate(pallet: Multisig, vote: Vote, offer?: Offer): undefined {
  const { ctx, store, events } = pallet;
  const { who, threshold, callHash } = vote;
  const step = nextStep(pallet, vote, offer);
  const { multisig } = step;
  if (step.tag === 'open') {
    const deposit = DEPOSIT_BASE + DEPOSIT_FACTOR * BigInt(threshold);
    reserve(ctx, who, deposit);
    store.multisigs.put(multisig, callHash, { when: now(ctx), deposit, depositor: who, approvals: [who] });
    events.NewMultisig({ approving: who, multisig, callHash });
    return;
  }
  const { found } = step;
  const about = { approving: who, timepoint: found.when, multisig, callHash };
  if (step.tag === 'execute') {
    // It is over before its call runs: the call itself may come back here, and must find nothing to execute again.
    close(pallet, multisig, callHash, found);
    const error = ctx.dispatcher.dispatch(ctx, Origin.signed(multisig), offer!.call);
    events.MultisigExecuted({ ...about, result: outcome(error) });
    return;
  }
  const approvals = [...found.approvals, who].toSorted(compareBytes);
  store.multisigs.put(multisig, callHash, { ...found, approvals });
  events.MultisigApproval(about);
}

/** Takes back an operation that has not been executed. Only who opened it may. */
export function cancel(pallet: Multisig, vote: Vote & { readonly maybeTimepoint: Timepoint }): undefined {
  const { store, events, errors } = pallet;
  const { who, threshold, callHash, maybeTimepoint } = vote;
  ensure(threshold >= 2, errors.MinimumThreshold);
  const multisig = accountOf(pallet, who, vote.otherSignatories, threshold);
  const found = store.multisigs.get(multisig, callHash);
  ensure(found, errors.NotFound);
  ensure(sameTime(found.when, maybeTimepoint), errors.WrongTimepoint);
  ensure(sameBytes(found.depositor, who), errors.NotOwner);
  close(pallet, multisig, callHash, found);
  events.MultisigCancelled({ cancelling: who, timepoint: found.when, multisig, callHash });
}

function close({ ctx, store }: Multisig, multisig: Uint8Array, callHash: Uint8Array, found: Operation): void {
  store.multisigs.remove(multisig, callHash);
  unreserve(ctx, found.depositor, found.deposit);
}

function outcome(error: DispatchError | undefined) {
  return error === undefined ? { tag: 'Ok' as const, value: undefined } : { tag: 'Err' as const, value: error };
}
