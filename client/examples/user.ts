/**
 * Be a user: find an offer of a model, buy a bundle of uses, use it up by vouchers, renew it, and say what the model is worth.
 *
 *     npx tacit run client/examples/user.ts ws://127.0.0.1:9944 MODEL
 *
 * MODEL is the number of a model whose uses are sold in bundles (trainer.ts prints one). You are //Grace; the gateway that serves you is //Heidi. For
 * development networks only.
 */
import type { KeyringPair } from '@polkadot/keyring/types';
import { type Chain, connect } from '../sdk/connect.ts';
import { type Asset, calls, storage, type Terms } from '../sdk/generated/chain.ts';
import { devAccount } from '../sdk/keys.ts';
import { buyLicence, readAccess, readOffers } from '../sdk/licences.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { finalizedState } from '../sdk/round.ts';
import { eventField, send } from '../sdk/transact.ts';
import { isVoucherOf, signVoucher, type Voucher } from '../sdk/voucher.ts';
import { orExplain } from './explain.ts';
import { dueAtOnce, inWords, tiersInWords } from './words.ts';

/** Blocks of two seconds for which the channel stays: longer than the chain's window for a last voucher. */
const CHANNEL_BLOCKS = 20_000;
/** CIDs of what was tried, and of what came out; a real user keeps both somewhere. */
const EXAMPLE = {
  input: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
  output: 'bafkreifjjcie6lypi6ny7amxnfftagclbuxndqonfipmb64f2km2devei4',
};

async function shop(chain: Chain, asset: Asset): Promise<{ offer: bigint; terms: Terms }> {
  const offers = await readOffers(await finalizedState(chain), asset);
  for (const { offer, terms } of offers) console.log(`offer ${offer} of model ${asset.value}: ${inWords(terms)}`);
  const bundle = offers.find(({ terms }) => terms.price.tag === 'Bundle');
  if (bundle === undefined) throw new Error(`nobody offers a bundle of uses of model ${asset.value}`);
  return bundle;
}

/** What the chain says that the user may do by the grant: what a gateway asks before it serves. */
async function usesLeft(chain: Chain, asset: Asset, user: KeyringPair, grant: bigint): Promise<bigint> {
  const entries = await readAccess(await finalizedState(chain), asset, user.publicKey);
  const entry = entries.find((each) => each.grant === grant);
  const left = entry?.usesLeft ?? 0n;
  console.log(left === 0n ? 'you have no uses left' : `you may ${tiersInWords(entry?.tiers ?? 0)}: ${left} uses left`);
  return left;
}

/** Uses the model `uses` times: with each the user signs a voucher, and the gateway settles the last one only. */
async function use(chain: Chain, user: KeyringPair, grant: bigint, uses: bigint): Promise<void> {
  const gateway = devAccount('//Heidi');
  const until = (await finalizedState(chain)).block.number + CHANNEL_BLOCKS;
  // the uses of a bundle are paid for: nothing has to be put in
  const opening = { grant, gateway: gateway.publicKey, signer: undefined, deposit: 0n, until };
  const opened = await send(chain, calls.vouchers.open(opening), user);
  const channel = BigInt(eventField(opened, 'vouchers', 'Opened', 'channel'));
  let last: Voucher | undefined;
  for (let count = 1n; count <= uses; count++) {
    last = signVoucher(user, { genesis: chain.genesis, channel, uses: count, amount: 0n });
    if (!isVoucherOf(user.publicKey, chain.genesis, last)) throw new Error('the gateway refuses the voucher');
    console.log(`use ${count}: you signed a voucher, the gateway checked it without asking anyone and served`);
  }
  if (last === undefined) return;
  await send(chain, calls.vouchers.settle(last), gateway);
  await send(chain, calls.vouchers.end({ channel }), gateway, { until: 'finalized' });
  console.log('the gateway settled the last voucher and ended the channel: one transaction for all uses');
}

await orExplain('user.ts NODE-URL MODEL', async (url: string, number: string) => {
  const asset: Asset = { tag: 'Model', value: BigInt(number) };
  await using chain = await connect(url, knownChain());
  const user = devAccount('//Grace');
  const { offer, terms } = await shop(chain, asset);
  const most = dueAtOnce(terms);
  const grant = await buyLicence(chain, user, asset, offer, most);
  console.log(`bought and opened as grant ${grant}`);
  await use(chain, user, grant, await usesLeft(chain, asset, user, grant));
  await usesLeft(chain, asset, user, grant);
  await send(chain, calls.licensing.renew({ grant, most }), user, { until: 'finalized' });
  console.log('renewed');
  await usesLeft(chain, asset, user, grant);

  const opinion = { model: asset.value, rating: 80, ...EXAMPLE };
  const told = await send(chain, calls.curation.evaluate(opinion), user, { until: 'finalized' });
  const evaluation = Number(eventField(told, 'curation', 'Evaluated', 'evaluation'));
  const kept = await (await finalizedState(chain)).get(storage.curation.evaluations, asset.value, evaluation);
  console.log(`evaluation ${evaluation} of model ${asset.value}: ${kept?.rating} of 100, with an example`);
  console.log(
    'it counts once it has stood for a while, and weighs what of your price came back to nobody (curation.count)',
  );
});
