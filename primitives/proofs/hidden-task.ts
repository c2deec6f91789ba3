/** Claims with hidden change as verification tasks: what the state machine asks, and what a worker thread answers. */
import { ByteReader, concatBytes, littleEndian } from '../crypto/bytes.ts';
import { toHex } from '../crypto/hex.ts';
import { isTacitError, TacitError } from '../errors.ts';
import { decodeHiddenBin, hiddenBinRoot, MAX_OUTPUTS, type OpenBin, openHiddenBin } from './hidden-bin.ts';
import { type HiddenClaim, wrongHiddenClaims } from './hidden-check.ts';
import type { HiddenTerms } from './hidden-claim.ts';

/** Opened bins that are kept, some 400 KB each: claims come for few bins at a time. */
const KEPT_BINS = 8;

const kept = new Map<string, OpenBin>();

/** The bin of these bytes, opened: from those kept, if it is one of them. Throws as {@link openHiddenBin} does. */
function opened(bytes: Uint8Array): OpenBin {
  const root = toHex(hiddenBinRoot(bytes));
  const bin = kept.get(root) ?? openHiddenBin(decodeHiddenBin(bytes));
  // A map keeps insertion order: what was used last goes last.
  kept.delete(root);
  kept.set(root, bin);
  if (kept.size > KEPT_BINS) kept.delete(kept.keys().next().value!);
  return bin;
}

/** amount u64, fee u64, destination, then key and commitment of every output. */
function encodeTerms({ amount, fee, destination, outputs }: HiddenTerms): Uint8Array {
  const points = outputs.flatMap(({ key, commitment }) => [key, commitment]);
  return concatBytes(littleEndian(amount, 8), littleEndian(fee, 8), destination, ...points);
}

const HEAD = 8 + 8 + 32;
const POINTS = 64;

function decodeTerms(bytes: Uint8Array): HiddenTerms {
  const count = (bytes.length - HEAD) / POINTS;
  if (!Number.isInteger(count) || count < 1 || count > MAX_OUTPUTS) {
    throw new TacitError('hidden/task', 'these are no terms of a claim', { length: bytes.length });
  }
  const reader = new ByteReader(bytes, 'hidden/task');
  const head = { amount: reader.u64(), fee: reader.u64(), destination: reader.take(32) };
  const outputs = Array.from({ length: count }, () => ({ key: reader.take(32), commitment: reader.take(32) }));
  return { ...head, outputs };
}

/**
 * The parts of a verification task of kind `hidden-claim`: bin, terms, proof.
 * @param bin canonical bytes, `encodeHiddenBin`
 * @throws `crypto/integer-range` for amounts of 2^64 and more
 */
export function hiddenClaimTask(bin: Uint8Array, terms: HiddenTerms, proof: Uint8Array): Uint8Array[] {
  return [bin, encodeTerms(terms), proof];
}

function claimOf(parts: readonly Uint8Array[]): HiddenClaim | undefined {
  const [bin, terms, proof] = parts;
  if (parts.length !== 3 || bin === undefined || terms === undefined || proof === undefined) return undefined;
  try {
    return { bin: opened(bin), terms: decodeTerms(terms), proof };
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}

/**
 * Whether each of these claims holds, given as the parts of {@link hiddenClaimTask}; false for anything malformed. Those of one bin are checked together, which
 * costs a fraction of what they cost alone; where one does not hold, each is checked alone. The answer to one does not depend on the others.
 */
export function verifyHiddenClaimTasks(tasks: readonly (readonly Uint8Array[])[]): boolean[] {
  const read = tasks.map(claimOf);
  const byBin = Map.groupBy(
    read.filter((claim) => claim !== undefined),
    ({ bin }) => bin,
  );
  const wrong = [...byBin.values()].flatMap((claims) => wrongHiddenClaims(claims).map((i) => claims[i]));
  return read.map((claim) => claim !== undefined && !wrong.includes(claim));
}
