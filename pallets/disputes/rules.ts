/** Cases that the chain decides by what it knows itself. */
import type { Disputes } from './state.ts';
import type { Dispute, Kind, Subject, Verdict } from './types.ts';

export function checkFact(_disputes: Disputes, _subject: Subject, _kind: Kind): void {}

export function ruleOf(_disputes: Disputes, _dispute: Dispute): Verdict | undefined {
  return undefined;
}
