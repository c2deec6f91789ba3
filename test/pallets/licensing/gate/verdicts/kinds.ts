/** Published verdicts on pairs of licences: who said it, on which use, and where the gate deliberately differs. */
import type { RelationName } from '../../../../../pallets/licensing/types.ts';

export interface Verdict {
  readonly parent: string;
  readonly child: string;
  readonly relation: RelationName;
  /** What the source says: a work under the child's licence may come from one under the parent's. */
  readonly isAllowed: boolean;
  readonly source: string;
  /** Uses that the child's terms forbid besides its licence. */
  readonly restrictions?: number;
  /** Purposes that the child's terms allow; without it all. */
  readonly purposes?: number;
  /** Why the gate says the opposite. */
  readonly differs?: string;
}

/** Parents by child, as a list between spaces. */
export interface ByChild {
  readonly [child: string]: { readonly yes?: string; readonly no?: string };
}
/** The same the other way round: children by parent. */
export type ByParent = ByChild;

const words = (text = ''): readonly string[] => text.match(/\S+(?: (?:WITH|AND) \S+)*/g) ?? [];

type Common = Pick<Verdict, 'relation' | 'source'> & {
  differs?: Readonly<Record<string, string>>;
  restrictions?: number;
  purposes?: number;
};
function verdict(parent: string, child: string, isAllowed: boolean, { differs, ...common }: Common): Verdict {
  const reason = differs?.[`${parent} -> ${child}`];
  return { parent, child, isAllowed, ...common, ...(reason === undefined ? {} : { differs: reason }) };
}

export function byChild(common: Common, table: ByChild): Verdict[] {
  return Object.entries(table).flatMap(([child, { yes, no }]) => [
    ...words(yes).map((parent) => verdict(parent, child, true, common)),
    ...words(no).map((parent) => verdict(parent, child, false, common)),
  ]);
}

export function byParent(common: Common, table: ByParent): Verdict[] {
  return Object.entries(table).flatMap(([parent, { yes, no }]) => [
    ...words(yes).map((child) => verdict(parent, child, true, common)),
    ...words(no).map((child) => verdict(parent, child, false, common)),
  ]);
}
