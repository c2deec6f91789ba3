/** Claims of notes of a settled round, as a wallet makes them. */
import { CLAIM_FEE, royalty } from '../../pallets/royalty/index.ts';
import type { RuntimeCall } from '../../pallets/support/index.ts';
import { at } from '../../primitives/at.ts';
import { parseEnrolment, recoverEnrolment } from '../../primitives/proofs/enrolment.ts';
import { decodeBin, openNote } from '../../primitives/proofs/notes.ts';
import { proveClaim } from '../../primitives/proofs/ring.ts';
import { account, contextOfRound, roundInfoOf, type TestChain, walletSeed } from './committee.ts';

/** What only the wallet of item `index`, which belongs to `name`, reads of its note. */
export function openedBy(test: TestChain, id: number, name: string, index: number) {
  const info = roundInfoOf(test.chain.ctx, id);
  const record = royalty.use(test.chain.ctx).store.bins.get(id, 0);
  const [item, z] = [info.items[index], info.payout?.z[index]];
  if (record === undefined || item === undefined || z === undefined) throw new Error('no such note');
  const bin = decodeBin(record.bin);
  const binding = { context: contextOfRound(test, info.round), account: account(name) };
  const enrolment = parseEnrolment(test.params, item.enrolment);
  const secrets = recoverEnrolment(test.params, binding, walletSeed(name), enrolment);
  const opening = openNote(at(bin.notes, index), z, secrets.m, secrets.r, test.params.t);
  return { bin, record, key: secrets.key, opening };
}

/** The claim of the note of item `index`, which belongs to `name`, to a fresh account of theirs. */
export function claimOf(test: TestChain, id: number, name: string, index: number): RuntimeCall {
  const { bin, record, key, opening } = openedBy(test, id, name, index);
  const destination = account(`fresh ${name}`);
  const terms = { amount: opening.amount, fee: CLAIM_FEE * record.grains, destination };
  const proof = proveClaim(bin, terms, { place: index, key, opening }, test.random);
  return royalty.call.claim({ round: id, bin: 0, amount: opening.amount, destination, proof });
}
