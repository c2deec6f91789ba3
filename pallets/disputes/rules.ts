/**
 * Cases that the chain decides by what it knows itself. A rule only ever upholds a report: where none applies, the case is a panel's. What a rule decides can be
 * appealed like any other ruling, for who registered first need not be who made it.
 */
import { standingEvaluation } from '../curation/index.ts';
import { type Asset, assetName, isHolder, titleOf } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { dataTakenBy, modelOf, parentsOf, sharedTensorsOf, versionOf, versionTakenBy } from '../registry/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { WHOLE } from '../../primitives/money.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import type { Disputes } from './state.ts';
import { isOver } from './subjects.ts';
import type { Dispute, Kind, Subject } from './types.ts';

/** Versions of one model, and ancestors of one, that are looked at. Of models with more no rule says anything. */
const MAX_VERSIONS = 16;
const MAX_KIN = 32;
/** Fewer tensors than that may be alike by chance: zeros, ones. */
const LEAST_SHARED = 8;

/** Fails for what the chain knows to be untrue: such a report would only cost. */
export function checkFact(disputes: Disputes, subject: Subject, kind: Kind): void {
  const { ctx, errors } = disputes;
  if (subject.tag === 'Grant' && kind === 'Expired') ensure(isOver(ctx, subject.value), errors.NotSo);
  if (subject.tag === 'Evaluation' && kind === 'Unfounded') ensure(isUnfounded(disputes, subject.value), errors.NotSo);
}

/** Whether what is reported follows from the state of the chain. */
export function followsFromFacts(disputes: Disputes, { subject, kind, against }: Dispute): boolean {
  const { ctx, store } = disputes;
  switch (subject.tag) {
    case 'Grant':
      return kind.tag === 'Expired' && isOver(ctx, subject.value);
    case 'Evaluation':
      return speaksForNobody(disputes, subject.value, kind.tag);
    case 'Claim':
      // Another report was upheld for good: this one is no less right.
      return store.cases.get(subject).found;
    case 'Asset':
      return (
        kind.tag === 'Copy' &&
        against !== undefined &&
        (lostTo(ctx, subject.value, against) || isCopy(ctx, subject.value, against))
      );
  }
}

type Place = Extract<Subject, { tag: 'Evaluation' }>['value'];

/** Whoever takes a word back that was reported concedes; of one that was struck there is nothing to judge. Parts are taken by who gets them: nobody is made interested. */
function speaksForNobody(disputes: Disputes, place: Place, kind: Kind): boolean {
  const { ctx } = disputes;
  const found = standingEvaluation(ctx, place.model, place.evaluation);
  if (found === undefined) return true;
  if (kind === 'Bought') return isHolder(ctx, { tag: 'Model', value: place.model }, found.account);
  return kind === 'Unfounded' && isUnfounded(disputes, place);
}

/** Whether the grant by which an evaluation speaks was taken from its holder for misuse. */
function isUnfounded({ ctx, store }: Disputes, { model, evaluation }: Place): boolean {
  const found = standingEvaluation(ctx, model, evaluation);
  return found !== undefined && store.misused.has(found.grant);
}

/** Whether an asset was registered with the digests, or minted with the fingerprint, of one that was committed to before it. */
function lostTo(ctx: Context, asset: Asset, against: Asset): boolean {
  if (asset.tag === 'Data') return against.tag === 'Data' && dataTakenBy(ctx, asset.value) === against.value;
  if (asset.tag !== 'Model' || against.tag !== 'Model') return false;
  return versionTakenBy(ctx, { model: asset.value, version: 0 })?.model === against.value;
}

/** Whether a model has the tensors of an older one of somebody else, without any lineage that both admit. */
function isCopy(ctx: Context, asset: Asset, against: Asset): boolean {
  if (asset.tag !== 'Model' || against.tag !== 'Model') return false;
  const [copy, original] = [treesOf(ctx, asset.value), treesOf(ctx, against.value)];
  if (copy === undefined || original === undefined) return false;
  const isSame = hasSameTree(copy, original) || sharesMost(ctx, asset.value, against.value, copy, original);
  return isSame && !haveHolderInCommon(ctx, asset, against) && areUnrelated(ctx, asset, against);
}

interface Tree {
  readonly root: string;
  readonly count: number;
  readonly block: number;
}
interface Trees {
  /** When the first version was released, and the last. */
  readonly first: number;
  readonly last: number;
  readonly trees: readonly Tree[];
}

/** The trees of tensors of a model’s versions; undefined if it has too many. */
function treesOf(ctx: Context, model: bigint): Trees | undefined {
  const count = modelOf(ctx, model)?.versions ?? 0;
  if (count === 0 || count > MAX_VERSIONS) return undefined;
  const versions = Array.from({ length: count }, (_, version) => versionOf(ctx, model, version)!);
  const trees = versions.flatMap(({ block, release: { tensors } }) =>
    tensors === undefined ? [] : [{ root: toHex(tensors.root), count: tensors.count, block }],
  );
  const blocks = versions.map(({ block }) => block);
  return { first: Math.min(...blocks), last: Math.max(...blocks), trees };
}

/** All tensors, under the same names, in an earlier version of the other; and the model itself had them in no version before that. */
function hasSameTree(copy: Trees, original: Trees): boolean {
  const firstWith = ({ trees }: Trees, root: string): number =>
    Math.min(...trees.filter((tree) => tree.root === root).map(({ block }) => block));
  return copy.trees.some(({ root }) => firstWith(original, root) < firstWith(copy, root));
}

/**
 * Most of its tensors are proved to stand in the other. What evidence is about may be any version: so every version of the other must be older than the model, or
 * its owner could put the tensors into a later one and accuse whom it took them from.
 */
function sharesMost(ctx: Context, model: bigint, other: bigint, copy: Trees, original: Trees): boolean {
  if (original.last >= copy.first) return false;
  const shared = sharedTensorsOf(ctx, model, other);
  const all = Math.max(0, ...copy.trees.map(({ count }) => count));
  return shared >= LEAST_SHARED && BigInt(shared) * BigInt(WHOLE) >= BigInt(all) * parameter(ctx, 'DisputeShared');
}

function haveHolderInCommon(ctx: Context, a: Asset, b: Asset): boolean {
  const title = titleOf(ctx, a);
  if (title === undefined) return false;
  return [title.owner, ...title.shares.map(({ account }) => account)].some((each) => isHolder(ctx, b, each));
}

/** Whether no model is an ancestor of both, or one of the other: what they share by descent is licensed. With too many ancestors nobody can tell here. */
function areUnrelated(ctx: Context, a: Asset, b: Asset): boolean {
  const [mine, theirs] = [ancestryOf(ctx, a), ancestryOf(ctx, b)];
  return mine !== undefined && theirs !== undefined && ![...mine].some((name) => theirs.has(name));
}

/** Names of a model and of all models that it comes from. */
function ancestryOf(ctx: Context, asset: Asset): Set<string> | undefined {
  const names = new Set([assetName(asset)]);
  const queue = [asset];
  for (let place = 0; place < queue.length; place++) {
    for (const { parent } of parentsOf(ctx, queue[place]!)) {
      if (parent.tag !== 'Model' || names.has(assetName(parent))) continue;
      if (names.size === MAX_KIN) return undefined;
      names.add(assetName(parent));
      queue.push(parent);
    }
  }
  return names;
}
