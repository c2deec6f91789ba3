/** What `tacit contribute` does. */
import { TacitError } from '../../../primitives/errors.ts';
import { contribute, enrol, type Evidence } from '../../sdk/contribute.ts';
import { buildInThread } from '../../sdk/node/build.ts';
import { openUpdate } from '../../sdk/node/update-file.ts';
import { finalizedState, paramsOf, readRound } from '../../sdk/round.ts';
import { partsOf } from '../../sdk/update.ts';
import { numberType, type OnChain, wholeNumber, wholeNumbers } from '../flags.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';
import { brokenOff, ensureFinishable, unfinished } from './unfinished.ts';

interface ContributeFlags extends OnChain {
  readonly round: string;
  readonly update: string;
  readonly type?: string;
  readonly data?: string;
  readonly claims?: string;
}

export async function contributeUpdate(flags: ContributeFlags): Promise<void> {
  const round = wholeNumber('--round', flags.round);
  const evidence = evidenceOf(flags);
  await using update = await openUpdate(flags.update, numberType(flags.type));
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  const state = await finalizedState(chain);
  const view = await readRound(state, round);
  const { rule } = view;
  if (rule.parts.length === 0) throw new TacitError('cli/no-update-lane', `round ${round} takes no updates`);
  // before the stake: a wrong length would be found only when the submission is built
  const parts = await partsOf(rule, update, { onProgress: told });
  const { publicKey } = wallet.account;
  const left = await unfinished(state, paramsOf(chain, view), view, publicKey);
  await ensureFinishable(state, view, publicKey, left);
  if (!left.isEnrolled) await enrol(chain, wallet, round, evidence);
  const sending = contribute(chain, wallet, round, parts, { build: buildInThread, onProgress: built });
  const { bytes, buildMs } = await sending.catch((error: unknown) => Promise.reject(brokenOff(error, parts.length)));
  const count = left.missing.length === 1 ? '1 part' : `${left.missing.length} parts`;
  console.log(`${count}, ${bytes} bytes, ${Math.round(buildMs)} ms to encrypt and prove`);
}

/** What is shown of oneself, if anything is. Throws `cli/bad-flag`. */
export function evidenceOf({ data, claims }: Pick<ContributeFlags, 'data' | 'claims'>): Evidence | undefined {
  if (data === undefined && claims === undefined) return undefined;
  return { data: wholeNumbers('--data', data), claims: wholeNumbers('--claims', claims) };
}

/** How far an update of many parts is encrypted, on a terminal. */
function built(done: number, all: number): void {
  if (!process.stderr.isTTY || all === 1) return;
  process.stderr.write(`\rencrypting and sending: ${done} of ${all} parts${done < all ? '' : '\n'}`);
}

/** How far a large model is read, on a terminal. */
function told(read: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const percent = Math.floor((100 * read) / all);
  process.stderr.write(`\rsketching ${all.toLocaleString('en')} coordinates: ${percent} %${read < all ? '' : '\n'}`);
}
