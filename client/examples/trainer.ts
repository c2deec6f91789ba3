/**
 * Be a trainer: see what a licence of data allows and costs, buy one, register the model that was trained by it, and sell its use.
 *
 *     npx tacit run client/examples/trainer.ts ws://127.0.0.1:9944 DATA
 *
 * DATA is the number of registered data (data-owner.ts prints it). For development networks only: it uses the key of //Ferdie.
 */
import { randomBytes } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import type { KeyringPair } from '@polkadot/keyring/types';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { type Chain, connect } from '../sdk/connect.ts';
import { type Asset, calls, type Terms, storage } from '../sdk/generated/chain.ts';
import { devAccount } from '../sdk/keys.ts';
import { buyLicence, checkDerivation, offerLicence, readAccess, readOffers } from '../sdk/licences.ts';
import { registerModel } from '../sdk/model.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { finalizedState } from '../sdk/round.ts';
import { openTerms, storeTerms } from '../sdk/terms.ts';
import { send } from '../sdk/transact.ts';
import { orExplain } from './explain.ts';
import { dueAtOnce, inWords, tiersInWords } from './words.ts';

const TAC = 1_000_000n;
const TRAIN = 16;
/** What users of the model buy: three uses for 6 TAC, as often as they like. */
const TERMS: Terms = {
  ...openTerms(''),
  base: { tag: 'Custom', value: sha256(utf8('You may run this model.')) },
  tiers: 1 + 2 + 4,
  price: { tag: 'Bundle', value: { uses: 3n, amount: 6n * TAC } },
  derivatives: { tag: 'No' },
  renewal: { tag: 'Manual' },
};
/** A real trainer names the digests of its files. */
const digest = (): Uint8Array => new Uint8Array(randomBytes(32));

async function shop(chain: Chain, asset: Asset): Promise<{ offer: bigint; terms: Terms }> {
  const state = await finalizedState(chain); // what is bought is read with proof
  if ((await state.get(storage.ownership.titles, asset)) === undefined)
    throw new Error(`there is no data ${asset.value}`);
  const offers = await readOffers(state, asset);
  for (const { offer, terms } of offers) console.log(`offer ${offer} of data ${asset.value}: ${inWords(terms)}`);
  const wanted = offers.find(({ terms }) => (terms.tiers & TRAIN) !== 0);
  if (wanted === undefined) throw new Error(`nobody offers a licence to train on data ${asset.value}`);
  return wanted;
}

/** The grant by which the trainer may train; bought unless there is one. */
async function licence(chain: Chain, trainer: KeyringPair, asset: Asset): Promise<bigint> {
  const held = await readAccess(await finalizedState(chain), asset, trainer.publicKey);
  const own = held.find(({ isHolder, tiers }) => isHolder && (tiers & TRAIN) !== 0);
  if (own !== undefined) return own.grant;
  const { offer, terms } = await shop(chain, asset);
  const grant = await buyLicence(chain, trainer, asset, offer, dueAtOnce(terms));
  const [entry] = await readAccess(await finalizedState(chain), asset, trainer.publicKey);
  console.log(`bought and opened as grant ${grant}: you may ${tiersInWords(entry?.tiers ?? 0)}`);
  return grant;
}

await orExplain('trainer.ts NODE-URL DATA', async (url: string, number: string) => {
  const asset: Asset = { tag: 'Data', value: BigInt(number) };
  await using chain = await connect(url, knownChain());
  const trainer = devAccount('//Ferdie');
  const terms = await storeTerms(chain, trainer, TERMS);
  const parent = { asset, relation: { tag: 'TrainedOn' as const }, grant: undefined };
  const ask = async () => {
    const [verdict] = await checkDerivation(chain, trainer.publicKey, terms, [parent]);
    const refusal = verdict?.clause === undefined ? undefined : `no (${verdict.clause}). ${verdict.cure}`;
    console.log(
      `may a model of yours come from it? ${refusal ?? `yes, for ${(verdict?.shareBps ?? 0) / 100} % of what it earns`}`,
    );
    // What it may cost at most, whatever its owner does until then.
    return { mostBps: verdict?.shareBps ?? 0, mostInAll: verdict?.ceiling };
  };
  await ask();
  const grant = await licence(chain, trainer, asset);
  const most = await ask();

  const release = { fingerprint: digest(), architecture: digest() };
  const model = await registerModel(chain, trainer, { ...release, terms, parents: [{ ...parent, grant, ...most }] });
  console.log(
    `$Model ${model} is registered, version 1.0.0, trained on data ${asset.value}: its lineage says so for good`,
  );
  const next = { fingerprint: digest(), architecture: release.architecture, tensors: undefined, card: undefined };
  const version = {
    model: BigInt(model),
    branch: 'main',
    semver: { major: 1, minor: 1, patch: 0, pre: '' },
    from: [0], // the version it continues
    release: { ...next, changelog: sha256(utf8('Trained for longer.')) },
    parents: [],
  };
  await send(chain, calls.registry.releaseVersion(version), trainer);
  console.log('version 1.1.0 is released');
  const offer = await offerLicence(chain, trainer, { tag: 'Model', value: BigInt(model) }, terms);
  console.log(`offer ${offer} of model ${model}: a licence ${inWords(TERMS)}`);
});
