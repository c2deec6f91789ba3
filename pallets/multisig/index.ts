import { compareBytes } from '../../primitives/crypto/bytes.ts';
import { field, option, type Ty, u16 } from '../../primitives/scale/index.ts';
import { definePallet, DispatchFailure, innerCall, type RuntimeCall, weightV2 } from '../support/index.ts';
import { accountOf, multiAccount } from './accounts.ts';
import { held } from './held.ts';
import { cancel, nextStep, operate } from './operations.ts';
import { state } from './state.ts';
import { callHash, otherSignatories, timepoint } from './types.ts';
import { weights } from './weights.ts';

const threshold = field(u16, 'How many signatories must approve.');
const maybeTimepoint = field(option(timepoint), 'When the operation was opened; nothing, to open it.');
const maxWeight = field(weightV2, 'The most that the call may weigh.');

/** Accounts of several signatories. `callTy` is the runtime's call type, which holds this pallet's calls in turn: pass it lazily. */
export function multisigPallet(callTy: Ty<RuntimeCall>) {
  const inner = innerCall(callTy);
  const call = field(inner.ty, 'The call that the account makes.');
  return definePallet({
    ...state,
    ...held,
    calls: {
      asMultiThreshold_1: {
        index: 0,
        docs: 'Dispatch a call from the account of which each of the signatories disposes alone.',
        args: { otherSignatories, call },
        weight: ({ of, measured }, { call }) => measured(weights.asMultiThreshold_1) + of(call),
        tasks({ ctx, origin, errors }, { otherSignatories, call }) {
          const multisig = accountOf({ errors }, origin.signed(), otherSignatories, 1);
          return ctx.dispatcher.tasks(ctx, origin.as(multisig), call);
        },
        holds: ({ otherSignatories, call }, who) => inAccountOf(who, otherSignatories, 1, call),
        run({ ctx, origin, errors }, { otherSignatories, call }) {
          const multisig = accountOf({ errors }, origin.signed(), otherSignatories, 1);
          const error = ctx.dispatcher.dispatch(ctx, origin.as(multisig), call);
          if (error) throw new DispatchFailure(error, 'Multisig.asMultiThreshold_1');
        },
      },
      asMulti: {
        index: 1,
        docs: 'Approve a call of the account of the signatories; dispatch it, if that is the last approval it needs.',
        args: { threshold, otherSignatories, maybeTimepoint, call, maxWeight },
        // A call that weighs more than it may is not dispatched.
        weight({ of, measured }, { call, maxWeight }) {
          const [weighs, may] = [of(call), maxWeight.refTime];
          return measured(weights.asMulti, inner.lengthOf(call)) + (weighs < may ? weighs : may);
        },
        tasks({ origin, ...pallet }, { call, maxWeight, ...rest }) {
          const vote = { ...rest, who: origin.signed(), callHash: inner.hashOf(call) };
          const step = nextStep(pallet, vote, { origin, call, maxWeight: maxWeight.refTime });
          if (step.tag !== 'execute') return [];
          return pallet.ctx.dispatcher.tasks(pallet.ctx, origin.as(step.multisig), call);
        },
        holds: ({ threshold, otherSignatories, call }, who) => inAccountOf(who, otherSignatories, threshold, call),
        run({ origin, ...pallet }, { call, maxWeight, ...rest }) {
          const vote = { ...rest, who: origin.signed(), callHash: inner.hashOf(call) };
          return operate(pallet, vote, { origin, call, maxWeight: maxWeight.refTime });
        },
      },
      approveAsMulti: {
        index: 2,
        docs: 'Approve a call by its hash. The last approval is given by `as_multi`, with the call itself.',
        args: { threshold, otherSignatories, maybeTimepoint, callHash, maxWeight },
        weight: ({ measured }) => measured(weights.approveAsMulti),
        run: ({ origin, ...pallet }, vote) => operate(pallet, { ...vote, who: origin.signed() }),
      },
      cancelAsMulti: {
        index: 3,
        docs: 'End an operation without its call. Only who opened it may, and has the deposit back.',
        args: { threshold, otherSignatories, timepoint: field(timepoint, 'When the operation was opened.'), callHash },
        weight: ({ measured }) => measured(weights.cancelAsMulti),
        run({ origin, ...pallet }, { timepoint, ...rest }) {
          return cancel(pallet, { ...rest, who: origin.signed(), maybeTimepoint: timepoint });
        },
      },
    },
  });
}

/** A call as the account of its signatories makes it, if the caller is one of them. */
function inAccountOf(who: Uint8Array | undefined, others: Uint8Array[], threshold: number, call: RuntimeCall) {
  if (who === undefined) return [];
  return [{ signer: multiAccount([...others, who].toSorted(compareBytes), threshold), call }];
}

export { accountOf, multiAccount } from './accounts.ts';
