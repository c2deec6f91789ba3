/**
 * The tree over a model's tensors, and proofs that one stands in it (docs/register.md): the Merkle tree of RFC 9162, section 2.1, over leaves sorted by name, with
 * hashes of this project. Labels keep leaves, nodes and roots apart, so that no node passes for a leaf; the root commits to the number of leaves.
 */
import { at } from '../at.ts';
import { compareBytes, littleEndian, concatBytes, sameBytes, utf8 } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { TacitError } from '../errors.ts';

/** The longest proof, in hashes: trees have at most 2^20 leaves. */
export const MAX_TENSOR_DEPTH = 20;
export const MAX_TENSORS: number = 2 ** MAX_TENSOR_DEPTH;
export const MAX_TENSOR_NAME = 256;
export const MAX_DTYPE = 16;
export const MAX_RANK = 8;

/** What a tensor is, whatever it is called. */
export interface TensorContent {
  /** Type of the elements, as safetensors names it. */
  readonly dtype: string;
  readonly shape: readonly bigint[];
  /** sha2-256 of the bytes. */
  readonly digest: Uint8Array;
}
export interface NamedTensor extends TensorContent {
  readonly name: string;
}

/** Hash of a tensor without its name: the same in every model that has it. */
export function tensorHash({ dtype, shape, digest }: TensorContent): Uint8Array {
  return hash32Of('tacit/tensor/1', dtype, concatBytes(...shape.map((extent) => littleEndian(extent, 8))), digest);
}

/** The leaf of a tensor under its name. */
export function tensorLeaf(name: string, content: TensorContent): Uint8Array {
  return hash32Of('tacit/tensor-leaf/1', name, tensorHash(content));
}

const nodeOf = (left: Uint8Array, right: Uint8Array): Uint8Array => hash32Of('tacit/tensor-node/1', left, right);
const rootOf = (count: number, top: Uint8Array): Uint8Array => hash32Of('tacit/tensor-root/1', count, top);

/** The largest power of two below `count`. */
function split(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

function topOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return at(leaves, 0);
  const half = split(leaves.length);
  return nodeOf(topOf(leaves.slice(0, half)), topOf(leaves.slice(half)));
}

function pathTo(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length === 1) return [];
  const half = split(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half ? [...pathTo(left, index), topOf(right)] : [...pathTo(right, index - half), topOf(left)];
}

/** What a call that proves the tensor could not say: the root would stand, and nothing could be proved by it. */
function cannotBeProved({ name, dtype, shape, digest }: NamedTensor): boolean {
  const isLong = utf8(name).length > MAX_TENSOR_NAME || utf8(dtype).length > MAX_DTYPE || shape.length > MAX_RANK;
  return isLong || digest.length !== 32 || !name.isWellFormed() || !dtype.isWellFormed();
}

/** A model's tensors in the order of their names' bytes, with the root of their tree and a proof of each. */
export class TensorTree {
  readonly tensors: readonly NamedTensor[];
  readonly root: Uint8Array;
  readonly #leaves: readonly Uint8Array[];

  /** @param tensors at least one, at most 2^20; no two have one name; names of 256 bytes, types of 16, 8 dimensions at most. Code `proofs/bad-tensors` */
  constructor(tensors: readonly NamedTensor[]) {
    const bad = tensors.find(cannotBeProved);
    if (bad !== undefined) {
      const why = `a tensor has a name of ${MAX_TENSOR_NAME} bytes at most, a type of ${MAX_DTYPE}, ${MAX_RANK} dimensions, and a digest of 32 bytes`;
      throw new TacitError('proofs/bad-tensors', why, { name: bad.name.slice(0, MAX_TENSOR_NAME) });
    }
    const names = new Set(tensors.map(({ name }) => name));
    if (tensors.length === 0 || tensors.length > MAX_TENSORS || names.size !== tensors.length) {
      const why = 'a tree has 1 to 2^20 tensors, each with a name of its own';
      throw new TacitError('proofs/bad-tensors', why, { tensors: tensors.length, names: names.size });
    }
    this.tensors = tensors.toSorted((a, b) => compareBytes(utf8(a.name), utf8(b.name)));
    this.#leaves = this.tensors.map((tensor) => tensorLeaf(tensor.name, tensor));
    this.root = rootOf(tensors.length, topOf(this.#leaves));
  }

  /** @returns the tensor's place, and the hashes beside its way to the root. Code `proofs/no-tensor` */
  proofOf(name: string): { index: number; path: Uint8Array[] } {
    const index = this.tensors.findIndex((tensor) => tensor.name === name);
    if (index < 0) throw new TacitError('proofs/no-tensor', `the tree has no tensor of the name ${name}`);
    return { index, path: pathTo(this.#leaves, index) };
  }
}

export interface TensorClaim {
  readonly root: Uint8Array;
  readonly count: number;
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

/** Whether a leaf stands at a place of a tree: RFC 9162, section 2.1.3.2. Refuses places outside of the tree and paths that are too long or too short. */
export function isTensorIn({ root, count, leaf, index, path }: TensorClaim): boolean {
  if (index >= count || count > MAX_TENSORS) return false;
  let [place, last, hash] = [index, count - 1, leaf];
  for (const beside of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeOf(beside, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1];
    } else {
      hash = nodeOf(hash, beside);
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 && sameBytes(rootOf(count, hash), root);
}
