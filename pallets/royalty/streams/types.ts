/** What is kept of the money that assets earn, and what is answered about it. */
import {
  bounded,
  compact,
  enumeration,
  field,
  type Of,
  option,
  struct,
  u16,
  u128,
  vec,
} from '../../../primitives/scale/index.ts';
import { asset, basisPoints, modelId } from '../../ownership/types.ts';
import { accountId, balance, blockNumber } from '../../support/types.ts';

/** The most parties that one asset divides among: as the registry bounds direct parents, items and curators of a portfolio. */
export const MAX_LINKS = 64;
export const MAX_ITEMS_OF_PORTFOLIO = 256;
export const MAX_CURATORS = 256;

/** What was divided of an asset's earnings so far. Carries are what parties are due in parts of a unit: `split.ts` says how many parts there are. */
export const stream = struct('tacit_royalty::Stream', {
  divided: field(balance, 'All that was ever divided.'),
  waiting: field(
    balance,
    'What of it is still among what the asset has earned, because nobody is due a whole unit of it.',
  ),
  paid: field(bounded(vec(compact(balance)), MAX_LINKS), 'What each parent has got, in the order of the lineage.'),
  links: field(bounded(vec(u16), MAX_LINKS + 1), 'Carries of the asset itself and of its parents, in 1/10,000 units.'),
  sides: field(
    bounded(vec(u16), 2),
    'Carries of the two sides of what the parents leave, in 1/10,000 units: contributors and owners of a model, curators and items of a portfolio.',
  ),
  curators: field(bounded(vec(compact(u128)), MAX_CURATORS), 'Carries of the curators of a portfolio.'),
  items: field(bounded(vec(compact(u128)), MAX_ITEMS_OF_PORTFOLIO), 'Carries of the items of a portfolio.'),
});
export type Stream = Of<typeof stream>;

export const NO_STREAM: Stream = { divided: 0n, waiting: 0n, paid: [], links: [], sides: [], curators: [], items: [] };

/** The part of a model's contributors in what its parents leave. */
export const contributorsShare = struct('tacit_royalty::ContributorsShare', {
  bps: basisPoints,
  lower: field(
    option(struct('tacit_royalty::LowerShare', { bps: basisPoints, from: blockNumber })),
    'A lower share that was announced, and the first block in which it counts.',
  ),
});
export type ContributorsShare = Of<typeof contributorsShare>;

/** Who gets a part of what is divided. */
export const recipient = enumeration('tacit_royalty::Recipient', {
  /** An asset that this one comes from: it divides in its turn. */
  Asset: asset,
  /** The pool of a model: its contributors, in private rounds. */
  Pool: modelId,
  /** A co-owner or curator, who collects it; the treasury, of an asset that a ruling took out of use. */
  Account: accountId,
});

export const portion = struct('tacit_royalty::Portion', { to: recipient, amount: balance });
export type Portion = Of<typeof portion>;

export const streamInfo = struct('tacit_royalty::StreamInfo', {
  stream,
  earned: field(balance, 'What the asset has earned and has not passed on, with what waits.'),
  contributors: field(basisPoints, 'The part that a model’s contributors have now of what the parents leave.'),
});
export type StreamInfo = Of<typeof streamInfo>;
