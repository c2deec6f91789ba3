/** The money of a dispute that ends: who loses what, and who gets it. It moves here, once. */
import { largestRemainder } from '../../primitives/money.ts';
import { repatriateReserved, slashReserved, unreserve } from '../balances/index.ts';
import { latin1 } from '../support/index.ts';
import { accountOf, loserOf } from './appeals.ts';
import { type Change, changeJurors } from './jurors.ts';
import type { Disputes } from './state.ts';
import type { Bond, Dispute, Outcome, Panel, Seat } from './types.ts';
import { lossOf } from './votes.ts';

/** A piece of money that somebody loses, and where it is reserved. */
interface Piece {
  readonly account: Uint8Array;
  readonly amount: bigint;
}
interface Winner {
  readonly account: Uint8Array;
  readonly weight: bigint;
}

/** The panels of a dispute, in their order. */
export function panelsOf({ store }: Disputes, id: bigint, { level }: Dispute): Panel[] {
  const levels = Array.from({ length: level + 1 }, (_, each) => store.panels.get(id, each));
  return levels.filter((each) => each !== undefined);
}

type Fate = 'right' | 'wrong' | 'silent' | 'denounced';

/** How a juror stands to the end. Of a panel without a majority nobody who voted was wrong. */
function fateOf({ vote }: Seat, isTied: boolean, outcome: Outcome): Fate {
  if (vote.tag === 'Denounced') return 'denounced';
  if (vote.tag !== 'Cast') return 'silent';
  return isTied || vote.value.tag === outcome ? 'right' : 'wrong';
}

/** Bonds of the winners and the spared go back; what is lost goes to the jurors who judged as it ended. */
export function settle(disputes: Disputes, id: bigint, dispute: Dispute, outcome: Outcome): void {
  const { ctx, events } = disputes;
  const loser = loserOf(dispute);
  const panels = panelsOf(disputes, id, dispute);
  const isJudged = panels.some(({ isTied }) => !isTied);
  const pieces: Piece[] = [];
  for (const bond of dispute.bonds) {
    const { account, amount, isSpared } = bond;
    const isLost = bond.side.tag === loser && !isSpared;
    const toJurors = isOfEvaluation(dispute) && isJudged ? payOf(bond) : isLost ? amount : 0n;
    const rest = amount - toJurors;
    if (toJurors > 0n) pieces.push({ account, amount: toJurors });
    // What jurors of an evaluation do not get is nobody's: they are not paid for a side, and who reports itself gets nothing back.
    if (isLost) slashReserved(ctx, account, rest);
    else unreserve(ctx, account, rest);
    if (isLost || toJurors > 0n) events.BondLost({ id, account, amount: isLost ? amount : toJurors });
  }
  const dismissed = dismissJurors(disputes, id, panels, outcome);
  if (dismissed.right.length > 0) {
    share(disputes, id, [...pieces, ...dismissed.pieces], dismissed.right);
    return;
  }
  // Nobody judged: the other side gets what its opponent put up; what jurors lose by silence must profit nobody who could have had them silent.
  for (const { account, amount } of dismissed.pieces) slashReserved(ctx, account, amount);
  if (loser === undefined) return;
  const winner = accountOf(dispute, loser === 'Reporter' ? 'Respondent' : 'Reporter');
  for (const { account, amount } of pieces) repatriateReserved(ctx, account, winner, amount);
}

const isOfEvaluation = ({ subject }: Dispute): boolean => subject.tag === 'Evaluation';
const payOf = ({ pay, isSpared }: Bond): bigint => (isSpared ? 0n : pay);

/** Lets the jurors go. What they lose stays reserved until it is shared out. */
function dismissJurors(disputes: Disputes, id: bigint, panels: readonly Panel[], outcome: Outcome) {
  const { store, events } = disputes;
  const bonds = new Map(store.pool.get().map(({ account, bond }) => [latin1(account), bond]));
  const pieces: Piece[] = [];
  const right: Winner[] = [];
  const changed: Change[] = [];
  for (const { seats, isTied, silent, wrong } of panels) {
    for (const seat of seats) {
      const fate = fateOf(seat, isTied, outcome);
      const account = seat.juror;
      store.seats.remove(account, id);
      if (fate === 'right') right.push({ account, weight: BigInt(seat.seats) });
      const isLoser = fate === 'silent' || fate === 'wrong';
      const ofSeat = fate === 'silent' ? silent : wrong;
      const lost = isLoser ? lossOf(bonds.get(latin1(account)) ?? 0n, seat.seats, ofSeat) : 0n;
      changed.push({ account, lost, panels: -1 });
      if (lost === 0n) continue;
      pieces.push({ account, amount: lost });
      events.JurorLost({ id, juror: account, amount: lost, isSilent: fate === 'silent' });
    }
  }
  if (changed.length > 0) changeJurors(disputes, changed);
  return { pieces, right };
}

/** Moves the pieces to the winners in proportion to their seats, to the last unit. */
function share({ ctx, events }: Disputes, id: bigint, pieces: readonly Piece[], winners: readonly Winner[]): void {
  const total = pieces.reduce((sum, { amount }) => sum + amount, 0n);
  const parts = largestRemainder(
    total,
    winners.map(({ weight }) => weight),
  );
  const sources = pieces.map(({ account, amount }) => ({ account, left: amount }));
  for (const [place, { account }] of winners.entries()) {
    const part = parts[place] ?? 0n;
    let missing = part;
    for (const source of sources) {
      const moved = source.left < missing ? source.left : missing;
      if (moved === 0n) continue;
      repatriateReserved(ctx, source.account, account, moved);
      source.left -= moved;
      missing -= moved;
    }
    if (part > 0n) events.JurorPaid({ id, juror: account, amount: part });
  }
}
