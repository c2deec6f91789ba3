/** The SDK's face in a browser's terms: bundled as a page would, no builtin of Node in it, and it works where Node's globals are not. */
import { execFile } from 'node:child_process';
import { builtinModules } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** What a page loads of it at most, compressed: polkadot.js is most of that. */
const MAX_GZIPPED = 710_000;

/** Works as a page would, with what a page has. */
const PAGE = `
// what Node has of a page is itself made of Node: it is loaded first
void [WebSocket, Response, crypto.subtle];
for (const name of ['process', 'Buffer', 'global', 'setImmediate', 'clearImmediate']) delete globalThis[name];
const sdk = await import(BUNDLE);
const seed = sdk.random(32);
const wallet = sdk.walletOf(seed);
const text = sdk.sealWallet(seed, 'in a page');
const opened = sdk.openWalletText('page', text, 'in a page');
const again = sdk.seedOfWords(sdk.wordsOf(opened));
const key = sdk.storageKey(sdk.storage.tally.rounds, 7);
const refused = await sdk.connect('ws://127.0.0.1:1').catch((error) => error.code);
console.log(JSON.stringify([wallet.account.address === sdk.walletOf(again).account.address, key.length, refused]));
`;

describe('client/sdk: the face', function () {
  this.timeout(600_000);
  let folder: string;
  let bundle: string;
  let inputs: Metafile['inputs'];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-face-'));
    bundle = join(folder, 'sdk.mjs');
    const made = await build({
      entryPoints: [join(root, 'client/sdk/index.ts')],
      outfile: bundle,
      absWorkingDir: root,
      bundle: true,
      minify: true,
      format: 'esm',
      // builtins of Node are errors here
      platform: 'browser',
      target: 'es2024',
      metafile: true,
      logLevel: 'silent',
    });
    ({ inputs } = made.metafile);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('bundles for a browser without any builtin of Node, and within its budget', () => {
    const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    const imported = Object.values(inputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
    expect(imported.filter(({ path }) => builtins.has(path))).to.deep.equal([]);
    const own = Object.keys(inputs).filter((path) => path.startsWith('client/'));
    expect(own).to.include('client/sdk/light/index.ts');
    expect(own.filter((path) => path.startsWith('client/sdk/node/') || !path.startsWith('client/sdk/'))).to.deep.equal(
      [],
    );
    expect(gzipSync(readFileSync(bundle)).length).to.be.below(MAX_GZIPPED);
  });

  it('works where Node’s globals are not', async () => {
    const page = join(folder, 'page.mjs');
    writeFileSync(page, PAGE.replace('BUNDLE', JSON.stringify(bundle)));
    const { stdout } = await promisify(execFile)(process.execPath, [page]);
    expect(JSON.parse(stdout)).to.deep.equal([true, 44, 'light/no-trust-root']);
  });
});
