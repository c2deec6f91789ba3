/**
 * What disputes do to an asset, through the face of `Ownership` alone. It is computed anew whenever a ruling changes, from the open disputes of the asset and from
 * what was found for good; so several disputes do not undo each other's work, and what an appeal takes back is exactly what was done.
 */
import {
  type Asset,
  freeze,
  restoreAsset,
  revokeAsset,
  setTag,
  standingOf,
  type Tag,
  thaw,
} from '../ownership/index.ts';
import type { Disputes } from './state.ts';
import type { Dispute, Finding, Holds, Kind } from './types.ts';

/** An asset that was found against, and may yet be cleared, is frozen until its dispute is over. */
const UNTIL_THE_END = 0xffff_ffff;

/** The word for what was found; grants have none. */
const TAGS: Partial<Record<Kind, Tag>> = {
  Copy: 'Copy',
  Unlicensed: 'Unlicensed',
  Misleading: 'Misleading',
  Harmful: 'Harmful',
};

/** Whether an asset of which this is found for good is out of use. A wrong description is frozen for a time, and can be put right. */
export function revokes(kind: Kind): boolean {
  return kind !== 'Misleading';
}

interface Wanted {
  readonly tags: readonly Tag[];
  readonly frozenUntil: number | undefined;
  readonly revoked: boolean;
}

/** What the open disputes and the findings ask for. */
function wanted(open: readonly Dispute[], found: readonly Finding[], block: number): Wanted {
  const standing = open.filter(({ ruling }) => ruling?.verdict.tag === 'Upheld');
  const kinds = [...standing, ...found].map(({ kind }) => kind.tag);
  const tags = new Set<Tag>(open.length > 0 ? ['Disputed'] : []);
  for (const each of kinds) {
    const tag = TAGS[each];
    if (tag !== undefined) tags.add(tag);
  }
  const ends = found.map(({ frozenUntil = 0 }) => frozenUntil).filter((until) => until > block);
  if (standing.length > 0) ends.push(UNTIL_THE_END);
  const isConfirmed = standing.some(({ kind, ruling }) => revokes(kind.tag) && (ruling?.level ?? 0) > 0);
  return {
    tags: [...tags],
    frozenUntil: ends.length > 0 ? Math.max(...ends) : undefined,
    revoked: isConfirmed || found.some(({ kind }) => revokes(kind.tag)),
  };
}

/** Puts `holds` for an asset and brings its standing in line. */
export function applyHolds(disputes: Disputes, asset: Asset, holds: Omit<Holds, 'tags' | 'freeze' | 'revoked'>): void {
  const { ctx, store } = disputes;
  const done = store.holds.get(asset);
  const open = holds.open.map((id) => store.disputes.get(id)).filter((each) => each !== undefined);
  const want = wanted(open, holds.found, ctx.block);
  const next: Holds = {
    open: holds.open,
    found: holds.found,
    tags: changeTags(disputes, asset, done.tags, want.tags),
    freeze: changeFreeze(disputes, asset, done.freeze, want.frozenUntil),
    revoked: changeRevoked(disputes, asset, done.revoked, want.revoked),
  };
  const saysNothing = next.open.length === 0 && next.found.length === 0;
  if (saysNothing) store.holds.remove(asset);
  else store.holds.put(asset, next);
}

/** A word that somebody else has put there is not taken for ours, and not taken off. */
function changeTags({ ctx }: Disputes, asset: Asset, ours: Holds['tags'], want: readonly Tag[]): Holds['tags'] {
  const kept = ours.filter(({ tag }) => want.includes(tag));
  for (const { tag } of ours) if (!want.includes(tag)) setTag(ctx, asset, tag, false);
  const known = new Set(standingOf(ctx, asset).tags.map(({ tag }) => tag));
  const added = want.filter((tag) => !known.has(tag));
  for (const tag of added) setTag(ctx, asset, tag, true);
  return [...kept, ...added.map((tag) => ({ tag }))];
}

function changeFreeze({ ctx }: Disputes, asset: Asset, ours: Holds['freeze'], want: number | undefined) {
  const { frozenUntil } = standingOf(ctx, asset);
  if (want === undefined) {
    if (ours === undefined) return undefined;
    if (ours.before === undefined) thaw(ctx, asset);
    else freeze(ctx, asset, ours.before);
    return undefined;
  }
  const before = ours === undefined ? frozenUntil : ours.before;
  const until = Math.max(before ?? 0, want);
  if (frozenUntil !== until) freeze(ctx, asset, until);
  return { before };
}

function changeRevoked({ ctx }: Disputes, asset: Asset, ours: boolean, want: boolean): boolean {
  if (want === ours) return ours;
  if (!want) {
    restoreAsset(ctx, asset);
    return false;
  }
  if (standingOf(ctx, asset).revoked) return false;
  revokeAsset(ctx, asset);
  return true;
}
