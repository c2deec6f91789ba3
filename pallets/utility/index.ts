import { bounded, field, type Ty, u32, vec } from '../../primitives/scale/index.ts';
import {
  constant,
  type Context,
  type Cost,
  definePallet,
  dispatchError,
  DispatchFailure,
  event,
  type Origin,
  type HeldCall,
  type RuntimeCall,
  type VerifyTask,
  type WeightHelpers,
} from '../support/index.ts';
import { weights } from './weights.ts';

/** The most calls of a batch. */
const BATCHED_CALLS_LIMIT = 200;
interface Batch {
  readonly calls: RuntimeCall[];
}
const weight =
  (cost: Cost) =>
  ({ of, measured }: WeightHelpers, { calls }: Batch): bigint =>
    calls.reduce((total, call) => total + of(call), measured(cost, calls.length));
const tasks = ({ ctx, origin }: { ctx: Context; origin: Origin }, { calls }: Batch): VerifyTask[] =>
  calls.flatMap((call) => ctx.dispatcher.tasks(ctx, origin, call));
const holds = ({ calls }: Batch, signer: Uint8Array | undefined): HeldCall[] => calls.map((call) => ({ signer, call }));

/** Several calls in one extrinsic. `callTy` is the runtime's call type, which holds this pallet's calls in turn: pass it lazily. */
export function utilityPallet(callTy: Ty<RuntimeCall>) {
  const args = { calls: bounded(vec(callTy), BATCHED_CALLS_LIMIT) };
  return definePallet({
    name: 'Utility',
    index: 1,
    docs: 'Several calls in one extrinsic.',
    events: {
      BatchInterrupted: event('A call of a batch failed; those before it stand, those after it were not tried.', {
        index: field(u32, 'The place of the call in the batch, from 0.'),
        error: field(dispatchError, 'Why it failed.'),
      }),
      BatchCompleted: event('All calls of a batch were dispatched.'),
      BatchCompletedWithErrors: event('All calls of a batch were dispatched; some failed.'),
      ItemCompleted: event('A call of a batch was dispatched.'),
      ItemFailed: event('A call of a batch failed; the batch goes on.', {
        error: field(dispatchError, 'Why it failed.'),
      }),
    },
    errors: {},
    constants: { BatchedCallsLimit: constant(u32, BATCHED_CALLS_LIMIT, 'The most calls of a batch.') },
    calls: {
      batch: {
        index: 0,
        docs: 'Dispatch calls one after the other until one fails; those before it stand.',
        args,
        weight: weight(weights.batch),
        tasks,
        holds,
        run({ ctx, origin, events }, { calls }) {
          origin.signedOrRoot();
          for (const [index, call] of calls.entries()) {
            const error = ctx.dispatcher.dispatch(ctx, origin, call);
            if (error) {
              events.BatchInterrupted({ index, error });
              return;
            }
            events.ItemCompleted();
          }
          events.BatchCompleted();
        },
      },
      batchAll: {
        index: 2,
        docs: 'Dispatch calls one after the other; if one fails, none has happened.',
        args,
        weight: weight(weights.batchAll),
        tasks,
        holds,
        run({ ctx, origin, events }, { calls }) {
          origin.signedOrRoot();
          for (const call of calls) {
            const error = ctx.dispatcher.dispatch(ctx, origin, call);
            if (error) throw new DispatchFailure(error, 'Utility.batchAll');
            events.ItemCompleted();
          }
          events.BatchCompleted();
        },
      },
      forceBatch: {
        index: 4,
        docs: 'Dispatch all calls, whichever of them fail.',
        args,
        weight: weight(weights.forceBatch),
        tasks,
        holds,
        run({ ctx, origin, events }, { calls }) {
          origin.signedOrRoot();
          let failed = false;
          for (const call of calls) {
            const error = ctx.dispatcher.dispatch(ctx, origin, call);
            if (error) events.ItemFailed({ error });
            else events.ItemCompleted();
            failed ||= error !== undefined;
          }
          if (failed) events.BatchCompletedWithErrors();
          else events.BatchCompleted();
        },
      },
    },
  });
}
