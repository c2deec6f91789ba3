/** Aura in a header's digest: PreRuntime `aura` is the slot (u64), Seal `aura` the author's sr25519 signature. */
import { AURA_ENGINE, slotClaim, slotOf as slotIn } from '../../pallets/aura/index.ts';
import type { DigestItem, Header } from '../../pallets/support/types.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { type KeyPair, sr25519Sign } from '../../primitives/crypto/signature.ts';
import { TacitError } from '../../primitives/errors.ts';
import { encodeHeader } from './header.ts';

/** The item by which a header claims a slot. */
export const slotDigest = (slot: number): DigestItem => slotClaim(BigInt(slot));

/** The slot of a header: its only PreRuntime log of Aura. `aura/bad-digest` if there is none, or several. */
export function slotOf(header: Pick<Header, 'digest'>): number {
  const slot = slotIn(header.digest.logs);
  if (slot === undefined || slot > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new TacitError('aura/bad-digest', 'a header carries exactly one slot, below 2^53');
  }
  return Number(slot);
}

/** The author's signature, if `log` is a seal of Aura. */
function sealIn(log: DigestItem | undefined): Uint8Array | undefined {
  return log?.tag === 'Seal' && sameBytes(log.value[0], AURA_ENGINE) ? log.value[1] : undefined;
}

/** The header as its author signed it, and the seal, which is its last log and the only one of its kind. */
export function unseal(header: Header): { unsealed: Header; seal: Uint8Array } {
  const { logs } = header.digest;
  const seal = sealIn(logs.at(-1));
  if (seal?.length !== 64 || logs.filter(({ tag }) => tag === 'Seal').length !== 1) {
    throw new TacitError('aura/bad-seal', 'a header ends with exactly one seal of Aura');
  }
  return { unsealed: { ...header, digest: { logs: logs.slice(0, -1) } }, seal };
}

/** What the author signs: the hash of the header without the seal. */
export const sealPayload = (unsealed: Header): Uint8Array => blake2b256(encodeHeader(unsealed));

export function sealHeader(unsealed: Header, author: KeyPair): Header {
  const seal: DigestItem = { tag: 'Seal', value: [AURA_ENGINE, sr25519Sign(author, sealPayload(unsealed))] };
  return { ...unsealed, digest: { logs: [...unsealed.digest.logs, seal] } };
}

/** The authority whose turn the slot is. */
export function authorOf(slot: number, authorities: readonly Uint8Array[]): Uint8Array {
  const author = authorities[slot % authorities.length];
  if (!author) throw new TacitError('aura/no-authorities', 'the state names no Aura authority');
  return author;
}
