import { isTacitError } from '../primitives/errors.ts';
import { struct, type Ty, u32 } from '../primitives/scale/index.ts';
import {
  accountId,
  CHECK_WEIGHT,
  type CallInfo,
  type Composition,
  type Context,
  type InvalidTransaction,
  Origin,
  signatureKind,
  type RuntimeCall,
  type TransactionSource,
  type UnknownTransaction,
  type ValidTransaction,
  type VerifyTask,
} from '../pallets/support/index.ts';
import { reducible } from '../pallets/balances/index.ts';
import { genesisHash, system } from '../pallets/system/index.ts';
import { BASE_BLOCK_WEIGHT, BASE_EXTRINSIC_WEIGHT, classLimits } from '../pallets/system/limits.ts';
import { feeOf, totalFee } from '../pallets/transaction-payment/index.ts';
import { eraBirth } from './extensions.ts';
import { decodeExtrinsic, type Extrinsic, type Signed, signingPayload } from './extrinsic.ts';

/** Why an extrinsic cannot be in a block, as `sp_runtime::transaction_validity` has it. */
export type Refusal = { invalid: InvalidTransaction } | { unknown: UnknownTransaction };

/** A decoded extrinsic with what its call costs. */
export interface Checked {
  readonly extrinsic: Extrinsic;
  readonly info: CallInfo;
}

export interface Versions {
  readonly specVersion: number;
  readonly transactionVersion: number;
  /** The digest of the metadata by RFC 78. */
  metadataHash(): Uint8Array;
}

const refuse = (tag: Exclude<InvalidTransaction['tag'], 'Custom'>): Refusal => ({ invalid: { tag } });
const nonceTag = struct('', { account: accountId, nonce: u32 });
/** No tip buys a place before the posts and reports that keep the chain going (priority 2^62). */
const MAX_TIP_PRIORITY = (1n << 61n) - 1n;
const FOREVER = (1n << 64n) - 1n;

/** Decodes, and refuses what is malformed or could never fit into a block. */
export function check(composition: Composition, bytes: Uint8Array): Checked | Refusal {
  let extrinsic: Extrinsic;
  try {
    extrinsic = decodeExtrinsic(composition.callTy as Ty<RuntimeCall>, bytes);
  } catch (error) {
    if (isTacitError(error, 'extrinsic/too-long')) return refuse('ExhaustsResources');
    if (isTacitError(error)) return refuse('Call');
    throw error;
  }
  const declared = composition.infoOf(extrinsic.call);
  // The quarter of a block that is kept free, and the place before all others, are for what the chain itself asks for: no signer buys it.
  const isBought = extrinsic.signed !== undefined && declared.class === 'Operational';
  const info: CallInfo = {
    ...declared,
    class: isBought ? 'Normal' : declared.class,
    weight: declared.weight + dearerSignature(extrinsic),
  };
  const limits = classLimits(info.class);
  const weight = BASE_BLOCK_WEIGHT + BASE_EXTRINSIC_WEIGHT + info.weight;
  if (weight > limits.weight || bytes.length > limits.length) return refuse('ExhaustsResources');
  return { extrinsic, info };
}

/** What the check of the signature takes beyond that of sr25519, which every extrinsic's base weight holds. */
function dearerSignature({ signed }: Extrinsic): bigint {
  const extra = signed === undefined ? 0n : CHECK_WEIGHT[signatureKind(signed.signature)] - CHECK_WEIGHT.sr25519;
  return extra > 0n ? extra : 0n;
}

/** The check of a signature, or `ancient` if the block is forgotten from which its era counts. */
export function signatureTask(
  ctx: Context,
  versions: Versions,
  extrinsic: Extrinsic,
  signed: Signed,
): VerifyTask | 'ancient' {
  const genesis = genesisHash(ctx);
  let birthHash = genesis;
  if (signed.era) {
    const birth = eraBirth(signed.era, ctx.block);
    const { store } = system.use(ctx);
    if (!store.blockHash.has(birth)) return 'ancient';
    birthHash = store.blockHash.get(birth);
  }
  const metadataHash = signed.hashesMetadata ? versions.metadataHash() : undefined;
  const facts = { ...versions, genesisHash: genesis, birthHash, metadataHash };
  const payload = signingPayload(extrinsic.callBytes, signed.extraBytes, facts);
  return { kind: signatureKind(signed.signature), parts: [signed.account, payload, signed.signature.value] };
}

