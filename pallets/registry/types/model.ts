/** `$Model` and its versions. */
import { bounded, field, type Of, option, str, struct, u16, u32, vec } from '../../../primitives/scale/index.ts';
import { modelId } from '../../ownership/types.ts';
import { blockNumber, h256 } from '../../support/index.ts';
import { MAX_CID_TEXT } from './data.ts';

export const MAX_BRANCH = 32;
export const MAX_PRE_RELEASE = 64;
/** Branches of one model. */
export const MAX_BRANCHES = 64;

/** A version's number by SemVer 2.0.0, without build metadata. */
export const semver = struct('tacit_registry::SemVer', {
  major: u32,
  minor: u32,
  patch: u32,
  pre: field(bounded(str, MAX_PRE_RELEASE), 'The pre-release, without its hyphen: `rc.1`; empty if it is none.'),
});
export type SemVer = Of<typeof semver>;

export const tensorTree = struct('tacit_registry::TensorTree', {
  root: field(h256, 'The root of the tree of its tensors (docs/register.md).'),
  count: field(u32, 'How many tensors it has.'),
});
export type TensorTree = Of<typeof tensorTree>;
export const modelCard = struct('tacit_registry::ModelCard', {
  digest: field(h256, 'sha2-256 of the model card.'),
  cid: field(bounded(str, MAX_CID_TEXT), 'Its CID as text; empty if it is kept nowhere.'),
});

/** What one version of a model is. */
export const release = struct('tacit_registry::Release', {
  fingerprint: field(h256, 'The root of an OpenSSF model-signing manifest of its files.'),
  architecture: field(h256, 'Hash of its architecture’s description.'),
  tensors: option(tensorTree),
  card: option(modelCard),
  changelog: field(option(h256), 'sha2-256 of what it says is new.'),
});
export type Release = Of<typeof release>;

export const branchName = field(
  bounded(str, MAX_BRANCH),
  'Name of the branch: letters, digits, and `.`, `_`, `-`, `/`.',
);
export const versionNumber = field(u32, 'Which version of the model, counted from 0 in the order of their release.');

/** A version of a model. All but its end is fixed. */
export const version = struct('tacit_registry::Version', {
  branch: branchName,
  semver,
  from: field(
    bounded(vec(u32), 2),
    'The versions that it continues: none of the first, two of a merge; the first is where its branch stood.',
  ),
  release,
  block: field(blockNumber, 'When it was released.'),
  deprecated: field(option(blockNumber), 'When its owner advised against it.'),
});
export type Version = Of<typeof version>;

/** `$Model`: what was made of data and other models. Its lineage is never rewritten. */
export const model = struct('tacit_registry::Model', {
  versions: field(u32, 'How many versions it has.'),
  branches: field(u16, 'How many branches.'),
  block: field(blockNumber, 'When it was registered.'),
});
export type Model = Of<typeof model>;

export const branchTip = struct('tacit_registry::Branch', { name: branchName, tip: versionNumber });
export const modelVersion = struct('tacit_registry::ModelVersion', { model: modelId, version: versionNumber });
export type ModelVersion = Of<typeof modelVersion>;
