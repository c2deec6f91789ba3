/** Aura in a header's digest: PreRuntime `aura` is the slot (u64), Seal `aura` the author's sr25519 signature. */
import type { DigestItem, Header } from '../../../pallets/support/types.ts';
import { fromLittleEndian, littleEndian, sameBytes, utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { type KeyPair, sr25519Sign } from '../../../primitives/crypto/signature.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { encodeHeader } from '../../chain/header.ts';

const AURA = utf8('aura');
const SLOT_LIMIT = 1n << 53n;

export function slotDigest(slot: number): DigestItem {
  return { tag: 'PreRuntime', value: [AURA, littleEndian(BigInt(slot), 8)] };
}

/** What Aura says in a log of the kind `tag`; undefined if the log is of another kind or engine. */
function auraData(log: DigestItem | undefined, tag: 'PreRuntime' | 'Seal'): Uint8Array | undefined {
  if (log?.tag !== tag) return undefined;
  const [engine, data] = log.value;
  return engine && sameBytes(engine, AURA) ? data : undefined;
}

/** The slot of a header: its only PreRuntime log of Aura. `aura/bad-digest` otherwise. */
export function slotOf(header: Pick<Header, 'digest'>): number {
  const slots = header.digest.logs.flatMap((log) => auraData(log, 'PreRuntime') ?? []);
  const slot = slots[0]?.length === 8 && slots.length === 1 ? fromLittleEndian(slots[0]) : SLOT_LIMIT;
  if (slot >= SLOT_LIMIT) throw new TacitError('aura/bad-digest', 'a header carries exactly one slot, below 2^53');
  return Number(slot);
}

/** The header as its author signed it, and the seal, which is its last log and the only one of its kind. */
export function unseal(header: Header): { unsealed: Header; seal: Uint8Array } {
  const { logs } = header.digest;
  const seal = auraData(logs.at(-1), 'Seal');
  if (seal?.length !== 64 || logs.filter(({ tag }) => tag === 'Seal').length !== 1) {
    throw new TacitError('aura/bad-seal', 'a header ends with exactly one seal of Aura');
  }
  return { unsealed: { ...header, digest: { logs: logs.slice(0, -1) } }, seal };
}

/** What the author signs: the hash of the header without the seal. */
export const sealPayload = (unsealed: Header): Uint8Array => blake2b256(encodeHeader(unsealed));

export function sealHeader(unsealed: Header, author: KeyPair): Header {
  const seal: DigestItem = { tag: 'Seal', value: [AURA, sr25519Sign(author, sealPayload(unsealed))] };
  return { ...unsealed, digest: { logs: [...unsealed.digest.logs, seal] } };
}

/** The authority whose turn the slot is. */
export function authorOf(slot: number, authorities: readonly Uint8Array[]): Uint8Array {
  const author = authorities[slot % authorities.length];
  if (!author) throw new TacitError('aura/no-authorities', 'the state names no Aura authority');
  return author;
}
