/** What `tacit contribute` does. */
import { readFileSync } from 'node:fs';
import { TacitError } from '../../../primitives/errors.ts';
import { contribute, enrol } from '../../sdk/contribute.ts';
import { buildInThread } from '../../sdk/node/thread.ts';
import { quantise } from '../../sdk/quantise.ts';
import { finalizedState, itemOf, readRound } from '../../sdk/round.ts';
import { type OnChain, wholeNumber } from '../flags.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';

/** Bytes of the largest update file: 8192 values as 64-bit floats. */
const MAX_UPDATE_BYTES = 8 * 8192;

export async function contributeUpdate(flags: OnChain & { round: string; update: string }): Promise<void> {
  const round = wholeNumber('--round', flags.round);
  const values = readUpdate(flags.update);
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  const state = await finalizedState(chain);
  const { lanes } = await readRound(state, round);
  const normSq = lanes.find(({ lane }) => lane === 'update')?.normSq;
  if (normSq === undefined) throw new TacitError('cli/no-update-lane', `round ${round} takes no updates`);
  const parts = quantise(values, normSq);
  if ((await itemOf(state, round, wallet.account.publicKey)) === undefined) await enrol(chain, wallet, round);
  const { bytes, buildMs } = await contribute(chain, wallet, round, parts, { build: buildInThread });
  console.log(`${parts.length} parts, ${bytes} bytes, ${Math.round(buildMs)} ms to encrypt and prove`);
}

/** A model update: little-endian float64 values, nothing else. */
function readUpdate(path: string): Float64Array {
  let file: Uint8Array;
  try {
    file = readFileSync(path);
  } catch (error) {
    throw new TacitError('cli/no-update', `cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (file.length === 0 || file.length % 8 !== 0 || file.length > MAX_UPDATE_BYTES) {
    throw new TacitError(
      'cli/bad-update',
      `${path} must hold 1 to ${MAX_UPDATE_BYTES / 8} little-endian float64 values`,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Float64Array.from({ length: file.length / 8 }, (_, j) => view.getFloat64(8 * j, true));
}
