/**
 * Register a file as a data owner, and let everyone train on it for a tenth of what that earns:
 *
 *     npx tacit run client/examples/register-data.ts ws://127.0.0.1:9944 FILE
 *
 * The file stays on this machine: its digests and its name go out. For development networks only: it uses the key of //Bob.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { toHex } from '../../primitives/crypto/hex.ts';
import { connect } from '../sdk/connect.ts';
import { digestsOf, registerData } from '../sdk/data.ts';
import { devAccount } from '../sdk/keys.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { openTerms, storeTerms } from '../sdk/terms.ts';
import { orExplain } from './explain.ts';

/** A tenth of what a model earns, to whoever owns the data it was trained on. */
const SHARE = 1_000;

await orExplain('register-data.ts NODE-URL FILE', async (url: string, file: string) => {
  const content = new Uint8Array(readFileSync(file));
  const { sha256, blake2b256 } = digestsOf(content);
  await using chain = await connect(url, knownChain());
  const owner = devAccount('//Bob');
  const terms = await storeTerms(chain, owner, { ...openTerms('CC-BY-4.0'), revenueShare: SHARE });
  const disclosure = {
    title: basename(file).slice(0, 64),
    text: `${content.length} bytes`,
    metadataCid: '',
    croissant: undefined,
    statistics: undefined,
  };
  const id = await registerData(chain, owner, content, { disclosure, terms });
  console.log(`$Data ${id}: sha2-256 ${toHex(sha256)}, blake2b-256 ${toHex(blake2b256)}`);
  console.log('whoever trains a model on it names it as a parent, and its owner gets a tenth of what that model earns');
});
