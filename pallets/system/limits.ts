import { MAX_SEALED_BYTES } from '../../primitives/round/limits.ts';
import {
  CHECK_WEIGHT,
  DB_READ,
  DB_WRITE,
  type DispatchClass,
  MAX_BLOCK_WEIGHT,
  MEASURED,
  weightOfMicros,
} from '../support/index.ts';

const MIB = 1024 * 1024;

/** What beginning and ending a block weigh, whatever its hooks declare besides. */
export const BASE_BLOCK_WEIGHT: bigint = weightOfMicros(MEASURED.block);
/** What handling one extrinsic weighs, whatever its call: decoding, nonce, fee, events, and its signature. */
export const BASE_EXTRINSIC_WEIGHT: bigint = weightOfMicros(MEASURED.extrinsic) + CHECK_WEIGHT.sr25519;
/** All extrinsics of a block together, in bytes. */
export const MAX_BLOCK_LENGTH = 5 * MIB;
/** What an extrinsic has besides the largest thing it carries: signature, extensions, arguments, lengths. */
const ENVELOPE_BYTES = 4096;
/** One extrinsic: the longest sealed submission and its envelope. */
export const MAX_EXTRINSIC_LENGTH: number = MAX_SEALED_BYTES + ENVELOPE_BYTES;
export { MAX_BLOCK_WEIGHT, MAX_HOOKS_WEIGHT } from '../support/index.ts';
export { SS58_PREFIX } from '../../primitives/crypto/ss58.ts';
/** How money is written: 10^6 units are one TAC. */
export const TOKEN = { symbol: 'TAC', decimals: 6 } as const;
export const BLOCK_HASH_COUNT = 4096;

/** What extrinsics of a class may fill: contributors leave a quarter to the committee's posts and the inherents. */
export function classLimits(of: DispatchClass): { weight: bigint; length: number } {
  if (of === 'Normal') return { weight: (MAX_BLOCK_WEIGHT * 3n) / 4n, length: (MAX_BLOCK_LENGTH * 3) / 4 };
  return { weight: MAX_BLOCK_WEIGHT, length: MAX_BLOCK_LENGTH };
}

/** A block has room if it could have taken one more contribution: the longest extrinsic, of this weight. A sealed submission weighs less. */
export const ROOM_WEIGHT: bigint = classLimits('Normal').weight / 16n;

const weight = (refTime: bigint) => ({ refTime, proofSize: 0n });
const perClass = <T>(of: (name: DispatchClass) => T) => ({
  normal: of('Normal'),
  operational: of('Operational'),
  mandatory: of('Mandatory'),
});
/** The limits as the constants `System.BlockWeights`, `BlockLength` and `DbWeight` show them. */
export const blockWeightsValue = {
  baseBlock: weight(BASE_BLOCK_WEIGHT),
  maxBlock: weight(MAX_BLOCK_WEIGHT),
  perClass: perClass((name) => ({
    baseExtrinsic: weight(BASE_EXTRINSIC_WEIGHT),
    maxExtrinsic: weight(classLimits(name).weight - BASE_BLOCK_WEIGHT - BASE_EXTRINSIC_WEIGHT),
    maxTotal: weight(classLimits(name).weight),
    reserved: weight(0n),
  })),
};
export const blockLengthValue = { max: perClass((name) => classLimits(name).length) };
export const dbWeightValue = { read: DB_READ, write: DB_WRITE };
