import { TacitError } from '../primitives/errors.ts';
import {
  type CallInfo,
  type Changes,
  type Composition,
  type Context,
  type DigestItem,
  type DispatchClass,
  type DispatchError,
  Origin,
  isOfThisMachine,
  storagePrefix,
} from '../pallets/support/index.ts';
import { system } from '../pallets/system/index.ts';
import {
  BASE_BLOCK_WEIGHT,
  BASE_EXTRINSIC_WEIGHT,
  classLimits,
  MAX_BLOCK_LENGTH,
  MAX_BLOCK_WEIGHT,
  MAX_EXTRINSIC_LENGTH,
  MAX_HOOKS_WEIGHT,
  ROOM_WEIGHT,
} from '../pallets/system/limits.ts';
import { charge, emitPaid, feeOf, totalFee } from '../pallets/transaction-payment/index.ts';
import { encodeBare } from './extrinsic.ts';
import { check, type Checked, judge, type Refusal, type Versions } from './validity.ts';

/** `ok` (a failing call stands in the block and pays); no room in this block; or why it can be in no block on this state. */
export type ApplyOutcome = 'ok' | 'exhausted' | Refusal;

/** An extrinsic that makes the runtime throw is in no block. */
export const PANIC: Refusal = { invalid: { tag: 'Custom', value: 255 } };

const EVENTS_KEY = storagePrefix('System', 'Events');

/** The execution of one block: begun by its constructor, extrinsics applied in order, finished once. */
export class BlockRun {
  readonly ctx: Context;
  readonly #composition: Composition;
  readonly #versions: Versions;
  readonly #weight: Record<DispatchClass, bigint> = { Normal: 0n, Operational: 0n, Mandatory: BASE_BLOCK_WEIGHT };
  readonly #length: Record<DispatchClass, number> = { Normal: 0, Operational: 0, Mandatory: 0 };
  #count = 0;
  #inherentsOver = false;
  #finished = false;

  /** @throws TacitError if the header cannot begin a block on this state (no slot, a slot that does not increase). */
  constructor(composition: Composition, versions: Versions, ctx: Context) {
    this.#composition = composition;
    this.#versions = versions;
    this.ctx = ctx;
    ctx.phase = { tag: 'Initialization' };
    const hooks = composition.initialize(ctx);
    this.#weight.Mandatory += hooks < MAX_HOOKS_WEIGHT ? hooks : MAX_HOOKS_WEIGHT;
  }

