/** `$Data` and `$Portfolio`: content that somebody owns, and a selection of it. */
import {
  bool,
  bounded,
  bytes,
  enumeration,
  field,
  type Of,
  option,
  str,
  struct,
  u64,
  vec,
} from '../../../primitives/scale/index.ts';
import { basisPoints, dataId } from '../../ownership/types.ts';
import { accountId, blockNumber, h256 } from '../../support/index.ts';

/** Bounds of what an owner may disclose, in bytes. */
export const MAX_TITLE = 128;
export const MAX_TEXT = 1024;
/** The longest CID: as text, and as bytes (a digest of 64 of them, behind what says so). */
export const MAX_CID_TEXT = 96;
export const MAX_CID = 80;
/** Digests of one `$Data` beside the two that it must have. */
export const MAX_DIGESTS = 8;
/** Data of one portfolio, and who chose them. */
export const MAX_ITEMS = 256;
export const MAX_CURATORS = 256;

/** A digest and how it was made. The content itself stays with its owner. */
export const digest = enumeration('tacit_registry::Digest', {
  /** sha2-256 of the bytes. */
  Sha256: h256,
  /** blake2b-256 of the bytes. */
  Blake2b256: h256,
  /** The root of an OpenSSF model-signing manifest (a list of files and their digests). */
  OmsManifest: h256,
  /** sha2-256 of a Croissant description of a data set. */
  Croissant: h256,
  /** The root of a tree of tensors (docs/register.md). */
  MerkleTensors: h256,
  /** A CID of version 1, as bytes. */
  Cid: bounded(bytes, MAX_CID),
});
export type Digest = Of<typeof digest>;

/** What a registration takes for good. */
export const content = enumeration('tacit_registry::Content', {
  /** All digests, in the order of the registration: sha2-256, blake2b-256, then the further ones. */
  Data: bounded(vec(digest), MAX_DIGESTS + 2),
  /** The fingerprint of a version. */
  Model: h256,
});
export type Content = Of<typeof content>;
/** Commitments of one account that wait for their registration. */
export const MAX_COMMITMENTS = 16;

/** What an owner tells about its data, and may take back. */
export const disclosure = struct('tacit_registry::Disclosure', {
  title: bounded(str, MAX_TITLE),
  text: bounded(str, MAX_TEXT),
  metadataCid: field(bounded(str, MAX_CID_TEXT), 'CID of metadata kept elsewhere, as text.'),
  croissant: field(option(h256), 'sha2-256 of its Croissant description.'),
  statistics: field(option(h256), 'sha2-256 of a document of statistics of it.'),
});
export type Disclosure = Of<typeof disclosure>;

/** `$Data`: content that somebody owns. */
export const data = struct('tacit_registry::Data', {
  sha256: field(h256, 'sha2-256 of the bytes.'),
  blake2b256: field(h256, 'blake2b-256 of the same bytes.'),
  digests: field(bounded(vec(digest), MAX_DIGESTS), 'Further digests, of other kinds.'),
  disclosure: option(disclosure),
  collective: field(
    bool,
    'Its owner lets portfolios license it for training under their terms, for its weight of what they earn.',
  ),
  block: field(blockNumber, 'When it was registered.'),
});
export type Data = Of<typeof data>;

export const item = struct('tacit_registry::Item', {
  data: dataId,
  weight: field(u64, 'Its part of what the portfolio earns, against the sum of all weights.'),
});
export const curator = struct('tacit_registry::Curator', {
  account: accountId,
  weight: field(u64, 'Its part of what the curators earn, against the sum of all weights.'),
});
export const criteria = struct('tacit_registry::Criteria', {
  digest: field(h256, 'sha2-256 of the criteria in full.'),
  text: field(bounded(str, MAX_TEXT), 'What was looked for, in short.'),
});

const chosen = {
  items: bounded(vec(item), MAX_ITEMS),
  criteria,
  curators: bounded(vec(curator), MAX_CURATORS),
  curatorsBps: field(basisPoints, 'The part of what it earns that goes to the curators.'),
};
/** `$Portfolio`: data that were chosen by criteria, with weights. It never changes. */
export const portfolio = struct('tacit_registry::Portfolio', {
  ...chosen,
  block: field(blockNumber, 'When it was minted.'),
});
export type Portfolio = Of<typeof portfolio>;
export type Selection = Omit<Portfolio, 'block'>;
