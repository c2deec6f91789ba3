/** How a dispute begins: a report, an answer, or none. */
import { compareBytes, concatBytes, sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { burn, reserve } from '../balances/index.ts';
import { type Asset, isHolder, sameAsset, titleOf } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure } from '../support/index.ts';
import { seatsAt, waiting } from './draw.ts';
import { applyHolds } from './effects.ts';
import { checkFact, followsFromFacts } from './rules.ts';
import type { Disputes } from './state.ts';
import { holdersOf, openAbout, reportedOf } from './subjects.ts';
import {
  type Bond,
  type Dispute,
  kind as kindTy,
  type Kind,
  MAX_OPEN,
  MAX_PARTIES,
  MAX_REPORTS,
  type Ruling,
  type Side,
  type Subject,
  subject as subjectTy,
  type Verdict,
} from './types.ts';
import { applyWord, openWord } from './words.ts';

/** Jurors are paid this part of a report about an evaluation, whoever is right: one in so many. */
const JURY_PART = 2n;

export interface Report {
  readonly subject: Subject;
  readonly kind: { readonly tag: Kind };
  readonly digests: readonly Uint8Array[];
  readonly against: Asset | undefined;
}

/** What a side puts up for a panel of a level. */
export function bondFor({ ctx }: Disputes, level: number): bigint {
  return parameter(ctx, 'DisputeSeat') * BigInt(seatsAt(level));
}

/** What a side puts up: for which panel, how many times as much, and about what. */
interface Stake {
  readonly level: number;
  readonly times?: bigint;
  readonly subject: Subject;
}

/**
 * Reserves what a side puts up. The author of an evaluation has little to win and need not put up anything to be heard: so the reporter pays the jurors, whoever is
 * right, or they would be paid for one side.
 */
export function putUp(
  disputes: Disputes,
  side: Side,
  account: Uint8Array,
  { level, times = 1n, subject }: Stake,
): Bond {
  const once = bondFor(disputes, level);
  const amount = once * times;
  reserve(disputes.ctx, account, amount);
  const pay = subject.tag === 'Evaluation' && side === 'Reporter' ? once / JURY_PART : 0n;
  return { side: { tag: side }, account, amount, level, isSpared: false, pay };
}

/** Adds to the accounts that are never drawn: each once. */
export function bar({ store }: Disputes, id: bigint, accounts: readonly Uint8Array[]): void {
  const known = store.parties.get(id);
  const all = [...known];
  for (const each of accounts) if (!all.some((one) => sameBytes(one, each))) all.push(each);
  if (all.length > known.length) store.parties.put(id, all.slice(0, MAX_PARTIES));
}

/** What a report is, whoever brings it, and in whatever order it names its documents. */
function trialKey({ subject, kind, digests }: Report): Uint8Array {
  const sorted = digests.toSorted(compareBytes);
  return blake2b256(concatBytes(subjectTy.codec.enc(subject), kindTy.codec.enc(kind), ...sorted));
}

function checkReport(disputes: Disputes, reporter: Uint8Array, report: Report, asset: Asset): void {
  const { ctx, store, errors } = disputes;
  const { subject, kind, digests, against } = report;
  ensure(digests.length > 0, errors.NoEvidence);
  ensure(!store.tried.has(trialKey(report)), errors.AlreadyTried);
  ensure(subject.tag !== 'Asset' || !isHolder(ctx, asset, reporter), errors.OwnSubject);
  if (against !== undefined) {
    ensure(titleOf(ctx, against), errors.UnknownAsset);
    ensure(!sameAsset(asset, against), errors.SameAsset);
  }
  checkRoom(disputes, report);
  ensure(store.reports.get(reporter) < MAX_REPORTS, errors.TooManyReports);
  checkFact(disputes, subject, kind.tag);
}

/** Whether one more dispute may be open about a subject. */
function checkRoom(disputes: Disputes, { subject, kind }: Report): void {
  const { errors } = disputes;
  ensure(!wasFound(disputes, subject, kind.tag), errors.AlreadyFound);
  ensure(openAbout(disputes, subject).length < (subject.tag === 'Grant' ? 1 : MAX_OPEN), errors.TooManyOpen);
}

function wasFound({ store }: Disputes, subject: Subject, kind: Kind): boolean {
  if (subject.tag === 'Grant') return false;
  if (subject.tag !== 'Asset') return store.cases.get(subject).found;
  return store.holds.get(subject.value).found.some((finding) => finding.kind.tag === kind);
}

/**
 * How many times the bond a report costs: it doubles with each dispute that is open about the subject. Whoever wants to fill all places with empty reports pays
 * 255 bonds for it, and there is a place left for everyone else until then.
 */
function crowding(disputes: Disputes, subject: Subject): bigint {
  return 1n << BigInt(openAbout(disputes, subject).length);
}

/** Opens a dispute. It costs a fee for its record, and a bond that comes back unless the report is dismissed. */
export function openDispute(disputes: Disputes, reporter: Uint8Array, report: Report): bigint {
  const { ctx, store, events, errors } = disputes;
  const { subject, kind, digests, against } = report;
  const { who: respondent, asset, slash } = reportedOf(disputes, subject, kind.tag);
  ensure(!sameBytes(reporter, respondent), errors.OwnSubject);
  checkReport(disputes, reporter, report, asset);
  burn(ctx, reporter, parameter(ctx, 'DisputeFee'), 'keepAlive');
  const id = store.next.get();
  const lateFrom = ctx.block + Number(parameter(ctx, 'DisputeAnswer'));
  const until = lateFrom + Number(parameter(ctx, 'DisputeGrace'));
  store.next.put(id + 1n);
  store.disputes.put(id, {
    subject,
    kind,
    asset,
    against,
    reporter,
    respondent,
    reportedAt: ctx.block,
    phase: { tag: 'Answer', value: { lateFrom, until } },
    level: 0,
    ruling: undefined,
    bonds: [putUp(disputes, 'Reporter', reporter, { level: 0, times: crowding(disputes, subject), subject })],
    slash,
  });
  store.entries.put(id, [{ by: reporter, block: ctx.block, digests: [...digests] }]);
  store.tried.put(trialKey(report), id);
  store.reports.mutate(reporter, (open) => open + 1);
  const touched = against === undefined ? [] : holdersOf(ctx, against);
  bar(disputes, id, [reporter, respondent, ...holdersOf(ctx, asset), ...touched]);
  note(disputes, subject, id, respondent);
  events.Reported({ id, subject, kind, reporter, respondent, digests: [...digests] });
  return id;
}

