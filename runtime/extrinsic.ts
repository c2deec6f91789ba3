import { concatBytes } from '../primitives/crypto/bytes.ts';
import { blake2b256 } from '../primitives/crypto/hash.ts';
import { TacitError } from '../primitives/errors.ts';
import { option, fixed, Reader, type Ty, u32, Writer } from '../primitives/scale/index.ts';
import { type MultiSignature, multiAddress, multiSignature, type RuntimeCall } from '../pallets/support/index.ts';
import { MAX_EXTRINSIC_LENGTH } from '../pallets/system/limits.ts';
import { type MortalEra, sentExtra } from './extensions.ts';

export interface Signed {
  readonly account: Uint8Array;
  readonly signature: MultiSignature;
  readonly era: MortalEra | undefined;
  readonly nonce: number;
  readonly tip: bigint;
  /** Whether the signer has signed the hash of the metadata. */
  readonly hashesMetadata: boolean;
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
  const [mortality, nonce, tip, mode] = sentExtra.read(reader);
  return {
    account: address.value,
    signature,
    era: mortality,
    nonce,
    tip,
    hashesMetadata: mode.tag === 'Enabled',
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
  /** The digest of the metadata, where the signer binds itself to it. */
  metadataHash?: Uint8Array | undefined;
}
const signedHash = option(fixed(32));
/** What the signer signs: call, extensions, what they add; hashed if longer than 256 bytes. */
export function signingPayload(callBytes: Uint8Array, extraBytes: Uint8Array, facts: SigningFacts): Uint8Array {
  const { specVersion, transactionVersion, genesisHash, birthHash, metadataHash } = facts;
  const versions = concatBytes(u32.codec.enc(specVersion), u32.codec.enc(transactionVersion));
  const hash = signedHash.codec.enc(metadataHash);
  const payload = concatBytes(callBytes, extraBytes, versions, genesisHash, birthHash, hash);
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
  const extraBytes = sentExtra.codec.enc([
    wish.era,
    wish.nonce,
    wish.tip ?? 0n,
    { tag: facts.metadataHash === undefined ? 'Disabled' : 'Enabled' },
  ]);
  const signature = wish.sign(signingPayload(callBytes, extraBytes, facts));
  const address = multiAddress.codec.enc({ tag: 'Id', value: wish.account });
  return withLength(
    concatBytes(Uint8Array.of(SIGNED), address, multiSignature.codec.enc(signature), extraBytes, callBytes),
  );
}
