/**
 * Indexers and servers that are too large for every commit, against a node of the development chain: `npm run nightly -- --only clients`. Their packages are
 * installed into a temporary folder, as the lock file here says; sidecar is given the polkadot.js of this project, for the one that it asks for is older than
 * the signed extension CheckMetadataHash. Every final block goes through Substrate's sidecar and through Subsquid's decoder.
 * Exit code 0 if all is understood; else 1, and what was not. `--brief` installs nothing: the node and the calls alone are tried.
 */
import { execFile, spawn } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connect } from '../../../client/sdk/connect.ts';
import { devAccount, walletOf } from '../../../client/sdk/keys.ts';
import { fund, pay, registerModel } from '../../../client/sdk/model.ts';
import { openTerms, storeTerms } from '../../../client/sdk/terms.ts';
import { calls } from '../../../client/sdk/generated/chain.ts';
import { send } from '../../../client/sdk/transact.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { startDevNode } from '../dev-node.ts';

const run = promisify(execFile);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const SIDECAR = 'node_modules/@substrate/api-sidecar/build/src/main.js';
/** Its answer for every chain that its sources do not name. */
const NO_FEES = 'Fee calculation not supported for this network';
/** `meta`, as a number. */
const METADATA_MAGIC = 0x6174656d;
const TAC = 1_000_000n;

/** What an indexer must find among calls and events, at the least. */
const EXPECTED = [
  'Timestamp.set',
  'System.ExtrinsicSuccess',
  'System.ExtrinsicFailed',
  'Utility.batch_all',
  'Balances.transfer_keep_alive',
  'Balances.Transfer',
  'Registry.register_model',
  'Royalty.fund',
];

interface Block {
  readonly height: number;
  readonly hash: string;
}

async function install(): Promise<string> {
  const folder = scratchFolder('nightly');
  for (const name of ['package.json', 'package-lock.json', 'subsquid.mjs'])
    copyFileSync(here(name), join(folder, name));
  const shell = process.platform === 'win32';
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, shell });
  return folder;
}

/** Some life on the chain: nested calls, a failure, a model and its pool. Gives the last final block. */
async function live(url: string): Promise<number> {
  const chain = readFileSync(here('../../../chain-spec/dev.json'), 'utf8');
  await using connection = await connect(url, { chain });
  const [alice, bob] = [devAccount('//Alice'), devAccount('//Bob')];
  const { publicKey } = walletOf(new Uint8Array(32).fill(7)).account;
  await pay(connection, alice, [publicKey, bob.publicKey], 10n * TAC);
  const name = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
  const model = await registerModel(connection, alice, {
    fingerprint: name(1),
    architecture: name(2),
    terms: await storeTerms(connection, alice, openTerms('Apache-2.0')),
  });
  await fund(connection, bob, model, 5n * TAC);
  const tooMuch = calls.balances.transferKeepAlive({ dest: { tag: 'Id', value: publicKey }, value: 10n ** 18n });
  await send(connection, tooMuch, bob).catch((error: unknown) => {
    if (!isTacitError(error, 'sdk/extrinsic-failed')) throw error;
  });
  const { blockHash } = await send(connection, calls.system.remark({ remark: name(3) }), bob, { until: 'finalized' });
  return (await connection.light.stateOf(blockHash)).block.number;
}

/** Decodes blocks 0 to `last`, and gives their names as an indexer has them. */
async function subsquid(folder: string, url: string, last: number): Promise<Block[]> {
  const { stdout } = await run(process.execPath, ['subsquid.mjs', url, `${last}`], {
    cwd: folder,
    maxBuffer: 1 << 26,
    timeout: 120_000,
  });
  const { blocks, names } = JSON.parse(stdout) as { blocks: Block[]; names: Record<string, number> };
  if (blocks.length !== last + 1) throw new Error(`${blocks.length} blocks of ${last + 1}`);
  const missing = EXPECTED.filter((name) => names[name] === undefined);
  if (missing.length > 0) throw new Error(`it found no ${missing.join(', ')}, but ${Object.keys(names).join(', ')}`);
  return blocks;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts the sidecar of `url`, gives `use` a way to ask it, and ends it. */
async function withSidecar(folder: string, url: string, use: (get: Get) => Promise<void>): Promise<void> {
  const port = await freePort();
  const env = { SAS_SUBSTRATE_URL: url, SAS_EXPRESS_PORT: `${port}`, SAS_EXPRESS_BIND_HOST: '127.0.0.1' };
  const server = spawn(process.execPath, [SIDECAR], { cwd: folder, env: { ...process.env, ...env } });
  let said = '';
  const listening = new Promise<void>((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr])
      stream.on('data', (text) => {
        said += text;
        if (said.includes('Listening on')) resolve();
      });
    server.once('exit', (code) => reject(new Error(`it has ended with ${code}:\n${said}`)));
  });
  try {
    await listening;
    await use(async <T>(path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}/${path}`);
      if (!answer.ok) throw new Error(`/${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as T;
    });
  } finally {
    server.removeAllListeners('exit');
    server.kill();
  }
}
type Get = <T>(path: string) => Promise<T>;

/** What of a block's answer is looked at. */
interface Served {
  readonly hash: string;
  readonly finalized: boolean;
  readonly extrinsics: readonly { readonly info: { readonly error?: string } }[];
}

/** Walks the blocks, an account and the metadata through the sidecar. */
async function walk(get: Get, blocks: readonly Block[]): Promise<void> {
  for (const { height, hash } of blocks) {
    const block = await get<Served>(`blocks/${height}`);
    if (block.hash !== hash || !block.finalized)
      throw new Error(`block ${height} is ${block.hash}, not the final ${hash}`);
    const odd = block.extrinsics.find(({ info }) => info.error !== undefined && !info.error.startsWith(NO_FEES));
    if (odd) throw new Error(`block ${height}: ${odd.info.error}`);
  }
  const alice = devAccount('//Alice').address;
  const { tokenSymbol, free } = await get<{ tokenSymbol: string; free: string }>(`accounts/${alice}/balance-info`);
  if (tokenSymbol !== 'TAC' || BigInt(free) === 0n) throw new Error(`balance-info: ${free} ${tokenSymbol}`);
  const { magicNumber } = await get<{ magicNumber: string }>('runtime/metadata');
  if (Number(magicNumber) !== METADATA_MAGIC) throw new Error('runtime/metadata: no metadata');
}

/** Does it, and says how it went. */
async function tried<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    const result = await work();
    console.log(`ok     ${name}`);
    return result;
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAILED ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Both against one node, from the packages in `folder`; without one only what they would be shown is made. */
async function all(folder: string | undefined): Promise<void> {
  const node = await startDevNode();
  try {
    const last = await tried('a model, its pool and a failing call become final', () => live(node.ws));
    if (folder === undefined || last === undefined) return;
    const blocks = await tried(`Subsquid decodes blocks 0 to ${last}`, () => subsquid(folder, node.ws, last));
    if (blocks)
      await tried('sidecar serves the same blocks, a balance, the metadata', () =>
        withSidecar(folder, node.ws, (get) => walk(get, blocks)),
      );
  } finally {
    await node.stop();
  }
}

if (process.argv.includes('--brief')) await all(undefined);
else {
  const folder = await tried('the packages of the lock file are installed', install);
  if (folder !== undefined) await all(folder);
}
process.exit();
