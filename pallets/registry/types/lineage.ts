/** What came from what. */
import { bool, bounded, field, type Of, option, struct, u32, vec } from '../../../primitives/scale/index.ts';
import { grantId, relation } from '../../licensing/types.ts';
import { asset, basisPoints } from '../../ownership/types.ts';
import { balance, blockNumber } from '../../support/index.ts';
import { versionNumber } from './model.ts';

/** Parents that one call names, and parents of one model in all. */
export const MAX_PARENTS = 16;
export const MAX_LINKS = 64;
/** What one walk over lineage looks at, at most: assets whose links are read, and links. */
export const MAX_WALK = 4_096;
/** The most entries of one answer. */
export const MAX_PAGE = 256;

/** A parent as a call names it. */
export const parent = struct('tacit_registry::Parent', {
  asset: field(asset, 'What it comes from.'),
  relation: field(relation, 'How.'),
  grant: field(option(grantId), 'The licence that allows it; without it the caller’s best.'),
  mostBps: field(
    basisPoints,
    'The largest part of what the model earns that may go to it: its owner may change terms until the call is made.',
  ),
  mostInAll: field(option(balance), 'The most that the model is to pay to it in all; without it there may be no end.'),
});
export type Parent = Of<typeof parent>;
export const parents = field(bounded(vec(parent), MAX_PARENTS), 'What it comes from that was not named before.');

/** A parent of a model, under the terms of the day: never changed and never removed. */
export const link = struct('tacit_registry::Link', {
  parent: asset,
  relation,
  shareBps: field(basisPoints, 'The part of what the model earns that goes to the parent.'),
  ceiling: field(option(balance), 'The most that the model pays to it in all.'),
  version: field(u32, 'With which version it came.'),
  block: field(blockNumber, 'When it was named.'),
});
export type Link = Of<typeof link>;
export const links = bounded(vec(link), MAX_LINKS);

/** What came from an asset. */
export const child = struct('tacit_registry::Child', {
  asset: field(asset, 'A model; or a portfolio that the data is in.'),
  relation: field(option(relation), 'How it came from it; none of a portfolio.'),
  version: versionNumber,
});
export type Child = Of<typeof child>;

export const relative = struct('tacit_registry::Relative', {
  asset,
  distance: field(u32, 'Links of the shortest way to it.'),
});
export type Relative = Of<typeof relative>;
/** A part of the ancestors or descendants of an asset, the nearest first. */
export const family = struct('tacit_registry::Family', {
  members: vec(relative),
  next: field(option(u32), 'Where the next page begins; none if this is the last.'),
  truncated: field(
    bool,
    'The walk ended at its bound: there may be more than all pages show. Ask of the last members for theirs.',
  ),
});
export type Family = Of<typeof family>;
