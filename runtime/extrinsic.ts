import { concatBytes } from '../primitives/crypto/bytes.ts';
import { blake2b256 } from '../primitives/crypto/hash.ts';
import { TacitError } from '../primitives/errors.ts';
import {
  compact,
  described,
  enumeration,
  makeTy,
  named,
  newtype,
  Reader,
  type Ty,
  tuple,
  u8,
  u32,
  u128,
  unit,
  Writer,
} from '../primitives/scale/index.ts';
import {
  balance,
  h256,
  type MultiSignature,
  multiAddress,
  multiSignature,
  type RuntimeCall,
} from '../pallets/support/index.ts';
import { MAX_EXTRINSIC_LENGTH } from '../pallets/system/limits.ts';
import { nonce } from '../pallets/system/types.ts';

/** How long a signed extrinsic is valid: `period` blocks (a power of two) from the last block whose number is `phase` modulo it. */
export interface MortalEra {
  period: number;
  phase: number;
}

const eraVariants: Record<string, null | Ty<number>> = { Immortal: null };
for (let i = 1; i < 256; i++) eraVariants[`Mortal${i}`] = u8;
/** polkadot-sdk `sp_runtime::generic::Era`; undefined is immortal. */
export const era: Ty<MortalEra | undefined> = makeTy({
  path: 'sp_runtime::generic::era::Era',
  minSize: 1,
  read(reader) {
    const first = reader.u8();
    if (first === 0) return undefined;
    const encoded = first | (reader.u8() << 8);
    const period = 2 << (encoded % 16);
    const phase = (encoded >> 4) * Math.max(period >> 12, 1);
    if (period < 4 || phase >= period) throw new TacitError('extrinsic/bad-era', `phase ${phase} of period ${period}`);
    return { period, phase };
  },
  write(writer, value) {
    if (value === undefined) {
      writer.u8(0);
      return;
    }
    const { period, phase } = value;
    const power = Math.log2(period);
    if (!Number.isInteger(power) || power < 2 || power > 16 || !(phase >= 0 && phase < period)) {
      throw new TacitError('extrinsic/bad-era', `phase ${phase} of period ${period}`);
    }
    writer.u16(Math.min(15, Math.max(1, power - 1)) | (Math.floor(phase / Math.max(period >> 12, 1)) << 4));
  },
  def: () => enumeration('', eraVariants).def(),
});

/** The block from which an era counts, seen from block `current`. */
export function eraBirth({ period, phase }: MortalEra, current: number): number {
  return Math.floor((Math.max(current, phase) - phase) / period) * period + phase;
}

export interface Extension {
  readonly identifier: string;
  readonly ty: Ty<unknown>;
  /** What is signed besides, without being sent. */
  readonly additional: Ty<unknown>;
}
const empty = (path: string): Ty<undefined> => ({
  ...described(unit, { path }),
  def: () => ({ tag: 'composite', fields: [] }),
});
const frame = (module: string, name: string) => `frame_system::extensions::${module}::${name}`;
/** The signed extensions, in the order in which they are encoded and signed. */
export const extensions: readonly Extension[] = [
  {
    identifier: 'CheckNonZeroSender',
    ty: empty(frame('check_non_zero_sender', 'CheckNonZeroSender')),
    additional: unit,
  },
  { identifier: 'CheckSpecVersion', ty: empty(frame('check_spec_version', 'CheckSpecVersion')), additional: u32 },
  { identifier: 'CheckTxVersion', ty: empty(frame('check_tx_version', 'CheckTxVersion')), additional: u32 },
  { identifier: 'CheckGenesis', ty: empty(frame('check_genesis', 'CheckGenesis')), additional: h256 },
  {
    identifier: 'CheckMortality',
    ty: newtype(frame('check_mortality', 'CheckMortality'), named('Era', era)),
    additional: h256,
  },
  { identifier: 'CheckNonce', ty: newtype(frame('check_nonce', 'CheckNonce'), compact(nonce)), additional: unit },
  { identifier: 'CheckWeight', ty: empty(frame('check_weight', 'CheckWeight')), additional: unit },
  {
    identifier: 'ChargeTransactionPayment',
    ty: newtype('pallet_transaction_payment::ChargeTransactionPayment', compact(balance)),
    additional: unit,
  },
];
/** All extensions' data: only the era, the nonce and the tip take bytes. */
export const extra = tuple(...extensions.map(({ ty }) => ty));
const sentExtra = tuple(era, compact(u32), compact(u128));

