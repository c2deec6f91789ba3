/** What the registry holds of others, and what must always hold of it. It walks the whole state: for tests and the audit. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { WHOLE } from '../../primitives/money.ts';
import { type Asset, assetName, dataAsset, modelAsset, titleOf } from '../ownership/index.ts';
import type { Held } from '../support/index.ts';
import { canonicalDigests, depositOfData } from './data.ts';
import { COMMITMENT_DEPOSIT, MODEL_DEPOSIT } from './fees.ts';
import { depositOfPortfolio, portfolioAsset } from './portfolios.ts';
import { compareSemVer } from './semver.ts';
import type { Registry } from './state.ts';
import { type Child, type Model, type Version } from './types.ts';

function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new TacitError('registry/broken-state', what);
}

/** What is reserved, and of whom; what stands on titles is `Ownership`'s to tell. */
export function* deposits({ store }: Registry): Generator<Held> {
  for (const [, { by, deposit }] of store.evidence.entries()) yield [by, deposit];
  for (const [[who], { bond }] of store.attesters.entries()) yield [who, bond];
  for (const item of [store.commitments, store.opened])
    for (const [[who]] of item.entries()) yield [who, COMMITMENT_DEPOSIT];
}

export function checkRegistry(registry: Registry): undefined {
  checkData(registry);
  checkPortfolios(registry);
  for (const [[id], model] of registry.store.models.entries()) {
    checkVersions(registry, id, model);
    checkLinks(registry, id);
    checkTitle(registry, modelAsset(id), MODEL_DEPOSIT);
  }
  checkChildren(registry);
  checkEvidence(registry);
  checkClaims(registry);
  checkCommitments(registry);
}

/** Other pallets and delegates may have added to a deposit; nobody takes of what the registry asked. */
function checkTitle({ ctx }: Registry, asset: Asset, least: bigint): void {
  const title = titleOf(ctx, asset);
  expect(title !== undefined && title.deposit >= least, `${assetName(asset)} has no title, or too small a deposit`);
}

function checkData(registry: Registry): void {
  const { store } = registry;
  let digests = 0;
  for (const [[id], data] of store.data.entries()) {
    expect(id < store.nextData.get(), `Data ${id} was never counted`);
    checkTitle(registry, dataAsset(id), depositOfData(data));
    const all = [...canonicalDigests(data), ...data.digests];
    const isTaken = store.dataTaken.has(id);
    digests += isTaken ? 0 : all.length;
    for (const digest of all)
      expect((store.dataByDigest.get(digest) === id) !== isTaken, `a digest of Data ${id} is not its own`);
  }
  expect([...store.dataByDigest.entries()].length === digests, 'a digest belongs to no data');
}

function checkPortfolios(registry: Registry): void {
  for (const [[id], portfolio] of registry.store.portfolios.entries()) {
    checkTitle(registry, portfolioAsset(id), depositOfPortfolio(portfolio));
    const isWhole = portfolio.items.every(({ data, weight }) => weight > 0n && registry.store.data.has(data));
    expect(isWhole && portfolio.items.length > 0, `Portfolio ${id} has items that are none`);
  }
}

/** Versions are counted, are found by their fingerprints, and ascend on every branch, whose tip is the last. */
function checkVersions({ store }: Registry, id: bigint, model: Model): void {
  const tips = new Map<string, { place: number; version: Version }>();
  for (let place = 0; place < model.versions; place++) {
    const version = store.versions.get(id, place);
    if (version === undefined) throw new TacitError('registry/broken-state', `Model ${id} lacks version ${place}`);
    const found = store.fingerprints.get(version.release.fingerprint);
    const isFound = found?.model === id && found.version === place;
    expect(isFound !== store.versionTaken.has(id, place), `version ${place} of Model ${id} is not found`);
    const before = tips.get(version.branch);
    const isHigher = before === undefined || compareSemVer(version.semver, before.version.semver) > 0;
    expect(isHigher, `versions of Model ${id} do not ascend`);
    expect(
      version.from.every((from) => from < place),
      `version ${place} of Model ${id} continues a later one`,
    );
    tips.set(version.branch, { place, version });
  }
  const branches = [...store.branches.entries(id)];
  expect(branches.length === tips.size && tips.size === model.branches, `branches of Model ${id} are miscounted`);
  for (const [[, name], tip] of branches) expect(tips.get(name)?.place === tip, `Model ${id} has another tip`);
}

