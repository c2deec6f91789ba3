/** SemVer 2.0.0: which pre-releases there are (clause 9 of its text), and which version comes before which (clause 11). */
import type { SemVer } from './types.ts';

/** Dot-separated identifiers of letters, digits and hyphens, none empty, numbers without leading zeros. */
const PRE_RELEASE = /^(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][\dA-Za-z-]*))*$/;

export const isSemVer = ({ pre }: SemVer): boolean => pre === '' || PRE_RELEASE.test(pre);

const isNumber = (identifier: string): boolean => /^\d+$/.test(identifier);

/** Numbers by size, which without leading zeros is by length first; words by their ASCII; numbers before words. */
function compareIdentifiers(a: string, b: string): number {
  const [isA, isB] = [isNumber(a), isNumber(b)];
  if (isA !== isB) return isA ? -1 : 1;
  if (isA && a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a < b ? -1 : 1;
}

function comparePreReleases(a: string, b: string): number {
  if (a === b) return 0;
  // What is no pre-release comes after all that are.
  if (a === '') return 1;
  if (b === '') return -1;
  const [left, right] = [a.split('.'), b.split('.')];
  for (const [place, identifier] of left.entries()) {
    const other = right[place];
    if (other === undefined) return 1;
    const order = compareIdentifiers(identifier, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

/** Below zero if `a` precedes `b`, zero if neither does. */
export function compareSemVer(a: SemVer, b: SemVer): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePreReleases(a.pre, b.pre);
}
