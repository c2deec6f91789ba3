import { blake2b } from '@noble/hashes/blake2.js';
import { utf8 } from '../primitives/crypto/bytes.ts';
import { bytes as anyBytes, newtype, option, type Ty, u32, vec } from '../primitives/scale/index.ts';
import {
  accountId,
  type Api,
  balance,
  type Composition,
  type Context,
  h256,
  method,
  runtimeVersion,
  type RuntimeVersion,
  transactionSource,
  type TransactionSource,
  type TransactionValidityError,
  weightV2,
} from '../pallets/support/index.ts';
import { system } from '../pallets/system/index.ts';
import { nonce } from '../pallets/system/types.ts';
import { type Fee, feeOf, lengthToFee, totalFee, weightToFee } from '../pallets/transaction-payment/index.ts';
import { TacitError } from '../primitives/errors.ts';
import { applyChecked } from './executive.ts';
import { metadataVersions, type MetadataVersion } from './metadata.ts';
import { applyResult, feeDetails, opaqueMetadata, runtimeDispatchInfo, validityResult } from './types.ts';
import { check, type Checked, judge, type Refusal, type Versions } from './validity.ts';

/** The first eight bytes of an API's name under blake2b-64: how a runtime version lists it. */
export function apiId(name: string): Uint8Array {
  return blake2b(utf8(name), { dkLen: 8 });
}

export interface ApiParts {
  readonly composition: Composition;
  readonly extrinsic: Ty<Uint8Array>;
  readonly facts: Versions;
  version(): RuntimeVersion;
  metadata(version: MetadataVersion): Uint8Array;
  /** A context in which the next block would begin after `hash`. */
  next(ctx: Context, hash: Uint8Array): Context;
}

const sources: Record<'InBlock' | 'Local' | 'External', TransactionSource> = {
  InBlock: 'inBlock',
  Local: 'local',
  External: 'external',
};

/** Trials cost the caller nothing: what weighs more (100 ms) is not tried. */
const MAX_TRIAL_WEIGHT = 100_000_000_000n;
const tooHeavy: TransactionValidityError = { tag: 'Invalid', value: { tag: 'ExhaustsResources' } };

function errorOf(refusal: Refusal): TransactionValidityError {
  return 'invalid' in refusal ? { tag: 'Invalid', value: refusal.invalid } : { tag: 'Unknown', value: refusal.unknown };
}