  /** The extrinsics that the author puts at the head of its block. `now` is its clock, in milliseconds since 1970. */
  inherents(now: bigint): Uint8Array[] {
    const calls = this.#composition.pallets.map((pallet) => pallet.inherentCall(this.ctx, now));
    return calls.filter((call) => call !== undefined).map((call) => encodeBare(this.#composition.callTy, call));
  }

  /** Tries an extrinsic. Unless it is `ok`, nothing has changed; a failing call is `ok`: it stands in the block and pays. */
  apply(bytes: Uint8Array): ApplyOutcome {
    if (this.#finished) throw new TacitError('runtime/finished', 'the block is finished');
    const checked = check(this.#composition, bytes);
    if (!('extrinsic' in checked)) return checked;
    const { info } = checked;
    if (info.class === 'Mandatory' && this.#inherentsOver) return { invalid: { tag: 'BadMandatory' } };
    const weight = BASE_EXTRINSIC_WEIGHT + info.weight;
    if (!this.#hasRoom(info.class, weight, bytes.length)) return 'exhausted';
    const outcome = applyChecked(this.#composition, this.ctx, this.#versions, checked, this.#count);
    if ('refusal' in outcome) return outcome.refusal;
    this.#weight[info.class] += weight;
    this.#length[info.class] += bytes.length;
    this.#count++;
    this.#inherentsOver ||= info.class !== 'Mandatory';
    return 'ok';
  }

  #hasRoom(of: DispatchClass, weight: bigint, length: number): boolean {
    if (of === 'Mandatory') return true;
    const limits = classLimits(of);
    const allWeight = this.#weight.Normal + this.#weight.Operational + this.#weight.Mandatory + weight;
    const allLength = this.#length.Normal + this.#length.Operational + this.#length.Mandatory + length;
    return (
      this.#weight[of] + weight <= limits.weight &&
      this.#length[of] + length <= limits.length &&
      allWeight <= MAX_BLOCK_WEIGHT &&
      allLength <= MAX_BLOCK_LENGTH
    );
  }

  /** Ends the block: its changes to the state, and the digest items that pallets added to those the block began with. */
  finish(): { changes: Changes; digestLogs: DigestItem[] } {
    if (this.#finished) throw new TacitError('runtime/finished', 'the block is finished');
    this.#finished = true;
    const { ctx } = this;
    ctx.phase = { tag: 'Finalization' };
    ctx.hasRoom = this.#hasRoom('Normal', ROOM_WEIGHT, MAX_EXTRINSIC_LENGTH);
    this.#composition.finalize(ctx);
    const digestLogs = [...ctx.logs];
    const { store } = system.use(ctx);
    store.digest.put({ logs: [...ctx.header.digest, ...digestLogs] });
    store.eventCount.put(ctx.events.length);
    ctx.storage.put(EVENTS_KEY, ctx.encodedEvents());
    const weightOf = (of: DispatchClass) => ({ refTime: this.#weight[of], proofSize: 0n });
    store.blockWeight.put({
      normal: weightOf('Normal'),
      operational: weightOf('Operational'),
      mandatory: weightOf('Mandatory'),
    });
    return { changes: ctx.changes(), digestLogs };
  }
}

/** Judges and executes; undoes everything if the extrinsic turns out to have no place in a block. */
export function applyChecked(
  composition: Composition,
  ctx: Context,
  versions: Versions,
  checked: Checked,
  index: number,
): { error: DispatchError | undefined } | { refusal: Refusal } {
  const { info } = checked;
  ctx.phase = { tag: 'ApplyExtrinsic', value: index };
  try {
    return ctx.transactional(() => {
      const judged = judge(composition, ctx, versions, checked, 'inBlock');
      if (!('valid' in judged)) throw new Refused(judged);
      const error = execute(composition, ctx, checked);
      if (error && info.class === 'Mandatory') throw new Refused({ invalid: { tag: 'BadMandatory' } });
      return { error };
    });
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    if (isOfThisMachine(error)) throw error;
    // A fault of ours must not stop the chain: such an extrinsic is in no block, on every node alike.
    ctx.host.report?.(error);
    return { refusal: PANIC };
  }
}

class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super('refused');
    this.refusal = refusal;
  }
}

function execute(composition: Composition, ctx: Context, { extrinsic, info }: Checked): DispatchError | undefined {
  const { signed, call, bytes } = extrinsic;
  const { events, store } = system.use(ctx);
  const fee = totalFee(feeOf(bytes.length, info));
  if (signed) {
    charge(ctx, signed.account, fee + signed.tip);
    store.account.mutate(signed.account, (account) => ({ ...account, nonce: account.nonce + 1 }));
  }
  const origin = signed ? Origin.signed(signed.account) : Origin.none;
  const error = composition.dispatch(ctx, origin, call);
  if (signed && (info.paysFee || signed.tip > 0n)) emitPaid(ctx, signed.account, fee, signed.tip);
  const dispatchInfo = eventInfo(info);
  if (error) events.ExtrinsicFailed({ dispatchError: error, dispatchInfo });
  else events.ExtrinsicSuccess({ dispatchInfo });
  return error;
}

function eventInfo(info: CallInfo) {
  return {
    weight: { refTime: info.weight, proofSize: 0n },
    class: { tag: info.class },
    paysFee: { tag: info.paysFee ? ('Yes' as const) : ('No' as const) },
  };
}