/** Parents are older, so that there is no cycle; their shares are at most the whole. */
function checkLinks({ store }: Registry, id: bigint): void {
  const links = store.links.get(id);
  expect(links.reduce((sum, { shareBps }) => sum + shareBps, 0) <= WHOLE, `Model ${id} owes more than it earns`);
  for (const { parent } of links)
    expect(parent.tag !== 'Model' || parent.value < id, `Model ${id} has a younger parent`);
}

/** Each parent knows each child that names it, and no other; items know their portfolios. */
function checkChildren({ store }: Registry): void {
  const nameOf = (parent: Asset, { asset, relation, version }: Child): string =>
    `${assetName(parent)} ${assetName(asset)} ${relation?.tag} ${version}`;
  const expected: string[] = [];
  for (const [[id], links] of store.links.entries())
    for (const { parent, relation, version } of links)
      expected.push(nameOf(parent, { asset: modelAsset(id), relation, version }));
  for (const [[id], { items }] of store.portfolios.entries())
    for (const { data } of items)
      expected.push(nameOf(dataAsset(data), { asset: portfolioAsset(id), relation: undefined, version: 0 }));
  const found = [...store.children.entries()].map(([[parent], child]) => nameOf(parent, child));
  expect(found.toSorted().join() === expected.toSorted().join(), 'children are other than the links say');
  const counted = [...store.childCount.entries()].reduce((sum, [, count]) => sum + count, 0);
  expect(counted === found.length, 'children are miscounted');
}

/** Evidence is about two models, the older first, and is found from both and by its tensor. */
function checkEvidence({ store }: Registry): void {
  const all = [...store.evidence.entries()];
  for (const [[id], { first, second, places }] of all) {
    const [a = -1, b = -1] = places;
    expect(first.model < second.model, `evidence ${id} is about one model`);
    expect(store.modelEvidence.get(first.model, a) === id, `evidence ${id} is not found from the older model`);
    expect(store.modelEvidence.get(second.model, b) === id, `evidence ${id} is not found from the younger model`);
  }
  const shared = [...store.sharedCount.entries()].reduce((sum, [, count]) => sum + count, 0);
  expect(
    [...store.evidenceByTensor.entries()].length === all.length && shared === all.length,
    'evidence is miscounted',
  );
  expect([...store.modelEvidence.entries()].length === 2 * all.length, 'evidence that is gone is still listed');
}

/** Claims were made under an admission that held then, and are listed with their asset. */
function checkClaims({ store }: Registry): void {
  const all = [...store.claims.entries()];
  for (const [[id], { attester, admission, from }] of all) {
    const under = store.admissions.get(attester, admission);
    expect(under !== undefined && under.from <= from && from < under.until, `claim ${id} was made without admission`);
  }
  expect([...store.assetClaims.entries()].length === all.length, 'claims are miscounted');
}

/** Commitments are as many as counted of each account. */
function checkCommitments({ store }: Registry): void {
  const counts = new Map<string, number>();
  for (const item of [store.commitments, store.opened])
    for (const [[who]] of item.entries()) counts.set(toHex(who), (counts.get(toHex(who)) ?? 0) + 1);
  for (const [[who], count] of store.commitmentCount.entries())
    expect(counts.get(toHex(who)) === count, 'commitments are miscounted');
  expect([...store.commitmentCount.entries()].length === counts.size, 'commitments are not counted');
}
