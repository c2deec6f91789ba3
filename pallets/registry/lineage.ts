/** Lineage: parents of models. Links are added under the terms of the day, and never changed or removed. */
import { at } from '../../primitives/at.ts';
import { WHOLE } from '../../primitives/money.ts';
import { bindDerivation, checkDerivation, type Derivation, type RelationName } from '../licensing/index.ts';
import { type Asset, assetName, dataAsset, ensureLive, modelAsset } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { noteChild } from './children.ts';
import { LINK_FEE } from './fees.ts';
import { ensureOpen, portfolioOf } from './portfolios.ts';
import { type Registry, state } from './state.ts';
import { type Link, MAX_LINKS, type Parent } from './types.ts';

/** A direct parent and what it gets of what the child earns. */
export interface ParentLink extends Omit<Link, 'relation'> {
  readonly relation: RelationName;
}

/** Direct parents of a model; data and portfolios have none. At most 64. */
export function parentsOf(ctx: Context, asset: Asset): readonly ParentLink[] {
  if (asset.tag !== 'Model') return [];
  return state
    .use(ctx)
    .store.links.get(asset.value)
    .map((link) => ({ ...link, relation: link.relation.tag }));
}

/** What one call adds to a model's lineage. */
export interface Naming {
  readonly model: bigint;
  readonly version: number;
  /** Whose licences count. */
  readonly owner: Uint8Array;
  /** The licence that the model itself is under. */
  readonly terms: Uint8Array | undefined;
  readonly parents: readonly Parent[];
}

const derivationOf = ({ owner, terms, parents }: Naming): Derivation => ({
  owner,
  terms,
  parents: parents.map(({ asset, relation, grant }) => ({ asset, relation: relation.tag, grant })),
});

/** Checks parents, and asks licensing whether and under which terms. Writes nothing. @returns the links to add */
export function checkNaming(registry: Registry, naming: Naming): Link[] {
  const { ctx, store, errors } = registry;
  const { model, version, parents } = naming;
  const before = store.links.get(model);
  checkParents(registry, model, before, parents);
  const owed = checkDerivation(ctx, derivationOf(naming));
  const added = parents.map(({ asset, relation, mostBps, mostInAll }, place): Link => {
    const { shareBps, ceiling } = at(owed, place);
    ensure(shareBps <= mostBps, errors.ShareAbove);
    const isWithin = mostInAll === undefined || shareBps === 0 || (ceiling !== undefined && ceiling <= mostInAll);
    ensure(isWithin, errors.ShareAbove);
    return { parent: asset, relation, shareBps, ceiling, version, block: ctx.block };
  });
  const shares = [...before, ...added].reduce((sum, { shareBps }) => sum + shareBps, 0);
  ensure(shares <= WHOLE, errors.SharesExceedWhole);
  return added;
}

/** What naming so many parents burns: links stand for good. */
export const linkFee = (links: readonly Link[]): bigint => LINK_FEE * BigInt(links.length);

/** Adds links that were checked in the same call, and puts the model under its own terms. */
export function nameParents(registry: Registry, naming: Naming, added: readonly Link[]): void {
  const { ctx, store, events } = registry;
  const { model, version } = naming;
  if (added.length > 0) {
    store.links.put(model, [...store.links.get(model), ...added]);
    for (const { parent, relation } of added)
      noteChild(registry, parent, { asset: modelAsset(model), relation, version });
    events.ParentsNamed({ model, links: [...added] });
  }
  bindDerivation(ctx, modelAsset(model), derivationOf(naming));
}

function checkParents(registry: Registry, model: bigint, before: readonly Link[], parents: readonly Parent[]): void {
  const { errors } = registry;
  ensure(before.length + parents.length <= MAX_LINKS, errors.TooManyParents);
  const nameOf = (asset: Asset, { tag }: Parent['relation']): string => `${tag} ${assetName(asset)}`;
  const seen = new Set(before.map(({ parent, relation }) => nameOf(parent, relation)));
  for (const { asset, relation } of parents) {
    // Two relations to one parent are possible: merged from a model and distilled from it.
    ensure(!seen.has(nameOf(asset, relation)), errors.DuplicateParent);
    seen.add(nameOf(asset, relation));
    checkParent(registry, model, asset, relation.tag);
  }
  const direct = [...before.map(({ parent }) => parent), ...parents.map(({ asset }) => asset)];
  const named = new Set(direct.map(assetName));
  for (const { asset } of parents) if (asset.tag === 'Portfolio') checkItems(registry, asset.value, named);
}

/** A parent exists, is of the right kind, is not closed by its owner or a ruling, and is older than the model: lineage has no cycles. */
function checkParent(registry: Registry, model: bigint, parent: Asset, relation: RelationName): void {
  const { ctx, store, errors } = registry;
  ensure((parent.tag === 'Model') === (relation !== 'TrainedOn'), errors.WrongRelation);
  if (parent.tag === 'Data') {
    ensureOpen(registry, parent.value);
    return;
  }
  if (parent.tag === 'Model') {
    ensure(store.models.has(parent.value) || parent.value === model, errors.UnknownModel);
    ensure(parent.value < model, errors.YoungerParent);
  } else {
    ensure(store.portfolios.has(parent.value), errors.UnknownPortfolio);
  }
  ensureLive(ctx, parent);
}

/**
 * A portfolio gives no right that the owners of its items did not give: each of them is open to training, and either lets portfolios license it, or is
 * named as a parent itself, so that licensing asks for its own terms.
 */
function checkItems(registry: Registry, portfolio: bigint, named: ReadonlySet<string>): void {
  const { ctx, store, errors } = registry;
  for (const { data } of portfolioOf(ctx, portfolio)?.items ?? []) {
    ensureOpen(registry, data);
    const isNamed = named.has(assetName(dataAsset(data)));
    ensure(isNamed || store.data.get(data)?.collective === true, errors.ItemNotLicensed);
  }
}
