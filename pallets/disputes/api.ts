/** What clients ask about disputes. */
import { bool, enumeration, field, option, struct, u8, vec, type Of } from '../../primitives/scale/index.ts';
import { blockNumber, type Context } from '../support/index.ts';
import { jurorOf, unitPrice, unitsOf } from './jurors.ts';
import { state } from './state.ts';
import { openAbout } from './subjects.ts';
import { dispute, disputeId, entries, juror, panel, type Panel, record, type Subject } from './types.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';

/** The most entries of one answer. */
const PAGE = 64;

export const disputeInfo = struct('tacit_disputes::DisputeInfo', {
  dispute: field(option(dispute), 'Nothing if its papers were dropped.'),
  entries,
  panels: vec(panel),
  record: field(option(record), 'What stays of it for good; nothing while it is open.'),
});
type DisputeInfo = Of<typeof disputeInfo>;

/** What a juror has to do in a dispute. */
const duty = struct('tacit_disputes::Duty', {
  id: disputeId,
  level: field(u8, 'The level of its panel.'),
  task: enumeration('tacit_disputes::Task', {
    /** Commit to a vote before the block. */
    Commit: { before: blockNumber },
    /** Open its vote from one block on, before the other. */
    Reveal: { from: blockNumber, before: blockNumber },
    /** Wait: it has done what it has to, or it is too late. */
    Wait: null,
  }),
});
type Duty = Of<typeof duty>;

export const jurorInfo = struct('tacit_disputes::JurorInfo', {
  juror,
  units: field(u8, 'Whole units that its bond still covers.'),
  isBound: field(bool, 'Whether it sits in open disputes.'),
  duties: field(vec(duty), 'At most 64 of the disputes in which it sits.'),
});
type JurorInfo = Of<typeof jurorInfo>;

export function infoOf(ctx: Context, id: bigint): DisputeInfo | undefined {
  const { store } = state.use(ctx);
  const found = store.disputes.get(id);
  const kept = store.records.get(id);
  if (found === undefined && kept === undefined) return undefined;
  const levels = Array.from({ length: (found?.level ?? -1) + 1 }, (_, level) => store.panels.get(id, level));
  const panels = levels.filter((each): each is Panel => each !== undefined);
  return { dispute: found, entries: store.entries.get(id), panels, record: kept };
}

export function disputesAbout(ctx: Context, subject: Subject, from: number, limit: number): bigint[] {
  return openAbout(state.use(ctx), subject).slice(from, from + Math.min(limit, PAGE));
}

export function jurorInfoOf(ctx: Context, who: Uint8Array): JurorInfo | undefined {
  const disputes = state.use(ctx);
  const found = jurorOf(disputes, who);
  if (found === undefined) return undefined;
  const duties: Duty[] = [];
  for (const [[, id], level] of disputes.store.seats.entries(who)) {
    if (duties.length === PAGE) break;
    duties.push({ id, level, task: taskOf(ctx, id, level, who) });
  }
  return { juror: found, units: unitsOf(unitPrice(ctx), found), isBound: found.panels > 0, duties };
}

function taskOf(ctx: Context, id: bigint, level: number, who: Uint8Array): Duty['task'] {
  const { store } = state.use(ctx);
  const found = store.disputes.get(id);
  if (found?.phase.tag !== 'Vote' || found.level !== level) return { tag: 'Wait' };
  const { commitUntil, until } = found.phase.value;
  const seat = store.panels.get(id, level)?.seats.find((each) => sameBytes(each.juror, who));
  if (seat?.vote.tag === 'Awaited' && ctx.block < commitUntil) {
    return { tag: 'Commit', value: { before: commitUntil } };
  }
  if (seat?.vote.tag === 'Committed' && ctx.block < until) {
    return { tag: 'Reveal', value: { from: commitUntil, before: until } };
  }
  return { tag: 'Wait' };
}
