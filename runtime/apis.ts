import { blake2b } from '@noble/hashes/blake2.js';
import { utf8 } from '../primitives/crypto/bytes.ts';
import { bytes as anyBytes, newtype, option, type Ty, u32, vec } from '../primitives/scale/index.ts';
import {
  accountId,
  type Api,
  type Composition,
  type Context,
  h256,
  method,
  runtimeVersion,
  type RuntimeVersion,
  transactionSource,
  type TransactionSource,
  type TransactionValidityError,
} from '../pallets/support/index.ts';
import { system } from '../pallets/system/index.ts';
import { nonce } from '../pallets/system/types.ts';
import { applyChecked } from './executive.ts';
import { metadataVersions, type MetadataVersion } from './metadata.ts';
import { paymentApis } from './payment-apis.ts';
import { sessionKeysApi } from './session-keys-api.ts';
import { applyResult, type ApplyResult, opaqueMetadata, validityResult } from './types.ts';
import { check, judge, type Refusal, type Versions } from './validity.ts';

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

function coreApi({ version }: ApiParts): Api {
  return {
    version: 5,
    docs: 'What every chain of the kind has.',
    methods: {
      version: method({
        docs: 'The version of the runtime.',
        inputs: {},
        output: runtimeVersion,
        run: () => version(),
      }),
    },
  };
}

function metadataApi({ metadata }: ApiParts): Api {
  return {
    version: 2,
    docs: 'The description of the runtime for clients.',
    methods: {
      metadata: method({
        docs: 'The metadata of version 14.',
        inputs: {},
        output: opaqueMetadata,
        run: () => metadata(14),
      }),
      metadataAtVersion: method({
        docs: 'The metadata of a version; none if there is no such version.',
        inputs: { version: u32 },
        output: option(opaqueMetadata),
        run: (_, { version }) => {
          const known = metadataVersions.find((each) => each === version);
          return known && metadata(known);
        },
      }),
      metadataVersions: method({
        docs: 'Which versions of the metadata there are.',
        inputs: {},
        output: vec(u32),
        run: () => [...metadataVersions],
      }),
    },
  };
}

function blockBuilderApi({ composition, extrinsic, facts, next }: ApiParts): Api {
  const tried = (ctx: Context, uxt: Uint8Array): ApplyResult => {
    const found = check(composition, uxt);
    if (!('extrinsic' in found)) return { tag: 'Err', value: errorOf(found) };
    if (found.info.weight > MAX_TRIAL_WEIGHT) return { tag: 'Err', value: tooHeavy };
    const outcome = applyChecked(composition, next(ctx, ctx.header.parentHash), facts, found, 0);
    if ('refusal' in outcome) return { tag: 'Err', value: errorOf(outcome.refusal) };
    const { error } = outcome;
    return { tag: 'Ok', value: error ? { tag: 'Err', value: error } : { tag: 'Ok', value: undefined } };
  };
  return {
    version: 6,
    docs: 'Trying extrinsics on a state.',
    methods: {
      applyExtrinsic: method({
        docs: 'Try an extrinsic on this state; nothing is kept. Heavy ones are refused.',
        inputs: { extrinsic },
        output: applyResult,
        run: (ctx, { extrinsic: uxt }): ApplyResult => tried(ctx, uxt),
      }),
    },
  };
}

function transactionQueueApi({ composition, extrinsic, facts, next }: ApiParts): Api {
  return {
    version: 3,
    docs: 'Judging transactions for the pool.',
    methods: {
      validateTransaction: method({
        docs: 'Whether a transaction would be valid in the block after this one, and where it stands in the queue.',
        inputs: { source: transactionSource, tx: extrinsic, blockHash: h256 },
        output: validityResult,
        run(ctx, { source, tx, blockHash }) {
          const found = check(composition, tx);
          const after = next(ctx, blockHash);
          const judged = 'extrinsic' in found ? judge(composition, after, facts, found, sources[source.tag]) : found;
          if ('valid' in judged) return { tag: 'Ok' as const, value: judged.valid };
          return { tag: 'Err' as const, value: errorOf(judged) };
        },
      }),
    },
  };
}

function accountNonceApi(): Api {
  return {
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
  };
}

/** The runtime APIs that belong to no pallet, with the names and versions of polkadot-sdk. */
export function coreApis(parts: ApiParts): Record<string, Api> {
  return {
    Core: coreApi(parts),
    Metadata: metadataApi(parts),
    BlockBuilder: blockBuilderApi(parts),
    TaggedTransactionQueue: transactionQueueApi(parts),
    AccountNonceApi: accountNonceApi(),
    ...paymentApis(parts.composition, parts.extrinsic),
    SessionKeys: sessionKeysApi(),
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
