import { bounded, bytes, field, named, struct, u32, u64 } from '../../../primitives/scale/index.ts';
import {
  accountId,
  constant,
  definePallet,
  ensure,
  event,
  invalid,
  map,
  method,
  value,
} from '../../../pallets/support/index.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';

const workId = named('WorkId', u64, 'Number of the work.');
const work = struct('sample::Work', { owner: accountId, title: bounded(bytes, 16) });

/** A pallet that uses every part of the framework. */
export const sample = definePallet({
  name: 'Sample',
  index: 7,
  docs: 'A pallet that uses every part of the framework.',
  storage: {
    works: map(workId, work, { docs: 'Registered works by id.' }),
    nextWorkId: value(workId, { default: 0n, docs: 'The number of the next work.' }),
    grants: map([workId, accountId], u32, {
      hasher: ['twox64Concat', 'identity'],
      default: 0,
      docs: 'Uses granted, by work and account.',
    }),
    ticks: value(u32, { default: 0, docs: 'Blocks so far.' }),
  },
  events: {
    Registered: event('A work was registered.', { id: workId, owner: field(accountId, 'Whose it is.') }),
    Reset: event('Ten blocks have passed.'),
  },
  errors: { UnknownWork: 'No work has this id.', NotOwner: 'The caller does not own the work.' },
  constants: { MaxTitle: constant(u32, 16, 'Longest title.') },
  calls: {
    register: {
      index: 0,
      docs: 'Register a work.',
      args: { title: bounded(bytes, 16) },
      weight: ({ measured }) => measured({ reads: 1, writes: 2, micros: 0 }),
      run({ store, origin, events }, { title }) {
        const owner = origin.signed();
        const id = store.nextWorkId.get();
        store.nextWorkId.put(id + 1n);
        store.works.put(id, { owner, title });
        events.Registered({ id, owner });
      },
    },
    transfer: {
      index: 3,
      docs: 'Give a work to another account.',
      args: { id: u64, to: accountId },
      weight: ({ measured }) => measured({ reads: 1, writes: 1, micros: 0 }),
      run({ store, origin, errors }, { id, to }) {
        const found = store.works.get(id);
        // Written before the checks on purpose: a failing call must undo it.
        store.nextWorkId.put(99n);
        ensure(found, errors.UnknownWork);
        ensure(sameBytes(found.owner, origin.signed()), errors.NotOwner);
        store.nextWorkId.put(100n);
        store.works.put(id, { ...found, owner: to });
      },
    },
    grant: {
      index: 4,
      docs: 'Unsigned: grant uses of a work.',
      args: { id: u64, to: accountId, uses: u32 },
      weight: ({ measured }, { uses }) => measured({ reads: 0, writes: 0, micros: uses }),
      run({ store, origin }, { id, to, uses }) {
        origin.none();
        store.grants.mutate(id, to, (before) => before + uses);
      },
    },
  },
  onInitialize({ store }) {
    store.ticks.mutate((ticks) => ticks + 1);
  },
  onFinalize({ events, ctx }) {
    if (ctx.block % 10 === 0) events.Reset();
  },
  validateUnsigned({ store }, call) {
    if (call.tag !== 'grant') return invalid('Call');
    if (!store.works.has(call.value.id)) return invalid(7);
    return { priority: 1n, requires: [], provides: [call.value.to], longevity: 8n, propagate: true };
  },
  genesis({ store }, config: { firstId: bigint }) {
    store.nextWorkId.put(config.firstId);
  },
  apis: {
    SampleApi: {
      version: 1,
      docs: 'What works are called.',
      methods: {
        titleOf: method({
          docs: 'The title of a work; empty if there is none.',
          inputs: { id: u64 },
          output: bytes,
          run: (ctx, { id }): Uint8Array => sample.use(ctx).store.works.get(id)?.title ?? new Uint8Array(),
        }),
      },
    },
  },
});