/** The runtime APIs that belong to no pallet, with the names and versions of polkadot-sdk. */
export function coreApis(parts: ApiParts): Record<string, Api> {
  const { composition, extrinsic } = parts;
  const checked = (uxt: Uint8Array): Checked => {
    const found = check(composition, uxt);
    if ('extrinsic' in found) return found;
    throw new TacitError('runtime/bad-input', 'the extrinsic cannot be decoded, or fits into no block');
  };
  const feeOfBytes = (uxt: Uint8Array, length: number): Fee | undefined => {
    const { info, extrinsic } = checked(uxt);
    return extrinsic.signed && feeOf(length, info);
  };
  return {
    Core: {
      version: 5,
      docs: 'What every chain of the kind has.',
      methods: {
        version: method({
          docs: 'The version of the runtime.',
          inputs: {},
          output: runtimeVersion,
          run: () => parts.version(),
        }),
      },
    },
    Metadata: {
      version: 2,
      docs: 'The description of the runtime for clients.',
      methods: {
        metadata: method({
          docs: 'The metadata of version 14.',
          inputs: {},
          output: opaqueMetadata,
          run: () => parts.metadata(14),
        }),
        metadataAtVersion: method({
          docs: 'The metadata of a version; none if there is no such version.',
          inputs: { version: u32 },
          output: option(opaqueMetadata),
          run: (_, { version }) => {
            const known = metadataVersions.find((each) => each === version);
            return known && parts.metadata(known);
          },
        }),
        metadataVersions: method({
          docs: 'Which versions of the metadata there are.',
          inputs: {},
          output: vec(u32),
          run: () => [...metadataVersions],
        }),
      },
    },
    BlockBuilder: {
      version: 6,
      docs: 'Trying extrinsics on a state.',
      methods: {
        applyExtrinsic: method({
          docs: 'Try an extrinsic on this state; nothing is kept. Heavy ones are refused.',
          inputs: { extrinsic },
          output: applyResult,
          run(ctx, { extrinsic: uxt }) {
            const next = parts.next(ctx, ctx.header.parentHash);
            const found = check(composition, uxt);
            if (!('extrinsic' in found)) return { tag: 'Err' as const, value: errorOf(found) };
            if (found.info.weight > MAX_TRIAL_WEIGHT) return { tag: 'Err' as const, value: tooHeavy };
            const outcome = applyChecked(composition, next, parts.facts, found, 0);
            if ('refusal' in outcome) return { tag: 'Err' as const, value: errorOf(outcome.refusal) };
            const { error } = outcome;
            return {
              tag: 'Ok' as const,
              value: error ? { tag: 'Err' as const, value: error } : { tag: 'Ok' as const, value: undefined },
            };
          },
        }),
      },
    },
    TaggedTransactionQueue: {
      version: 3,
      docs: 'Judging transactions for the pool.',
      methods: {
        validateTransaction: method({
          docs: 'Whether a transaction would be valid in the block after this one, and where it stands in the queue.',
          inputs: { source: transactionSource, tx: extrinsic, blockHash: h256 },
          output: validityResult,
          run(ctx, { source, tx, blockHash }) {
            const found = check(composition, tx);
            const next = parts.next(ctx, blockHash);
            const judged =
              'extrinsic' in found ? judge(composition, next, parts.facts, found, sources[source.tag]) : found;
            if ('valid' in judged) return { tag: 'Ok' as const, value: judged.valid };
            return { tag: 'Err' as const, value: errorOf(judged) };
          },
        }),
      },
    },
    AccountNonceApi: {
      version: 1,
      docs: 'Nonces of accounts.',
      methods: {
        accountNonce: method({
          docs: 'How many extrinsics an account has signed in blocks: the nonce of its next one.',
          inputs: { account: accountId },
          output: nonce,
          run: (ctx, { account }) => system.use(ctx).store.account.get(account).nonce,
        }),
      },
    },
    TransactionPaymentApi: {
      version: 4,
      docs: 'Fees of extrinsics.',
      methods: {
        queryInfo: method({
          docs: 'Weight, class and fee of an extrinsic of `len` bytes.',
          inputs: { uxt: extrinsic, len: u32 },
          output: runtimeDispatchInfo,
          run(_, { uxt, len }) {
            const { info } = checked(uxt);
            return {
              weight: { refTime: info.weight, proofSize: 0n },
              class: { tag: info.class },
              partialFee: totalFee(feeOfBytes(uxt, len)),
            };
          },
        }),
        queryFeeDetails: method({
          docs: 'The parts of the fee of an extrinsic of `len` bytes.',
          inputs: { uxt: extrinsic, len: u32 },
          output: feeDetails,
          run(_, { uxt, len }) {
            const fee = feeOfBytes(uxt, len);
            const inclusionFee = fee && { baseFee: fee.base, lenFee: fee.length, adjustedWeightFee: fee.weight };
            return { inclusionFee, tip: 0n };
          },
        }),
        queryWeightToFee: method({
          docs: 'What executing a weight costs.',
          inputs: { weight: weightV2 },
          output: balance,
          run: (_, { weight }) => weightToFee(weight.refTime),
        }),
        queryLengthToFee: method({
          docs: 'What bytes in a block cost.',
          inputs: { length: u32 },
          output: balance,
          run: (_, { length }) => lengthToFee(length),
        }),
      },
    },
  };
}

/** The type of extrinsics in metadata: opaque bytes with a length, whose parts are named by the parameters. */
export function extrinsicTy(parts: Record<'Address' | 'Call' | 'Signature' | 'Extra', Ty<unknown>>): Ty<Uint8Array> {
  const params = Object.entries(parts).map(([name, type]) => ({ name, type }));
  const opaque = newtype('sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic', anyBytes, { params });
  // Read with its length prefix, as it stands in a body.
  return {
    ...opaque,
    read(reader) {
      const start = reader.offset;
      anyBytes.read(reader);
      return reader.bytes.slice(start, reader.offset);
    },
    write: (writer, value) => writer.raw(value),
  };
}
