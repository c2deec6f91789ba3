import {
  bool,
  bounded,
  enumeration,
  field,
  named,
  type Of,
  option,
  str,
  struct,
  u64,
  vec,
} from '../../primitives/scale/index.ts';
import { accountId, h256 } from '../support/index.ts';

export const dataId = named('DataId', u64, 'Number of the $Data.');
export const modelId = named('ModelId', u64, 'Number of the $Model.');

/** Bounds of what an owner may disclose, in bytes. */
export const MAX_TITLE = 128;
export const MAX_TEXT = 1024;
export const MAX_CID = 96;
export const MAX_LICENCE = 64;
/** The most direct parents of a model. */
export const MAX_PARENTS = 16;

/** How content is digested: the content itself stays with its owner. */
export const contentDigest = enumeration('tacit_registry::ContentDigest', {
  /** sha2-256 of the bytes. */
  Sha256: h256,
  /** blake2b-256 of the bytes. */
  Blake2b256: h256,
  /** The root of an OpenSSF model-signing manifest (a list of files and their digests). */
  ModelSigningManifest: h256,
  /** The hash of a Croissant description of a data set. */
  Croissant: h256,
});

/** What an owner tells about its data, and may take back. */
export const disclosure = struct('tacit_registry::Disclosure', {
  title: bounded(str, MAX_TITLE),
  text: bounded(str, MAX_TEXT),
  metadataCid: field(bounded(str, MAX_CID), 'CID of metadata kept elsewhere, as text.'),
});
export type Disclosure = Of<typeof disclosure>;

/** `$Data`: content that somebody owns. */
export const data = struct('tacit_registry::Data', {
  owner: accountId,
  digest: contentDigest,
  disclosure: option(disclosure),
  optedOut: field(
    bool,
    'The owner does not allow training on it: no model registered from then on may name it as a parent.',
  ),
});
export type Data = Of<typeof data>;

/** How a model came from a parent. Parents exist before their children: lineage has no cycles. */
export const parent = enumeration('tacit_registry::Parent', {
  TrainedOn: { data: dataId },
  FinetunedFrom: { model: modelId },
  MergedFrom: { model: modelId },
  DistilledFrom: { model: modelId },
});
export type Parent = Of<typeof parent>;

/** `$Model`: what was made of data and other models. Its lineage is never rewritten. */
export const model = struct('tacit_registry::Model', {
  owner: accountId,
  fingerprint: field(h256, 'The root of an OpenSSF model-signing manifest of its files.'),
  architecture: field(h256, 'Hash of its architecture’s description.'),
  licence: field(bounded(str, MAX_LICENCE), 'An SPDX, OpenMDW or RAIL identifier, or a name of the owner’s own.'),
  parents: bounded(vec(parent), MAX_PARENTS),
});
export type Model = Of<typeof model>;