/** The subject lists the dispute. */
function note(disputes: Disputes, subject: Subject, id: bigint, respondent: Uint8Array): void {
  const { store } = disputes;
  if (subject.tag === 'Grant') store.ofGrant.put(subject.value, id);
  else if (subject.tag !== 'Asset') openWord(disputes, subject, id, respondent);
  else {
    const { open, found } = store.holds.get(subject.value);
    applyHolds(disputes, subject.value, { open: [...open, id], found });
  }
}

/** The respondent contradicts: a panel of jurors is called for. */
export function answer(disputes: Disputes, who: Uint8Array, id: bigint, digests: readonly Uint8Array[]): void {
  const { ctx, errors, events } = disputes;
  const dispute = openOf(disputes, id);
  const { phase, respondent, bonds, subject } = dispute;
  ensure(phase.tag === 'Answer', errors.WrongPhase);
  ensure(sameBytes(who, respondent), errors.NotRespondent);
  ensure(ctx.block < phase.value.until, errors.TooLate);
  const times = ctx.block < phase.value.lateFrom ? 1n : 2n;
  // An author has its word to lose, and a silent one loses nothing by that: no bond buys a hearing.
  const put = subject.tag === 'Evaluation' ? [] : [putUp(disputes, 'Respondent', who, { level: 0, times, subject })];
  callPanel(disputes, id, { ...dispute, bonds: [...bonds, ...put] });
  if (digests.length > 0) addEntry(disputes, id, who, digests);
  events.Answered({ id, digests: [...digests] });
}

/** The first panel is called for. */
function callPanel(disputes: Disputes, id: bigint, dispute: Dispute): void {
  freezeParties(disputes, id, dispute);
  disputes.store.disputes.put(id, { ...dispute, phase: waiting(disputes) });
}

export function addEntry({ ctx, store }: Disputes, id: bigint, by: Uint8Array, digests: readonly Uint8Array[]): void {
  store.entries.put(id, [...store.entries.get(id), { by, block: ctx.block, digests: [...digests] }]);
}

/** Who holds the assets when a panel is called for is not drawn either. Later gifts change nothing: nobody bars a juror by giving it a part. */
export function freezeParties(disputes: Disputes, id: bigint, dispute: Dispute): void {
  const { asset, against } = dispute;
  bar(
    disputes,
    id,
    [asset, against].filter((each) => each !== undefined).flatMap((each) => holdersOf(disputes.ctx, each)),
  );
}

/** A dispute that is not over, or the call fails. */
export function openOf({ store, errors }: Disputes, id: bigint): Dispute {
  const dispute = store.disputes.get(id);
  ensure(dispute !== undefined && dispute.phase.tag !== 'Closed', errors.UnknownDispute);
  return dispute;
}

/**
 * Nobody answered: the report holds. Not so of an evaluation: nobody has to watch over what it once said, or who reports all that is said against it would only have to
 * wait. A panel judges it all the same.
 */
export function ruleSilence(disputes: Disputes, id: bigint): void {
  const { ctx, errors } = disputes;
  const dispute = openOf(disputes, id);
  const { phase } = dispute;
  ensure(phase.tag === 'Answer', errors.WrongPhase);
  ensure(ctx.block >= phase.value.until, errors.TooEarly);
  if (dispute.subject.tag === 'Evaluation') return callPanel(disputes, id, dispute);
  rule(disputes, id, dispute, { verdict: 'Upheld', basis: 'Silence' });
}

/** What the chain itself knows decides, as long as no panel has been drawn. */
export function ruleByFacts(disputes: Disputes, id: bigint): void {
  const { errors } = disputes;
  const dispute = openOf(disputes, id);
  ensure(dispute.ruling === undefined && dispute.phase.tag !== 'Vote', errors.WrongPhase);
  ensure(followsFromFacts(disputes, dispute), errors.NoRule);
  rule(disputes, id, dispute, { verdict: 'Upheld', basis: 'Rule' });
}

/** Puts a ruling, which may be appealed, and what it does to its subject. */
export function rule(
  disputes: Disputes,
  id: bigint,
  dispute: Dispute,
  { verdict, basis }: { verdict: Verdict; basis: Ruling['basis']['tag'] },
): void {
  const { ctx, store, events } = disputes;
  const ruling: Ruling = { verdict: { tag: verdict }, basis: { tag: basis }, level: dispute.level, block: ctx.block };
  const until = ctx.block + Number(parameter(ctx, 'DisputeAppeal'));
  store.disputes.put(id, { ...dispute, ruling, phase: { tag: 'Ruled', value: { until } } });
  const { subject, asset } = dispute;
  if (subject.tag === 'Asset') applyHolds(disputes, asset, store.holds.get(asset));
  else if (subject.tag !== 'Grant') applyWord(disputes, subject);
  events.Ruled({ id, ruling });
}
