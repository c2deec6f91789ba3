/** Claims of notes of a settled round, as a wallet makes them. */
import { present } from '../../primitives/at.ts';
import { notes } from '../../pallets/notes/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import type { RuntimeCall } from '../../pallets/support/index.ts';
import { parseEnrolment, recoverEnrolment } from '../../primitives/proofs/enrolment.ts';
import { openNote } from '../../primitives/proofs/notes.ts';
import { account, contextOfRound, roundInfoOf, type TestChain, walletSeed } from './committee.ts';
import { type HeldNote, spend, type SpendWish } from './spend.ts';

/** What only the wallet of item `index`, which belongs to `name`, reads of its note. */
export function openedBy(test: TestChain, id: number, name: string, index: number): HeldNote {
  const { ctx } = test.chain;
  const info = roundInfoOf(ctx, id);
  const minted = royalty.use(ctx).store.rounds.get(id)?.notes;
  const [item, z] = [info.items[index], info.payout?.z[index]];
  if (minted === undefined || item === undefined || z === undefined) throw new Error('no such note');
  const number = minted.first + index;
  const chunk = notes.use(ctx).store.notes.get(minted.class, Math.floor(number / 64));
  const binding = { context: contextOfRound(test, info.round), account: account(name) };
  const enrolment = parseEnrolment(test.params, item.enrolment);
  const secrets = recoverEnrolment(test.params, binding, walletSeed(name), enrolment);
  const opening = openNote(present(chunk[number % 64], 'the note'), z, secrets.m, secrets.r, test.params.t);
  return { class: minted.class, number, secret: secrets.key, opening };
}

/** The claim of as much as can be claimed at once of the note of item `index`, which belongs to `name`, to a fresh account of theirs. */
export function claimOf(
  test: TestChain,
  id: number,
  name: string,
  index: number,
  wish: Partial<SpendWish> = {},
): RuntimeCall {
  const destination = account(`fresh ${name}`);
  return spend(test.chain.ctx, openedBy(test, id, name, index), { destination, ...wish }, test.random).call;
}
