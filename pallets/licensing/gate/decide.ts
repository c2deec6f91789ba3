/** Whether a work under some terms may come from a work under others: by the clauses of their licences, never by a list of pairs. */
import { RELATION_BIT, type Table } from '../table/types.ts';
import type { RelationName, Terms } from '../types.ts';
import type { ClauseName } from './clauses.ts';
import { cureText } from './cure.ts';
import { type Case, holds } from './facts.ts';
import { type Licence, type Licences, licenceKey, readingsOf } from './profile.ts';

/** Why a derived work is refused, and what would help. */
export interface Conflict {
  readonly clause: ClauseName;
  readonly cure: string;
}

/** The lack of a licence is cured by one, not by a waiver: without it there is nothing to waive a clause of. */
const NEVER_WAIVED: readonly ClauseName[] = ['NoLicence', 'ChildUnlicensed'];
export const isWaivable = (clause: ClauseName): boolean => !NEVER_WAIVED.includes(clause);

const NO_LICENCE: Conflict = {
  clause: 'NoLicence',
  cure: 'Its owner puts it under terms that rest on a licence of the table, or on a text of its own.',
};
const CHILD_UNLICENSED: Conflict = {
  clause: 'ChildUnlicensed',
  cure: 'Give the work terms that rest on licences of the table, or on a text of its own.',
};

type Side = Omit<Case, 'parent'>;
/** The first rule that refuses, of those whose clause is not waived. */
function conflictOf({ rules }: Table, it: Case, waived: ReadonlySet<ClauseName>): Conflict | undefined {
  const found = rules.find(
    ({ clause, relations, when }) =>
      (relations & RELATION_BIT[it.relation]) !== 0 &&
      !waived.has(clause.tag) &&
      when.every((condition) => holds(it, condition)),
  );
  return found && { clause: found.clause.tag, cure: cureText(found, it) };
}

/** Each licence of the parent is asked once, in however many alternatives it stands. */
function conflictsWith(table: Table, side: Side, waived: ReadonlySet<ClauseName>) {
  const known = new Map<string, Conflict | undefined>();
  const ask = (parent: Licence): Conflict | undefined => {
    const key = licenceKey(parent);
    if (!known.has(key)) known.set(key, conflictOf(table, { ...side, parent }, waived));
    return known.get(key);
  };
  return (set: Licences[number]): Conflict | undefined => set.map(ask).find((conflict) => conflict !== undefined);
}

/**
 * Decides one derivation. The parent may be taken under any alternative of its licence; the child must be right under each of its own, for whoever receives it
 * may choose. Within an alternative all licences hold.
 *
 * @param parent what the parent is under for whoever made the child: its own terms, or those of a grant. Undefined: no licence.
 * @param child what the child is under. Undefined: no licence.
 * @param waived clauses that the parent's owner has waived for this child.
 * @returns undefined if it may, else the first clause in the order of the rules that refuses, and its cure.
 */
export function decide(
  table: Table,
  parent: Terms | undefined,
  relation: RelationName,
  child: Terms | undefined,
  waived: readonly ClauseName[] = [],
): Conflict | undefined {
  const from = (parent ? readingsOf(table, parent.base) : []).filter((set) => set !== undefined);
  if (!parent || from.length === 0) return NO_LICENCE;
  const under = child ? readingsOf(table, child.base) : [];
  if (!child || under.length === 0) return CHILD_UNLICENSED;
  const given = new Set(waived.filter(isWaivable));
  for (const set of under) {
    if (!set) return CHILD_UNLICENSED;
    const side = { parentTerms: parent, relation, child: set, childTerms: child };
    const conflicts = from.map(conflictsWith(table, side, given));
    if (!conflicts.includes(undefined)) return conflicts[0];
  }
  return undefined;
}
