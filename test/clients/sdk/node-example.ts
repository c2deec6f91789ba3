/** What a program in Node does with the packed SDK: a wallet, proved reads, a submission built in a thread. Its task comes by a file; it prints what it found. */
import { readFileSync } from 'node:fs';
import {
  type BuildInput,
  openWalletText,
  random,
  sealWallet,
  seedOfWords,
  storage,
  trustRootOf,
  walletOf,
  wordsOf,
} from '../../../client/sdk/index.ts';
import { isRefusal, LightClient } from '../../../client/sdk/light/index.ts';
import { buildInThread } from '../../../client/sdk/node/index.ts';
import { ofText, toText } from './tagged.ts';

/** What the test gives. */
export interface Task {
  readonly seed: Uint8Array;
  /** Where trust begins, and what a node answered, by method and parameters. */
  readonly root: unknown;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly input: BuildInput;
}

export interface Found {
  readonly address: string;
  readonly isSame: boolean;
  readonly free: bigint;
  readonly block: number;
  /** Whether a node that answers otherwise is refused. */
  readonly refuses: boolean;
  readonly progress: readonly number[];
  readonly sealed: Uint8Array;
}

const { seed, root, answers, input } = ofText(readFileSync(process.argv[2] as string, 'utf8')) as Task;
const wallet = walletOf(seed);
const again = openWalletText('example', sealWallet(seedOfWords(wordsOf(seed)), 'a phrase', random), 'a phrase');

/** What the node answered; of proofs, what `change` makes of them. */
const free = async (change: (proof: string[]) => string[]): Promise<{ free: bigint; block: number }> => {
  const request = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const answer = answers[JSON.stringify([method, params])];
    if (method !== 'state_getReadProof') return answer;
    return { ...(answer as object), proof: change((answer as { proof: string[] }).proof) };
  };
  const state = await new LightClient(request, trustRootOf(root), { patienceMs: 0 }).finalizedState();
  const { data } = await state.get(storage.system.account, wallet.account.publicKey);
  return { free: data.free, block: state.block.number };
};
const honest = await free((proof) => proof);
const lie = free((proof) => proof.map((node) => `${node.slice(0, -1)}${node.endsWith('0') ? '1' : '0'}`));
const refuses = await lie.then(() => false, isRefusal);

const progress: number[] = [];
const [sealed] = await buildInThread([input], { onProgress: (built) => progress.push(built) });
const found: Found = {
  address: wallet.account.address,
  isSame: walletOf(again).account.address === wallet.account.address,
  ...honest,
  refuses,
  progress,
  sealed: sealed as Uint8Array,
};
console.log(toText(found));