export interface Signed {
  readonly account: Uint8Array;
  readonly signature: MultiSignature;
  readonly era: MortalEra | undefined;
  readonly nonce: number;
  readonly tip: bigint;
  readonly extraBytes: Uint8Array;
}
export interface Extrinsic {
  /** With its length prefix, as it stands in a body; its blake2b-256 is the extrinsic's hash. */
  readonly bytes: Uint8Array;
  readonly signed: Signed | undefined;
  readonly call: RuntimeCall;
  readonly callBytes: Uint8Array;
}

/** Version 4 of the extrinsic format; the highest bit says that a signature follows. */
const SIGNED = 0x84;
const BARE = 0x04;

/** Decodes an extrinsic with its length prefix; anything but exactly one well-formed extrinsic throws a TacitError. */
export function decodeExtrinsic(callTy: Ty<RuntimeCall>, bytes: Uint8Array): Extrinsic {
  if (bytes.length > MAX_EXTRINSIC_LENGTH) {
    throw new TacitError('extrinsic/too-long', `${bytes.length} bytes, at most ${MAX_EXTRINSIC_LENGTH} are allowed`);
  }
  const reader = new Reader(bytes);
  const length = reader.compactUpTo(MAX_EXTRINSIC_LENGTH);
  if (length !== reader.remaining)
    throw new TacitError('extrinsic/bad-length', `${length} bytes announced, ${reader.remaining} follow`);
  const version = reader.u8();
  const signed = version === SIGNED ? decodeSigned(reader) : undefined;
  if (!signed && version !== BARE) throw new TacitError('extrinsic/unknown-version', `version byte ${version}`);
  const callBytes = bytes.subarray(reader.offset);
  const call = callTy.read(reader);
  reader.end();
  return { bytes, signed, call, callBytes };
}

function decodeSigned(reader: Reader): Signed {
  const address = multiAddress.read(reader);
  if (address.tag !== 'Id')
    throw new TacitError('extrinsic/bad-address', `signers are named by account id, not ${address.tag}`);
  const signature = multiSignature.read(reader);
  const start = reader.offset;
  const [mortality, nonce, tip] = sentExtra.read(reader);
  return {
    account: address.value,
    signature,
    era: mortality,
    nonce,
    tip,
    extraBytes: reader.bytes.subarray(start, reader.offset),
  };
}

function withLength(body: Uint8Array): Uint8Array {
  const writer = new Writer(body.length + 5);
  writer.compact(body.length);
  writer.raw(body);
  return writer.finish();
}

/** An unsigned extrinsic, as it stands in a body. */
export function encodeBare(callTy: Ty<RuntimeCall>, call: RuntimeCall): Uint8Array {
  return withLength(concatBytes(Uint8Array.of(BARE), callTy.codec.enc(call)));
}

export interface SigningFacts {
  specVersion: number;
  transactionVersion: number;
  genesisHash: Uint8Array;
  /** The hash of the era's first block; the genesis hash if immortal. */
  birthHash: Uint8Array;
}
/** What the signer signs: call, extensions, what they add; hashed if longer than 256 bytes. */
export function signingPayload(callBytes: Uint8Array, extraBytes: Uint8Array, facts: SigningFacts): Uint8Array {
  const { specVersion, transactionVersion, genesisHash, birthHash } = facts;
  const versions = concatBytes(u32.codec.enc(specVersion), u32.codec.enc(transactionVersion));
  const payload = concatBytes(callBytes, extraBytes, versions, genesisHash, birthHash);
  return payload.length > 256 ? blake2b256(payload) : payload;
}

export interface SigningWish {
  account: Uint8Array;
  nonce: number;
  tip?: bigint;
  era?: MortalEra;
  sign(payload: Uint8Array): MultiSignature;
}
/** A signed extrinsic, as it stands in a body. */
export function encodeSigned(
  callTy: Ty<RuntimeCall>,
  call: RuntimeCall,
  wish: SigningWish,
  facts: SigningFacts,
): Uint8Array {
  const callBytes = callTy.codec.enc(call);
  const extraBytes = sentExtra.codec.enc([wish.era, wish.nonce, wish.tip ?? 0n]);
  const signature = wish.sign(signingPayload(callBytes, extraBytes, facts));
  const address = multiAddress.codec.enc({ tag: 'Id', value: wish.account });
  return withLength(
    concatBytes(Uint8Array.of(SIGNED), address, multiSignature.codec.enc(signature), extraBytes, callBytes),
  );
}
