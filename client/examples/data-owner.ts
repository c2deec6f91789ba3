/**
 * Be a data owner: register a file, tell what it is, sell licences to train on it, and collect what it has earned.
 *
 *     npx tacit run client/examples/data-owner.ts ws://127.0.0.1:9944 FILE
 *
 * Run it again with the same file whenever you like: it is known by its digests then, and what it has earned since is paid. The file stays on this machine. For
 * development networks only: it uses the key of //Bob.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { sha256 } from '@noble/hashes/sha2.js';
import type { KeyringPair } from '@polkadot/keyring/types';
import { sameBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { tac } from '../demo/report.ts';
import { type Chain, connect } from '../sdk/connect.ts';
import { digestsOf, registerData } from '../sdk/data.ts';
import { type Asset, calls, storage, type Terms } from '../sdk/generated/chain.ts';
import { devAccount } from '../sdk/keys.ts';
import { offerLicence } from '../sdk/licences.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { finalizedState } from '../sdk/round.ts';
import { openTerms, storeTerms } from '../sdk/terms.ts';
import { send } from '../sdk/transact.ts';
import { divide } from './divide.ts';
import { orExplain } from './explain.ts';
import { inWords } from './words.ts';

const TAC = 1_000_000n;
/** A tenth of what a model earns goes to whoever owns the data it was trained on. */
const TERMS: Terms = {
  ...openTerms(''),
  base: { tag: 'Custom', value: sha256(utf8('You may train models on this data.')) },
  tiers: 1 + 16,
  price: { tag: 'Once', value: { amount: 25n * TAC } },
  revenueShare: 1_000,
};

async function register(chain: Chain, owner: KeyringPair, file: string, content: Uint8Array): Promise<bigint> {
  const terms = await storeTerms(chain, owner, TERMS);
  const told = { title: basename(file).slice(0, 64), text: `${content.length} bytes`, metadataCid: '' };
  const disclosure = { ...told, croissant: undefined, statistics: undefined };
  const id = BigInt(await registerData(chain, owner, content, { disclosure, collective: true, terms }));
  const offer = await offerLicence(chain, owner, { tag: 'Data', value: id }, terms);
  console.log(
    `registered as $Data ${id}, disclosed as “${told.title}, ${told.text}”; curators may put it into portfolios`,
  );
  console.log(`offer ${offer}: a licence ${inWords(TERMS)}`);
  return id;
}

/** Has divided what models and portfolios have earned that an asset is in, so that its part of it reaches it. */
async function divideChildren(chain: Chain, by: KeyringPair, asset: Asset): Promise<void> {
  const links = await (await finalizedState(chain)).entries(storage.registry.children, asset);
  const children = new Map(links.map(([, child]) => [`$${child.asset.tag} ${child.asset.value}`, child.asset]));
  console.log(children.size === 0 ? 'nothing was made of it yet' : `made of it: ${[...children.keys()].join(', ')}`);
  for (const child of children.values()) await divide(chain, by, child);
}

await orExplain('data-owner.ts NODE-URL FILE', async (url: string, file: string) => {
  const content = new Uint8Array(readFileSync(file));
  const { sha256: digest, blake2b256 } = digestsOf(content); // both: whoever gets the file compares them
  console.log(`${file}: sha2-256 ${toHex(digest)}, blake2b-256 ${toHex(blake2b256)}`);
  await using chain = await connect(url, knownChain());
  const owner = devAccount('//Bob');
  const state = await finalizedState(chain);
  const known = await state.get(storage.registry.dataByDigest, { tag: 'Sha256', value: digest });
  const title =
    known === undefined ? undefined : await state.get(storage.ownership.titles, { tag: 'Data', value: known });
  if (title !== undefined && !sameBytes(title.owner, owner.publicKey))
    throw new Error(`these bytes are registered already, as $Data ${known}, by somebody else`);
  const id = known ?? (await register(chain, owner, file, content));
  const asset = { tag: 'Data' as const, value: id };
  if (known !== undefined) {
    console.log(`these bytes are $Data ${id}, which is yours`);
    await divideChildren(chain, owner, asset);
  }
  await divide(chain, owner, asset);
  const owed = await (await finalizedState(chain)).get(storage.royalty.owed, owner.publicKey);
  if (owed > 0n) await send(chain, calls.royalty.collect({ account: owner.publicKey }), owner, { until: 'finalized' });
  console.log(`collected: ${tac(owed)} TAC`);
});
