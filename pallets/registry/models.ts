/** `$Model`: minted with its first version and its lineage; later versions may bring more of it. */
import { burn } from '../balances/index.ts';
import { termsUnder } from '../licensing/index.ts';
import { createAsset, ensureMay, modelAsset } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { MODEL_DEPOSIT, VERSION_FEE } from './fees.ts';
import { checkNaming, linkFee, type Naming, nameParents } from './lineage.ts';
import { type Registry, state } from './state.ts';
import type { Model, ModelVersion, Parent, Release, SemVer } from './types.ts';
import { checkVersion, deprecateVersion, putVersion, type NewVersion } from './versions.ts';

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
  const empty: Model = { versions: 0, branches: 0, block: ctx.block };
  const first = { branch, semver, from: [], release };
  const naming = { model: id, version: 0, owner, terms, parents };
  checkVersion(registry, id, empty, first);
  const links = checkNaming(registry, naming);
  burn(ctx, owner, linkFee(links), 'keepAlive');
  createAsset(ctx, modelAsset(id), owner, MODEL_DEPOSIT);
  store.nextModel.put(id + 1n);
  events.ModelRegistered({ id, owner, fingerprint: release.fingerprint });
  putVersion(registry, owner, id, empty, first);
  nameParents(registry, naming, links);
  return id;
}

/** Who names parents binds the model to their terms, and to pay them: that is a matter of licences. */
function namingOf(
  registry: Registry,
  who: Uint8Array,
  model: bigint,
  version: number,
  parents: readonly Parent[],
): Naming {
  const { owner } = ensureMay(registry.ctx, modelAsset(model), who, 'licensing');
  return { model, version, owner, terms: termsUnder(registry.ctx, modelAsset(model))?.id, parents };
}

/**
 * Releases a further version. A delegate needs the role of licences besides that of metadata if it brings parents. What stands for good is paid by who calls,
 * so that no delegate binds the owner's money.
 */
export function releaseVersion(
  registry: Registry,
  who: Uint8Array,
  id: bigint,
  { parents, ...next }: NewVersion & { readonly parents: readonly Parent[] },
): void {
  const { ctx } = registry;
  const model = known(registry, id);
  ensureMay(ctx, modelAsset(id), who, 'metadata');
  checkVersion(registry, id, model, next);
  const naming = parents.length === 0 ? undefined : namingOf(registry, who, id, model.versions, parents);
  const links = naming === undefined ? [] : checkNaming(registry, naming);
  burn(ctx, who, VERSION_FEE + linkFee(links), 'keepAlive');
  putVersion(registry, who, id, model, next);
  if (naming !== undefined) nameParents(registry, naming, links);
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
  const naming = namingOf(registry, who, id, version, parents);
  ensure(store.versions.has(id, version), errors.UnknownVersion);
  const links = checkNaming(registry, naming);
  burn(ctx, who, linkFee(links), 'keepAlive');
  nameParents(registry, naming, links);
}

export function deprecate(registry: Registry, who: Uint8Array, id: bigint, version: number): void {
  known(registry, id);
  ensureMay(registry.ctx, modelAsset(id), who, 'metadata');
  deprecateVersion(registry, id, version);
}
