/** Evidence of partial copies: one tensor stands in two models, proved by the trees that both have registered. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { isTensorIn, tensorHash, tensorLeaf } from '../../primitives/proofs/tensor-tree.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { EVIDENCE_DEPOSIT } from './fees.ts';
import { EVIDENCE_HOLD, type Registry, state } from './state.ts';
import type { Evidence, Tensor, TensorProof } from './types.ts';

/** Fails unless the tensor stands where the proof says, in the tree of that version. */
function checkProof({ store, errors }: Registry, tensor: Tensor, proof: TensorProof): void {
  const version = store.versions.get(proof.model, proof.version);
  ensure(version, errors.UnknownVersion);
  const { tensors } = version.release;
  ensure(tensors, errors.NoTensors);
  const { name, index, path } = proof;
  ensure(isTensorIn({ ...tensors, leaf: tensorLeaf(name, tensor), index, path }), errors.BadProof);
}

/**
 * Keeps evidence that a tensor stands in two models. It is kept once for a pair of models and a tensor, whatever it is called in them: who proves it again
 * takes it over, deposit and all, so that nobody else can withdraw it from then on.
 */
export function proveSharedTensor(
  registry: Registry,
  by: Uint8Array,
  tensor: Tensor,
  proofs: readonly [TensorProof, TensorProof],
): void {
  const { store, errors } = registry;
  const [first, second] = proofs[0].model < proofs[1].model ? proofs : [proofs[1], proofs[0]];
  ensure(first.model !== second.model, errors.SameModel);
  checkProof(registry, tensor, first);
  checkProof(registry, tensor, second);
  const hash = tensorHash(tensor);
  const known = store.evidenceByTensor.get(first.model, second.model, hash);
  if (known === undefined) keep(registry, by, tensor, hash, first, second);
  else takeOver(registry, by, known);
}

function keep(
  { ctx, store, events }: Registry,
  by: Uint8Array,
  tensor: Tensor,
  hash: Uint8Array,
  first: TensorProof,
  second: TensorProof,
): void {
  reserve(ctx, by, EVIDENCE_DEPOSIT);
  const id = store.nextEvidence.get();
  store.nextEvidence.put(id + 1n);
  const places = [first, second].map(({ model }) => {
    const place = store.modelEvidenceCount.get(model);
    store.modelEvidence.put(model, place, id);
    store.modelEvidenceCount.put(model, place + 1);
    return place;
  });
  const when = { block: ctx.block, since: ctx.block };
  store.evidence.put(id, { tensor, first, second, by, deposit: EVIDENCE_DEPOSIT, ...when, places });
  store.evidenceByTensor.put(first.model, second.model, hash, id);
  store.sharedCount.mutate(first.model, second.model, (count) => count + 1);
  events.TensorShared({ id, first: first.model, second: second.model, by });
}

function takeOver({ ctx, store, events, errors }: Registry, by: Uint8Array, id: bigint): void {
  const found = store.evidence.get(id);
  ensure(found, errors.UnknownEvidence);
  ensure(!sameBytes(found.by, by), errors.YoursAlready);
  reserve(ctx, by, EVIDENCE_DEPOSIT);
  unreserve(ctx, found.by, found.deposit);
  store.evidence.put(id, { ...found, by, deposit: EVIDENCE_DEPOSIT, since: ctx.block });
  events.TensorShared({ id, first: found.first.model, second: found.second.model, by });
}

/** Who keeps evidence takes its deposit back, and the evidence goes, once it has stood long enough. */
export function withdrawEvidence({ ctx, store, events, errors }: Registry, who: Uint8Array, id: bigint): void {
  const found = store.evidence.get(id);
  ensure(found, errors.UnknownEvidence);
  ensure(sameBytes(found.by, who), errors.NotYours);
  ensure(ctx.block >= found.since + EVIDENCE_HOLD, errors.TooEarly);
  const { tensor, first, second, places } = found;
  for (const [end, { model }] of [first, second].entries()) store.modelEvidence.remove(model, places[end] ?? 0);
  store.evidence.remove(id);
  store.evidenceByTensor.remove(first.model, second.model, tensorHash(tensor));
  store.sharedCount.mutate(first.model, second.model, (count) => (count === 1 ? undefined : count - 1));
  unreserve(ctx, who, found.deposit);
  events.EvidenceWithdrawn({ id });
}

/** For how many tensors there is evidence that two models have them. */
export function sharedTensorsOf(ctx: Context, a: bigint, b: bigint): number {
  return state.use(ctx).store.sharedCount.get(a < b ? a : b, a < b ? b : a);
}

/** Evidence by its number. */
export function evidenceOf(ctx: Context, id: bigint): Evidence | undefined {
  return state.use(ctx).store.evidence.get(id);
}
