/**
 * The header of a block, as every Substrate client knows it (sp_runtime::generic), and its hash. Needs nothing of the runtime,
 * so that light clients and proofs read headers with it too.
 */
import { blake2b256 } from '../crypto/hash.ts';
import { toHex } from '../crypto/hex.ts';
import { bytes, compact, enumeration, fixed, named, newtype, type Of, struct, u32, vec } from '../scale/index.ts';

/** Position of a block in its chain; genesis is 0. */
export const blockNumber = named('BlockNumber', u32);
export const h256 = newtype('primitive_types::H256', fixed(32));

export const engineId = fixed(4);
export const digestItem = enumeration(
  'sp_runtime::generic::digest::DigestItem',
  {
    Other: bytes,
    Consensus: [engineId, bytes],
    Seal: [engineId, bytes],
    PreRuntime: [engineId, bytes],
    RuntimeEnvironmentUpdated: null,
  },
  { indexes: { Other: 0, Consensus: 4, Seal: 5, PreRuntime: 6, RuntimeEnvironmentUpdated: 8 } },
);
export type DigestItem = Of<typeof digestItem>;
export const digest = struct('sp_runtime::generic::digest::Digest', { logs: vec(digestItem) });
export const header = struct('sp_runtime::generic::header::Header', {
  parentHash: h256,
  number: compact(blockNumber),
  stateRoot: h256,
  extrinsicsRoot: h256,
  digest,
});
/** A block's header; its blake2b-256 is the block's hash. */
export type Header = Of<typeof header>;

/** A block's hash: blake2b-256 of its header, with the seal. 32 bytes. */
export function headerHash(of: Header): Uint8Array {
  return blake2b256(header.codec.enc(of));
}

/** The hash as `0x` and 64 lower-case hex digits. */
export function blockName(of: Header): string {
  return toHex(headerHash(of));
}
