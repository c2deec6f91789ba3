import { bytes, field, u16, u32 } from '../../primitives/scale/index.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import {
  accountId,
  blockLength,
  blockNumber,
  blockWeights,
  consumedWeight,
  constant,
  type Context,
  definePallet,
  digest,
  dispatchError,
  dispatchEventInfo,
  event,
  h256,
  map,
  runtimeDbWeight,
  value,
} from '../support/index.ts';
import { BLOCK_HASH_COUNT, blockLengthValue, blockWeightsValue, dbWeightValue, SS58_PREFIX } from './limits.ts';
import { accountInfo, emptyAccount, lastRuntimeUpgradeInfo } from './types.ts';
import { weights } from './weights.ts';

const zeroHash = new Uint8Array(32);
const dispatchInfo = field(dispatchEventInfo, 'Weight and class, and whether it paid a fee.');
const zeroWeight = { refTime: 0n, proofSize: 0n };

/** Accounts, the block's own data, remarks: what every client reads first. */
export const system = definePallet({
  name: 'System',
  index: 0,
  crate: 'frame_system',
  docs: 'Accounts, the data of the block itself, remarks.',
  storage: {
    account: map(accountId, accountInfo, {
      default: emptyAccount,
      docs: 'The full account information of an account.',
    }),
    blockWeight: value(consumedWeight, {
      default: { normal: zeroWeight, operational: zeroWeight, mandatory: zeroWeight },
      docs: 'The weight of the current block, by class.',
    }),
    blockHash: map(blockNumber, h256, {
      hasher: 'twox64Concat',
      default: zeroHash,
      docs: 'Hashes of the latest blocks, and of block 0.',
    }),
    number: value(blockNumber, { default: 0, docs: 'The number of the current block.' }),
    parentHash: value(h256, { default: zeroHash, docs: 'Hash of the block before.' }),
    digest: value(digest, { default: { logs: [] }, docs: "The current block's digest, without its seal." }),
    // Its type holds the events of all pallets: the runtime knows it, and metadata shows it.
    events: value(bytes, { default: new Uint8Array(), docs: 'Events of the current block.' }),
    roomyBlocks: value(u32, {
      default: 0,
      docs: 'Blocks so far in which one more extrinsic of the largest size would have found room: in no other can anybody be said to have had time.',
    }),
    eventCount: value(u32, { default: 0, docs: 'The number of events in `Events`.' }),
    lastRuntimeUpgrade: value(lastRuntimeUpgradeInfo, { docs: 'The runtime version that last ran.' }),
  },
  events: {
    ExtrinsicSuccess: event('An extrinsic did what it says.', { dispatchInfo }),
    ExtrinsicFailed: event('An extrinsic failed: it paid its fee and changed nothing else.', {
      dispatchError: field(dispatchError, 'Why it failed.'),
      dispatchInfo,
    }),
    NewAccount: event('An account came into being.', { account: field(accountId, 'The new account.') }),
    KilledAccount: event('An account was removed. The count of what it has signed stays.', {
      account: field(accountId, 'The account that was.'),
    }),
    Remarked: event('Bytes were put into the block.', {
      sender: field(accountId, 'Who signed.'),
      hash: field(h256, 'blake2b-256 of the bytes.'),
    }),
  },
  errors: {
    NonZeroRefCount: 'Something still refers to the account.',
    CallFiltered: 'The call is not allowed from here.',
  },
  constants: {
    BlockWeights: constant(blockWeights, blockWeightsValue, 'Weight limits of a block.'),
    BlockLength: constant(blockLength, blockLengthValue, 'Length limits of a block, in bytes.'),
    BlockHashCount: constant(blockNumber, BLOCK_HASH_COUNT, 'How many block hashes are kept.'),
    DbWeight: constant(runtimeDbWeight, dbWeightValue, 'Weight of one read and one write.'),
    SS58Prefix: constant(u16, SS58_PREFIX, 'The prefix of addresses.'),
  },
  calls: {
    remark: {
      index: 0,
      docs: 'Put bytes into a block; nothing else happens.',
      args: { remark: bytes },
      weight: ({ measured }, { remark }) => measured(weights.remark, remark.length),
      run({ origin }) {
        origin.signed();
      },
    },
    remarkWithEvent: {
      index: 7,
      docs: 'Put bytes into a block and emit their hash.',
      args: { remark: bytes },
      weight: ({ measured }, { remark }) => measured(weights.remarkWithEvent, remark.length),
      run({ origin, events }, { remark }) {
        events.Remarked({ sender: origin.signed(), hash: blake2b256(remark) });
      },
    },
  },
  onInitialize({ ctx, store }) {
    noteParent(ctx);
    const oldest = ctx.block - BLOCK_HASH_COUNT - 1;
    if (oldest > 0) store.blockHash.remove(oldest);
  },
  onFinalize({ ctx, store }) {
    if (ctx.hasRoom) store.roomyBlocks.put(store.roomyBlocks.get() + 1);
  },
  genesis({ store }, version: { specName: string; specVersion: number }) {
    store.lastRuntimeUpgrade.put(version);
    store.number.put(0);
  },
});

/** Puts the block's number and its parent's hash: part of every block, and enough to judge transactions for the next one. */
export function noteParent(ctx: Context): void {
  const { store } = system.use(ctx);
  store.number.put(ctx.block);
  store.parentHash.put(ctx.header.parentHash);
  store.blockHash.put(ctx.block - 1, ctx.header.parentHash);
}

/** The hash of block 0: what signatures and proofs bind to. */
export function genesisHash(ctx: Context): Uint8Array {
  return system.use(ctx).store.blockHash.get(0);
}

/** How many blocks had room for one more contribution, the present one not yet counted before its hooks end it. */
export function roomyBlocks(ctx: Context): number {
  return system.use(ctx).store.roomyBlocks.get();
}

export { BASE_EXTRINSIC_WEIGHT } from './limits.ts';
