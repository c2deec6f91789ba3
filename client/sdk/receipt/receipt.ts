/**
 * Receipts: "my input was counted, my share is right, and nothing else was revealed", checked without a node by whoever has the file and the chain's specification
 * (specification §15).
 *
 * ```ts
 * const text = await makeReceipt(chain, wallet, 7); // nothing in it that is not public
 * const checked = await checkReceipt(text, chainJson, { wallet, update }); // offline: amount, score, and where the score comes from
 * ```
 */
import { fromHex } from '../../../primitives/crypto/hex.ts';
import type { Chain } from '../connect.ts';
import type { Wallet } from '../keys.ts';
import { LightClient, replaying, type State, type Recording, type TrustRoot, trustRootOf } from '../light/index.ts';
import { itemOfAccount, type PaidItem, readFacts, type RoundFacts, unlike } from './facts.ts';
import { decodeReceipt, encodeReceipt } from './file.ts';
import { partsOf, updateOf, type UpdateSource } from '../update.ts';
import { type Earned, maskOf, openItem, type Share, shareOf } from './share.ts';

/** What a receipt proves. */
export interface Checked {
  /** The final block whose state it was read from. */
  readonly block: State['block'];
  readonly facts: RoundFacts;
  /** The item that it is about. */
  readonly own: PaidItem;
  /** What the item was paid; undefined where neither receipt nor wallet opens its mask. */
  readonly earned: Earned | undefined;
  /** Where the score comes from; undefined without the update, and of a round that paid nothing. */
  readonly share: Share | undefined;
}

/** What only the owner has at hand. */
export interface OwnersPapers {
  readonly wallet?: Wallet | undefined;
  /** The update: as it was trained, or as it was submitted, part after part. */
  readonly update?: Float64Array | UpdateSource | readonly Int8Array[] | undefined;
}

/**
 * A receipt of the wallet's item in a settled round. The node sees which round is asked for, and nothing of whose item.
 * @param open whether it holds the opening of the item's mask: then whoever has the file reads, and can show, what was earned. Without it everything in it is public
 * @throws what {@link readFacts} throws; `receipt/no-item`, `receipt/not-mine`, `receipt/wrong-mask`, `receipt/too-large`
 */
export async function makeReceipt(
  chain: Pick<Chain, 'light'>,
  wallet: Wallet,
  round: number,
  { open = false }: { readonly open?: boolean } = {},
): Promise<string> {
  const { light, recording } = chain.light.recorded();
  const facts = await readRounds(light, [round]);
  const [found] = facts.rounds as [RoundFacts];
  const account = wallet.account.publicKey;
  const own = itemOfAccount(found, account);
  // a receipt that does not open is none
  const { mask, blinding } = maskOf(found, own, wallet);
  openItem(found, own, { mask, blinding });
  return encodeReceipt({ round, account, mask: open ? { mask, blinding } : undefined, proved: recording() });
}

/** Facts of several rounds out of the newest final state that a light client proves. */
export async function readRounds(
  light: LightClient,
  rounds: readonly number[],
): Promise<{ state: State; rounds: RoundFacts[] }> {
  const genesis = fromHex(await light.genesis());
  const state = await light.finalizedState();
  const found: RoundFacts[] = [];
  for (const round of rounds) found.push(await readFacts(light, genesis, state, round));
  return { state, rounds: found };
}

/** A light client over what a file holds: as old as it is, and there is nobody to wait for. */
export function offline(proved: Recording, root: TrustRoot): LightClient {
  return new LightClient(replaying(proved), root, { maxAgeMs: Number.POSITIVE_INFINITY, patienceMs: 0 });
}

/**
 * Checks a receipt without a node.
 * @param chain the chain's specification, or a checkpoint that is not younger than the receipt
 * @throws `receipt/bad-file`, `light/...` if it does not prove what it holds, what {@link readFacts}, `openItem` and `shareOf` throw, `receipt/no-mask` for an
 * update without a mask to read the score by
 */
export async function checkReceipt(
  text: string,
  chain: unknown,
  { wallet, update }: OwnersPapers = {},
): Promise<Checked> {
  const { round, account, mask, proved } = decodeReceipt(text);
  const { state, rounds } = await readRounds(offline(proved, trustRootOf(chain)), [round]);
  const [facts] = rounds as [RoundFacts];
  const own = itemOfAccount(facts, account);
  const known = wallet === undefined ? mask : maskOf(facts, own, wallet);
  const earned = known && openItem(facts, own, known);
  if (update !== undefined && earned === undefined)
    throw unlike('no-mask', 'the receipt does not open its payout: the wallet is needed too');
  const score = earned?.score;
  const share =
    update === undefined || score === undefined
      ? undefined
      : shareOf(facts, own, score, await submittedParts(facts, update));
  return { block: state.block, facts, own, earned, share };
}

/** @throws what `partsOf` throws for what is no update of the round */
async function submittedParts(
  { view }: RoundFacts,
  update: NonNullable<OwnersPapers['update']>,
): Promise<readonly Int8Array[]> {
  if (update instanceof Float64Array) return partsOf(view.rule, updateOf(update));
  return 'chunks' in update ? partsOf(view.rule, update) : update;
}
