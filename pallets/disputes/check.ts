/** What must always hold of disputes; it walks the state: for tests and the audit. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { standingEvaluation } from '../curation/index.ts';
import { assetName, standingOf } from '../ownership/index.ts';
import { claimOf, openDisputesOf } from '../registry/index.ts';
import type { Disputes } from './state.ts';
import { seatsAt } from './draw.ts';
import { type Dispute, MAX_JURORS } from './types.ts';

function broken(what: string): never {
  throw new TacitError('disputes/broken-state', what);
}

/** Throws unless counts are right, panels are whole and without parties, and assets are left as disputes say. */
export function checkState(disputes: Disputes): undefined {
  const open = [...disputes.store.disputes.entries()]
    .map(([[id], dispute]) => ({ id, dispute }))
    .filter(({ dispute }) => dispute.phase.tag !== 'Closed');
  checkReports(disputes, open);
  checkJurors(disputes, open);
  checkHolds(disputes, open);
  checkWords(disputes, open);
  for (const { id, dispute } of open) checkPanels(disputes, id, dispute);
  for (const [[id], { phase, bonds }] of disputes.store.disputes.entries()) {
    const isClosed = phase.tag === 'Closed';
    if (isClosed !== disputes.store.records.has(id))
      broken(`dispute ${id} is closed without a record, or open with one`);
    if (isClosed && bonds.length > 0) broken(`dispute ${id} is over and holds money`);
  }
}

type Open = readonly { readonly id: bigint; readonly dispute: Dispute }[];

function checkReports({ store }: Disputes, open: Open): void {
  for (const { dispute } of open) {
    const count = open.filter((each) => sameBytes(each.dispute.reporter, dispute.reporter)).length;
    if (store.reports.get(dispute.reporter) !== count) broken(`reports of ${toHex(dispute.reporter)} are miscounted`);
  }
  const counted = [...store.reports.entries()].reduce((sum, [, count]) => sum + count, 0);
  if (counted !== open.length) broken('reports are counted that are over');
}

function checkJurors({ store }: Disputes, open: Open): void {
  const pool = store.pool.get();
  const names = new Set(pool.map(({ account }) => toHex(account)));
  if (names.size !== pool.length) broken('a juror is in the pool twice');
  if (pool.filter(({ leaving }) => leaving === undefined).length > MAX_JURORS) broken('the pool is too large');
  const seated = [...store.seats.entries()];
  for (const { account, panels } of pool) {
    const count = seated.filter(([[juror]]) => sameBytes(juror, account)).length;
    if (count !== panels) broken(`panels of ${toHex(account)} are miscounted`);
  }
  for (const [[juror, id], level] of seated) {
    if (!names.has(toHex(juror))) broken('a juror sits and has no bond');
    const isThere = store.panels.get(id, level)?.seats.some((seat) => sameBytes(seat.juror, juror)) ?? false;
    if (!isThere || !open.some((each) => each.id === id)) broken('a seat that is in no panel');
  }
}

function checkPanels({ store }: Disputes, id: bigint, { level, bonds }: Dispute): void {
  const parties = store.parties.get(id);
  const seen = new Set<string>();
  for (let each = 0; each <= level; each++) {
    const panel = store.panels.get(id, each);
    if (panel === undefined) continue;
    if (panel.seats.reduce((sum, { seats }) => sum + seats, 0) !== seatsAt(each))
      broken(`a panel of ${id} is not whole`);
    for (const { juror } of panel.seats) {
      if (parties.some((party) => sameBytes(party, juror))) broken(`a party judges dispute ${id}`);
      if (seen.has(toHex(juror))) broken(`a juror judges dispute ${id} twice`);
      seen.add(toHex(juror));
    }
  }
  if (bonds.some((bond) => bond.level > level)) broken(`dispute ${id} holds a bond of a panel to come`);
}

/** What was said is kept out while a ruling against it stands, and only then; bonds of attesters stay while disputes are open. */
function checkWords({ ctx, store }: Disputes, open: Open): void {
  const bound = new Map<string, number>();
  for (const [[word], { open: ids, found }] of store.cases.entries()) {
    if (word.tag !== 'Evaluation' && word.tag !== 'Claim') broken('assets and grants are listed elsewhere');
    const name = `${word.tag} ${JSON.stringify(word.value, (_, part: unknown) => `${part}`)}`;
    const about = open.filter(({ id }) => ids.includes(id)).map(({ dispute }) => dispute);
    const isAgainst = found || about.some(({ ruling }) => ruling?.verdict.tag === 'Upheld');
    if (word.tag === 'Evaluation') {
      const said = standingEvaluation(ctx, word.value.model, word.value.evaluation);
      if (said !== undefined && (found || said.suspended !== isAgainst)) broken(`${name} is not as ruled`);
      continue;
    }
    if ((claimOf(ctx, word.value)?.struck !== undefined) !== isAgainst) broken(`${name} is not as ruled`);
    for (const { respondent } of about) bound.set(toHex(respondent), (bound.get(toHex(respondent)) ?? 0) + 1);
  }
  for (const { dispute } of open) {
    if (dispute.subject.tag !== 'Claim') continue;
    const count = bound.get(toHex(dispute.respondent));
    if (openDisputesOf(ctx, dispute.respondent) !== count) broken(`${toHex(dispute.respondent)} is bound otherwise`);
  }
}

function checkHolds({ ctx, store }: Disputes, open: Open): void {
  const listed = [...store.cases.entries()].flatMap(([, { open: ids }]) => [...ids]);
  for (const [[asset], holds] of store.holds.entries()) {
    listed.push(...holds.open);
    const { tags, frozenUntil, revoked } = standingOf(ctx, asset);
    const has = (tag: string): boolean => tags.some((each) => each.tag === tag);
    const name = assetName(asset);
    if (holds.open.length > 0 && !has('Disputed')) broken(`${name} is disputed and does not say so`);
    if (holds.tags.some(({ tag }) => !has(tag))) broken(`${name} lacks a word that disputes put on it`);
    if (holds.freeze !== undefined && frozenUntil === undefined) broken(`${name} should be frozen`);
    if (holds.revoked && !revoked) broken(`${name} should be revoked`);
  }
  for (const [[grant], id] of store.ofGrant.entries()) {
    const { subject } = open.find((each) => each.id === id)?.dispute ?? {};
    if (subject?.tag !== 'Grant' || subject.value !== grant) broken(`grant ${grant} lists a dispute that is not of it`);
    listed.push(id);
  }
  const ids = open.map(({ id }) => id);
  if (listed.length !== ids.length || listed.some((id) => !ids.includes(id)))
    broken('other disputes are listed than are open');
}
