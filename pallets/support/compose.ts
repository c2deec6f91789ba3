import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { enumeration, type Ty } from '../../primitives/scale/index.ts';
import type { CallInfo, Context, Dispatcher, HeldCall } from './context.ts';
import { contain } from './contain.ts';
import { DispatchFailure } from './errors.ts';
import { camelCase } from './names.ts';
import type { AnyCall, AnyPallet } from './pallet.ts';
import type { DispatchError, RuntimeCall } from './types.ts';
import { weightHelpers } from './weights.ts';

/** Pallets put together: the outer enumerations, dispatch, hooks. */
export interface Composition extends Dispatcher {
  readonly pallets: readonly AnyPallet[];
  readonly callTy: Ty<RuntimeCall>;
  readonly eventTy: Ty<{ tag: string; value: { tag: string; value: unknown } }>;
  readonly errorTy: Ty<unknown>;
  /** The calls that are made by one: itself, or, if it dispatches others, those in its place, at any depth. Whether each was made is in the events. */
  madeBy(held: HeldCall): readonly HeldCall[];
  /** Begins a block. Gives what the hooks of this block weigh, in picoseconds: those that have run, and at most those that will run at its end. */
  initialize(ctx: Context): bigint;
  finalize(ctx: Context): void;
  /** Genesis state; `configs` by the pallet's name in camelCase. A pallet whose genesis wants a config is only seeded with one. */
  seed(ctx: Context, configs: Readonly<Record<string, unknown>>): void;
  /** `Balances.InsufficientBalance`, `BadOrigin`, `Token.FundsUnavailable`. */
  errorName(error: DispatchError): string;
}

function outer<T>(
  crate: string,
  name: string,
  pallets: readonly AnyPallet[],
  pick: (pallet: AnyPallet) => Ty<unknown> | undefined,
): Ty<T> {
  const variants: Record<string, Ty<unknown>> = {};
  const indexes: Record<string, number> = {};
  for (const pallet of pallets) {
    const ty = pick(pallet);
    if (!ty) continue;
    variants[pallet.name] = ty;
    indexes[pallet.name] = pallet.index;
  }
  return enumeration(`${crate}::${name}`, variants, { indexes }) as Ty<unknown> as Ty<T>;
}

/** Whether a pallet or a primitive refused on purpose; anything else is a fault of the code. */
function isMeant(error: unknown): error is DispatchFailure | TacitError {
  return error instanceof DispatchFailure || isTacitError(error);
}

/** Puts `pallets` together, in the order of their indexes; hooks run in that order. */
export function compose(list: readonly AnyPallet[], crate = 'tacit_runtime'): Composition {
  const pallets = list.toSorted((a, b) => a.index - b.index);
  const byName = new Map(pallets.map((pallet) => [pallet.name, pallet]));
  const byIndex = new Map(pallets.map((pallet) => [pallet.index, pallet]));
  if (byName.size !== list.length || byIndex.size !== list.length) {
    throw new TacitError('support/duplicate-pallet', 'two pallets share a name or an index');
  }
  const palletOf = (call: RuntimeCall): AnyPallet => {
    const pallet = byName.get(call.tag);
    if (!pallet) throw new TacitError('support/no-such-call', `no pallet ${call.tag}`);
    return pallet;
  };
  const callOf = (call: RuntimeCall): AnyCall => {
    const found = palletOf(call).calls.get(call.value.tag);
    if (!found) throw new TacitError('support/no-such-call', `no call ${call.tag}.${call.value.tag}`);
    return found;
  };
  const infoOf = (call: RuntimeCall): CallInfo => {
    const found = callOf(call);
    return { weight: found.weight(helpers, call.value.value), class: found.class, paysFee: found.paysFee };
  };
  const madeBy = (held: HeldCall): readonly HeldCall[] => {
    const inner = callOf(held.call).holds?.(held.call.value.value, held.signer);
    return inner?.flatMap(madeBy) ?? [held];
  };
  const helpers = weightHelpers((call) => infoOf(call).weight);

  return {
    pallets,
    callTy: outer(crate, 'RuntimeCall', pallets, (pallet) => pallet.callTy),
    eventTy: outer(crate, 'RuntimeEvent', pallets, (pallet) => pallet.eventTy),
    errorTy: outer(crate, 'RuntimeError', pallets, (pallet) => pallet.errorTy),
    infoOf,
    madeBy,
    dispatch(ctx, origin, call) {
      const found = callOf(call);
      const refused = origin.refusal(call);
      if (refused !== undefined) return refused;
      try {
        ctx.transactional(() => found.run(ctx, origin, call.value.value));
        return undefined;
      } catch (error) {
        if (!isMeant(error)) throw error;
        // Bytes that a primitive refuses are the caller's fault; its code has no place in DispatchError.
        return error instanceof DispatchFailure ? error.value : { tag: 'Other' };
      }
    },
    validateUnsigned(ctx, call, source) {
      try {
        return palletOf(call).judge(ctx, call.value, source);
      } catch (error) {
        if (isMeant(error)) return { invalid: { tag: 'Call' } };
        throw error;
      }
    },
    tasks(ctx, origin, call) {
      if (origin.refusal(call) !== undefined) return [];
      try {
        return callOf(call).tasks(ctx, origin, call.value.value);
      } catch (error) {
        // The call will fail before it asks for anything.
        if (isMeant(error)) return [];
        throw error;
      }
    },
    initialize(ctx) {
      let weight = 0n;
      for (const pallet of pallets) weight += pallet.initialize(ctx);
      for (const pallet of pallets) weight += pallet.finalizeWeight(ctx, helpers);
      return weight;
    },
    finalize(ctx) {
      ctx.beginEnd();
      // A TacitError refuses the block: an inherent is missing. Anything else is a fault of ours, and stops neither the other pallets nor the chain.
      const isFault = (error: unknown): boolean => !isTacitError(error);
      for (const pallet of pallets) contain(ctx, () => pallet.finalize(ctx), undefined, isFault);
    },
    seed(ctx, configs) {
      for (const pallet of pallets) pallet.seed(ctx, configs[camelCase(pallet.name)]);
    },
    errorName(error) {
      if (error.tag === 'Module') {
        const pallet = byIndex.get(error.value.index);
        const decoded = pallet?.errorTy?.codec.dec(error.value.error.subarray(0, 1)) as { tag: string } | undefined;
        return `${pallet?.name ?? error.value.index}.${decoded?.tag ?? 'unknown'}`;
      }
      if (error.tag === 'Token' || error.tag === 'Arithmetic' || error.tag === 'Transactional') {
        return `${error.tag}.${error.value.tag}`;
      }
      return error.tag;
    },
  };
}
