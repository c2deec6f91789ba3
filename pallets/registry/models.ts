/** `$Model`: minted with its first version and its lineage; later versions may bring more of it. */
import { burn } from '../balances/index.ts';
import { termsUnder } from '../licensing/index.ts';
import { createAsset, ensureMay } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { MODEL_DEPOSIT, VERSION_FEE } from './fees.ts';
import { modelAsset, nameParents } from './lineage.ts';
import { type Registry, state } from './state.ts';
import type { Model, ModelVersion, Parent, Release, SemVer } from './types.ts';
import { deprecateVersion, putVersion, type NewVersion } from './versions.ts';

/** The model with a number. Whose it is is told by `Ownership`. */
export function modelOf(ctx: Context, id: bigint): Model | undefined {
  return state.use(ctx).store.models.get(id);
}

/** The version of a model that was registered with a fingerprint. */
export function modelByFingerprint(ctx: Context, fingerprint: Uint8Array): ModelVersion | undefined {
  return state.use(ctx).store.fingerprints.get(fingerprint);
}

function known({ store, errors }: Registry, id: bigint): Model {
  const found = store.models.get(id);
  ensure(found, errors.UnknownModel);
  return found;
}

export interface NewModel {
  readonly release: Release;
  readonly branch: string;
  readonly semver: SemVer;
  readonly terms: Uint8Array | undefined;
  readonly parents: readonly Parent[];
}

/** @returns its number */
export function registerModel(registry: Registry, owner: Uint8Array, given: NewModel): bigint {
  const { ctx, store, events } = registry;
  const { release, branch, semver, terms, parents } = given;
  const id = store.nextModel.get();
  createAsset(ctx, modelAsset(id), owner, MODEL_DEPOSIT);
  store.nextModel.put(id + 1n);
  const empty: Model = { versions: 0, branches: 0, block: ctx.block };
  store.models.put(id, putVersion(registry, id, empty, { branch, semver, from: [], release }));
  events.ModelRegistered({ id, owner, fingerprint: release.fingerprint });
  nameParents(registry, owner, { model: id, version: 0, owner, terms, parents });
  return id;
}

/**
 * Releases a further version. Parents that it brings bind the model to their terms, and to pay them: a delegate needs the role of licences for that besides.
 * What stands for good is paid by who calls, so that no delegate binds the owner's money.
 */
export function releaseVersion(
  registry: Registry,
  who: Uint8Array,
  id: bigint,
  { parents, ...next }: NewVersion & { readonly parents: readonly Parent[] },
): void {
  const { ctx, store } = registry;
  const model = known(registry, id);
  ensureMay(ctx, modelAsset(id), who, 'metadata');
  burn(ctx, who, VERSION_FEE, 'keepAlive');
  store.models.put(id, putVersion(registry, id, model, next));
  if (parents.length > 0) declareParents(registry, who, id, model.versions, parents);
}

/** Names parents of a version that stands already. */
export function declareParents(
  registry: Registry,
  who: Uint8Array,
  id: bigint,
  version: number,
  parents: readonly Parent[],
): void {
  const { ctx, store, errors } = registry;
  known(registry, id);
  ensure(parents.length > 0, errors.NoParents);
  const { owner } = ensureMay(ctx, modelAsset(id), who, 'licensing');
  ensure(store.versions.has(id, version), errors.UnknownVersion);
  nameParents(registry, who, { model: id, version, owner, terms: termsUnder(ctx, modelAsset(id))?.id, parents });
}

export function deprecate(registry: Registry, who: Uint8Array, id: bigint, version: number): void {
  known(registry, id);
  ensureMay(registry.ctx, modelAsset(id), who, 'metadata');
  deprecateVersion(registry, id, version);
}
