/** Versions of a model: numbered by SemVer on named branches, each higher than the last one of its branch. */
import { at, present } from '../../primitives/at.ts';
import { ensure, type Context } from '../support/index.ts';
import { type Registry, state } from './state.ts';
import { isOlder, takePriority } from './commitments.ts';
import { compareSemVer, isSemVer } from './semver.ts';
import { MAX_TENSORS } from '../../primitives/proofs/tensor-tree.ts';
import { MAX_BRANCHES, type Model, type ModelVersion, type Release, type SemVer, type Version } from './types.ts';

const BRANCH = /^[A-Za-z\d._/-]+$/;

export function versionOf(ctx: Context, model: bigint, version: number): Version | undefined {
  return state.use(ctx).store.versions.get(model, version);
}

export interface NewVersion {
  readonly branch: string;
  readonly semver: SemVer;
  readonly from: readonly number[];
  readonly release: Release;
}

/** Fails unless a version may follow those that a model has. */
export function checkVersion(registry: Registry, id: bigint, model: Model, next: NewVersion): void {
  const { store, errors } = registry;
  const { branch, semver, from, release } = next;
  ensure(isSemVer(semver), errors.BadSemVer);
  ensure(BRANCH.test(branch), errors.BadBranch);
  const { tensors } = release;
  ensure(tensors === undefined || (tensors.count > 0 && tensors.count <= MAX_TENSORS), errors.BadTensors);
  const tip = store.branches.get(id, branch);
  checkOrigins(registry, model, from, tip);
  if (tip === undefined) ensure(model.branches < MAX_BRANCHES, errors.TooManyBranches);
  else ensure(compareSemVer(semver, semverOf(registry, id, tip)) > 0, errors.NotNewer);
}

/** The block since which a version counts: of the commitment before its release, or of that. */
function versionSince({ store }: Registry, { model, version }: ModelVersion): number {
  const released = present(store.versions.get(model, version), 'a version with a fingerprint');
  return store.versionSince.get(model, version) ?? released.block;
}

/** One fingerprint belongs to one version: to the first, by the block since which it counts. */
function claimFingerprint(registry: Registry, by: ModelVersion, fingerprint: Uint8Array, since: number): void {
  const { store, events, errors } = registry;
  const holder = store.fingerprints.get(fingerprint);
  if (holder === undefined) return;
  ensure(isOlder(since, versionSince(registry, holder)), errors.AlreadyRegistered);
  store.versionTaken.put(holder.model, holder.version, by);
  events.FingerprintTaken({ version: holder, by });
}

/** The version to which a version has lost its fingerprint; undefined if it has it. */
export function versionTakenBy(ctx: Context, { model, version }: ModelVersion): ModelVersion | undefined {
  return state.use(ctx).store.versionTaken.get(model, version);
}

/** Puts a version behind the others of a model, and the model with it. The caller has checked it. @param who whose commitment it may be released under */
export function putVersion(registry: Registry, who: Uint8Array, id: bigint, model: Model, next: NewVersion): void {
  const { ctx, store, events } = registry;
  const { branch, semver, from, release } = next;
  const version = model.versions;
  const isFirst = !store.branches.has(id, branch);
  const since = takePriority(registry, who, { tag: 'Model', value: release.fingerprint });
  claimFingerprint(registry, { model: id, version }, release.fingerprint, since);
  if (since < ctx.block) store.versionSince.put(id, version, since);
  store.fingerprints.put(release.fingerprint, { model: id, version });
  store.branches.put(id, branch, version);
  const { block } = ctx;
  store.versions.put(id, version, { branch, semver, from: [...from], release, block, deprecated: undefined });
  store.models.put(id, { ...model, versions: version + 1, branches: model.branches + Number(isFirst) });
  events.VersionReleased({ model: id, version, branch, semver });
}

/** The first version continues nothing; any other one continues the last of its branch, or, on a new branch, any; a merge a second one besides. */
function checkOrigins({ errors }: Registry, model: Model, from: readonly number[], tip: number | undefined): void {
  if (model.versions === 0) {
    ensure(from.length === 0, errors.BadOrigins);
    return;
  }
  ensure(from.length > 0 && new Set(from).size === from.length, errors.BadOrigins);
  ensure(
    from.every((version) => version < model.versions),
    errors.UnknownVersion,
  );
  ensure(tip === undefined || at(from, 0) === tip, errors.NotTheTip);
}

function semverOf({ store, errors }: Registry, model: bigint, version: number): SemVer {
  const found = store.versions.get(model, version);
  ensure(found, errors.UnknownVersion);
  return found.semver;
}

/** Advises against a version. It stays, as does what came from it. */
export function deprecateVersion(registry: Registry, id: bigint, version: number): void {
  const { ctx, store, events, errors } = registry;
  const found = store.versions.get(id, version);
  ensure(found, errors.UnknownVersion);
  ensure(found.deprecated === undefined, errors.AlreadyDeprecated);
  store.versions.put(id, version, { ...found, deprecated: ctx.block });
  events.VersionDeprecated({ model: id, version });
}
