/** What `tacit contribute` does. */
import { readFileSync } from 'node:fs';
import { TacitError } from '../../../primitives/errors.ts';
import { MAX_SUMMED_VALUES, MAX_UPDATE_PARTS } from '../../../primitives/round/limits.ts';
import { contribute, enrol, type Evidence } from '../../sdk/contribute.ts';
import { buildInThread } from '../../sdk/node/build.ts';
import { quantise } from '../../sdk/quantise.ts';
import { finalizedState, itemOf, readRound } from '../../sdk/round.ts';
import { type OnChain, wholeNumber, wholeNumbers } from '../flags.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';
import { parametersOf } from './round.ts';

/** Bytes of the largest update file: what all parts carry, spare coordinates included, as 64-bit floats. */
const MAX_UPDATE_BYTES = 8 * MAX_UPDATE_PARTS * MAX_SUMMED_VALUES;

interface ContributeFlags extends OnChain {
  readonly round: string;
  readonly update: string;
  readonly data?: string;
  readonly claims?: string;
}

export async function contributeUpdate(flags: ContributeFlags): Promise<void> {
  const round = wholeNumber('--round', flags.round);
  const evidence = evidenceOf(flags);
  const values = readUpdate(flags.update);
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  const state = await finalizedState(chain);
  const { lanes } = await readRound(state, round);
  const updates = lanes.filter(({ lane }) => lane === 'update');
  const normSq = updates[0]?.normSq;
  if (normSq === undefined) throw new TacitError('cli/no-update-lane', `round ${round} takes no updates`);
  // before the stake: a wrong length would be found only when the submission is built
  checkLength(flags.update, values.length, parametersOf(updates.map((lane) => lane.values)));
  const parts = quantise(values, normSq, updates.length);
  if ((await itemOf(state, round, wallet.account.publicKey)) === undefined) await enrol(chain, wallet, round, evidence);
  const { bytes, buildMs } = await contribute(chain, wallet, round, parts, { build: buildInThread });
  const count = parts.length === 1 ? '1 part' : `${parts.length} parts`;
  console.log(`${count}, ${bytes} bytes, ${Math.round(buildMs)} ms to encrypt and prove`);
}

/** What is shown of oneself, if anything is. Throws `cli/bad-flag`. */
export function evidenceOf({ data, claims }: Pick<ContributeFlags, 'data' | 'claims'>): Evidence | undefined {
  if (data === undefined && claims === undefined) return undefined;
  return { data: wholeNumbers('--data', data), claims: wholeNumbers('--claims', claims) };
}

function checkLength(path: string, found: number, wanted: number): void {
  if (found === wanted) return;
  const [has, takes] = [found, wanted].map((count) => count.toLocaleString('en'));
  throw new TacitError('cli/wrong-length', `${path} holds ${has} values; this round takes ${takes}`, { found, wanted });
}

/** A model update: little-endian float64 values, nothing else. */
export function readUpdate(path: string): Float64Array {
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new TacitError('cli/no-update', `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (file.length === 0 || file.length % 8 !== 0 || file.length > MAX_UPDATE_BYTES) {
    const most = (MAX_UPDATE_BYTES / 8).toLocaleString('en');
    const why = `${path} has ${file.length.toLocaleString('en')} bytes; an update is 1 to ${most} little-endian float64 values of 8 bytes`;
    throw new TacitError('cli/bad-update', why, { bytes: file.length });
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Float64Array.from({ length: file.length / 8 }, (_, j) => view.getFloat64(8 * j, true));
}
