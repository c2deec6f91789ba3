/** What the escrow holds, and what must hold of classes, bins and claims. */
import { type Held, mustHold } from '../support/index.ts';
import { ESCROW, type Notes } from './state.ts';
import { BIN_NOTES, CHUNK_CLAIMS, CHUNK_NOTES, type ClaimRecord, type NoteClass } from './types.ts';

export const held = {
  /** What rounds have brought in and claims have not paid, of every class. */
  *owes({ store }: Notes): Generator<Held> {
    for (const { brought, paid } of store.classes.get()) yield [ESCROW, brought - paid];
  },
  /** Bins cover the list of their class without a gap; every claim has left one tag, and what all of a class have taken is what it has paid. */
  tryState(notes: Notes): undefined {
    const { store } = notes;
    const claims = listOfClaims(notes);
    const tags = new Set(claims.map(({ tag }) => tag.join()));
    for (const [[tag]] of store.tags.entries())
      mustHold(tags.delete(tag.join()), 'notes/broken-tags', 'a tag is spent by no claim');
    mustHold(tags.size === 0, 'notes/broken-tags', 'a claim has no tag');
    store.classes.get().forEach((known, id) => {
      checkList(notes, known, id);
      checkPaid(known, id, claims);
    });
  },
};

/** All claims; the list has no gap, and no tag twice. */
function listOfClaims({ store }: Notes): ClaimRecord[] {
  const count = store.claimCount.get();
  const chunks = Array.from({ length: Math.ceil(count / CHUNK_CLAIMS) }, (_, chunk) => store.claims.get(chunk));
  const claims = chunks.flat();
  const isWhole = claims.length === count && new Set(claims.map(({ tag }) => tag.join())).size === count;
  mustHold(isWhole, 'notes/broken-claims', `the list of ${count} claims has a gap, or a tag twice`);
  return claims;
}

function checkPaid({ brought, paid }: NoteClass, id: number, claims: readonly ClaimRecord[]): void {
  const taken = claims.reduce((sum, { class: of, amount }) => sum + (of === id ? amount : 0n), 0n);
  mustHold(taken === paid, 'notes/broken-claims', `claims of class ${id} have taken ${taken}, not ${paid}`);
  mustHold(paid <= brought, 'notes/broken-money', `class ${id} has paid ${paid} of ${brought}`);
}

function checkList({ store }: Notes, { notes, bins, open }: NoteClass, id: number): void {
  const broken = 'notes/broken-list';
  let listed = 0;
  for (let chunk = 0; chunk * CHUNK_NOTES < notes; chunk++) listed += store.notes.get(id, chunk).length;
  mustHold(listed === notes, broken, `class ${id} has ${notes} notes, ${listed} are listed`);
  const closed = Array.from({ length: bins }, (_, index) => store.bins.get(id, index));
  const full = store.full.get().filter((one) => one.class === id);
  const all = [...closed, ...full.map(({ bin, count }) => ({ first: bin.first, count }))];
  let next = 0;
  for (const bin of all) {
    mustHold(
      bin !== undefined && bin.first === next && bin.count > 0,
      broken,
      `a gap before note ${next} of class ${id}`,
    );
    next += bin.count;
  }
  const waiting = notes - next;
  mustHold(
    open.first === next && waiting >= 0 && waiting < BIN_NOTES,
    broken,
    `the open bin of class ${id} begins elsewhere`,
  );
}
