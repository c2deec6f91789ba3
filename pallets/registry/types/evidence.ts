/** A tensor that stands in two models. */
import { bounded, field, fixed, named, type Of, str, struct, u32, u64, vec } from '../../../primitives/scale/index.ts';
import { modelId } from '../../ownership/types.ts';
import { accountId, balance, blockNumber, h256 } from '../../support/index.ts';
import { versionNumber } from './model.ts';
import { MAX_DTYPE, MAX_RANK, MAX_TENSOR_DEPTH, MAX_TENSOR_NAME } from '../../../primitives/proofs/tensor-tree.ts';

export const evidenceId = named('EvidenceId', u64, 'Number of the evidence.');

/** A tensor, whatever it is called. */
export const tensor = struct('tacit_registry::Tensor', {
  dtype: field(bounded(str, MAX_DTYPE), 'Type of its elements, as safetensors names it: `F32`, `BF16`, ...'),
  shape: field(bounded(vec(u64), MAX_RANK), 'Its extent in each dimension.'),
  digest: field(h256, 'sha2-256 of its bytes: little-endian, row by row.'),
});
export type Tensor = Of<typeof tensor>;

const where = {
  model: modelId,
  version: versionNumber,
  name: field(bounded(str, MAX_TENSOR_NAME), 'What the tensor is called there.'),
  index: field(u32, 'Its place in the tree.'),
};
/** Where a tensor stands in a model. */
export const tensorPlace = struct('tacit_registry::TensorPlace', where);
/** The same, and the hashes that prove it. */
export const tensorProof = struct('tacit_registry::TensorProof', {
  ...where,
  path: field(bounded(vec(fixed(32)), MAX_TENSOR_DEPTH), 'The hashes beside the way to the root, from the leaf up.'),
});
export type TensorProof = Of<typeof tensorProof>;

/** Two models have a tensor in common: proved once, for everyone. */
export const evidence = struct('tacit_registry::Evidence', {
  tensor,
  first: field(tensorPlace, 'Where it stands in the older model.'),
  second: field(tensorPlace, 'Where it stands in the younger one.'),
  by: field(accountId, 'Who keeps it here, and whose its deposit is.'),
  deposit: field(balance, 'What is reserved for it.'),
  block: field(blockNumber, 'When it was proved first.'),
  since: field(blockNumber, 'Since when who keeps it does.'),
  places: field(bounded(vec(u32), 2), 'Its places in the lists of the two models.'),
});
export type Evidence = Of<typeof evidence>;
