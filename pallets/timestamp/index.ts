import { TacitError } from '../../primitives/errors.ts';
import { bool, compact, named, u64 } from '../../primitives/scale/index.ts';
import { currentSlot, SLOT_DURATION } from '../aura/index.ts';
import { constant, type Context, definePallet, ensure, value } from '../support/index.ts';
import { weights } from './weights.ts';

const moment = named('Moment', u64);

/** The block's time, put by its author at the head of the block. */
export const timestamp = definePallet({
  name: 'Timestamp',
  index: 2,
  docs: 'The time of a block.',
  storage: {
    now: value(moment, { default: 0n, docs: 'Milliseconds since 1970 of the current block.' }),
    didUpdate: value(bool, { docs: 'Whether the time was set in this block.' }),
  },
  errors: {
    SetTwice: 'The time was set already in this block.',
    NotIncreasing: 'The time of a block is later than that of the block before.',
    WrongSlot: "The time does not lie within the block's slot.",
  },
  constants: { MinimumPeriod: constant(moment, SLOT_DURATION / 2n, 'Half of the least time between blocks.') },
  calls: {
    set: {
      index: 0,
      docs: "Set the block's time; by its author only, once in every block.",
      args: { now: compact(moment) },
      class: 'Mandatory',
      paysFee: false,
      weight: ({ measured }) => measured(weights.set),
      run({ ctx, store, origin, errors }, { now }) {
        origin.none();
        ensure(!store.didUpdate.has(), errors.SetTwice);
        ensure(now > store.now.get(), errors.NotIncreasing);
        ensure(now / SLOT_DURATION === currentSlot(ctx), errors.WrongSlot);
        store.now.put(now);
        store.didUpdate.put(true);
      },
    },
  },
  inherent: {
    // An author whose clock stands before its slot still makes a valid block: the slot is what it has claimed.
    create({ ctx }, now) {
      const begins = currentSlot(ctx) * SLOT_DURATION;
      const last = begins + SLOT_DURATION - 1n;
      return { tag: 'set', value: { now: now < begins ? begins : now > last ? last : now } };
    },
  },
  onFinalize({ store }) {
    if (!store.didUpdate.has()) throw new TacitError('timestamp/not-set', 'a block sets its time');
    store.didUpdate.remove();
  },
});

/** Milliseconds since 1970, as the block's author says. */
export function now(ctx: Context): bigint {
  return timestamp.use(ctx).store.now.get();
}