/** Who pays for an extrinsic, what it costs before its call runs (fee and tip), and what that account could pay on the state it was judged at. */
export interface Payer {
  readonly account: Uint8Array;
  readonly cost: bigint;
  readonly means: bigint;
}

/** Judges an extrinsic by the state of `ctx`: the cheap checks first, the signature last. Nothing is changed. `payer`: of those with a signer. */
export function judge(
  composition: Composition,
  ctx: Context,
  versions: Versions,
  { extrinsic, info }: Checked,
  source: TransactionSource,
): { valid: ValidTransaction; payer?: Payer } | Refusal {
  const { signed } = extrinsic;
  if (!signed) {
    if (info.class !== 'Mandatory') return composition.validateUnsigned(ctx, extrinsic.call, source);
    // Inherents are made by the author of a block, never sent.
    if (source !== 'inBlock') return refuse('Call');
    return { valid: { priority: 0n, requires: [], provides: [], longevity: 0n, propagate: false } };
  }
  if (info.class === 'Mandatory') return refuse('BadMandatory');
  // Calls without a fee are made to be sent unsigned, where the pallet judges them first; signed ones would fill blocks for nothing.
  if (!info.paysFee) return refuse('Call');
  if (signed.account.every((byte) => byte === 0)) return refuse('BadSigner');
  const account = system.use(ctx).store.account.get(signed.account);
  if (signed.nonce < account.nonce) return refuse('Stale');
  if (source === 'inBlock' && signed.nonce > account.nonce) return refuse('Future');
  const fee = totalFee(feeOf(extrinsic.bytes.length, info)) + signed.tip;
  const means = reducible(ctx, signed.account, 'keepAlive');
  if (means < fee) return refuse('Payment');
  const task = signatureTask(ctx, versions, extrinsic, signed);
  if (task === 'ancient') return refuse('AncientBirthBlock');
  if (!ctx.host.verify(task)) return refuse('BadProof');

  const death = signed.era && eraBirth(signed.era, ctx.block) + signed.era.period;
  const tag = (nonce: number) => nonceTag.codec.enc({ account: signed.account, nonce });
  const tip = signed.tip < MAX_TIP_PRIORITY ? signed.tip : MAX_TIP_PRIORITY;
  return {
    valid: {
      priority: tip + 1n,
      requires: signed.nonce > account.nonce ? [tag(signed.nonce - 1)] : [],
      provides: [tag(signed.nonce)],
      longevity: death === undefined ? FOREVER : BigInt(death - ctx.block),
      propagate: true,
    },
    payer: { account: signed.account, cost: fee, means },
  };
}

/**
 * Whether it is its form for which an extrinsic is refused, so that no state of this chain takes it under this runtime. Who passes such a one on is at fault;
 * all other refusals may be races. A bad signature may be one too: a mortal one binds a block that another branch has, every one the version of the runtime,
 * which a peer that is ahead of us has raised.
 */
export function isLasting(composition: Composition, bytes: Uint8Array, refusal: Refusal): boolean {
  const found = check(composition, bytes);
  if (!('extrinsic' in found)) return true;
  if (!('invalid' in refusal)) return false;
  const { signed } = found.extrinsic;
  switch (refusal.invalid.tag) {
    case 'BadMandatory':
    case 'BadSigner':
      return true;
    case 'Call':
      // What `validateUnsigned` calls so may lie in the state.
      return signed !== undefined || found.info.class === 'Mandatory';
    default:
      return false;
  }
}

/** Everything that judging and executing an extrinsic will ask of the host. `ctx` must have a host that notes what it is asked. */
export function tasksOf(
  composition: Composition,
  ctx: Context,
  versions: Versions,
  { extrinsic, info }: Checked,
): VerifyTask[] {
  const { signed, call } = extrinsic;
  if (!signed) {
    if (info.class === 'Mandatory') return [];
    composition.validateUnsigned(ctx, call, 'external');
    return composition.tasks(ctx, Origin.none, call);
  }
  if (!info.paysFee) return [];
  // A nonce only grows: what is outdated now is not worth checking a signature.
  if (signed.nonce < system.use(ctx).store.account.get(signed.account).nonce) return [];
  const signature = signatureTask(ctx, versions, extrinsic, signed);
  const own = signature === 'ancient' ? [] : [signature];
  return [...own, ...composition.tasks(ctx, Origin.signed(signed.account), call)];
}
