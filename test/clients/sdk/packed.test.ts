/** The packed SDK by itself: what it needs is declared, its types are those of the sources, and a program in Node works with it. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { build } from 'esbuild';
import { storage } from '../../../client/sdk/generated/chain.ts';
import { walletOf } from '../../../client/sdk/keys.ts';
import { LightClient } from '../../../client/sdk/light/index.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { entry, PaperChain, voters } from '../../client/support/paper-chain.ts';
import type { Found, Task } from './node-example.ts';
import { type PackedSdk, packedSdk, programOf } from './packed.ts';
import { exampleInput, judged } from './submission.ts';
import { ofText, toText } from './tagged.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const FREE = 123_456n;

/** A program that knows only the packed declarations. What must not compile would, if they said nothing. */
const TYPED = `
import { type Builder, type BuildOptions, connect, random, storage, walletOf } from '@tacit/client';
import { browserPorts, buildInWorkerAt } from '@tacit/client/browser';
import { LightClient, trustRootOf } from '@tacit/client/light';
import { nodePorts } from '@tacit/client/node';
export const address: string = walletOf(random(32)).account.address;
export const builders: Builder[] = [browserPorts.build, nodePorts.build, buildInWorkerAt('/worker.js')];
export const options: BuildOptions = { onProgress: (built: number, all: number) => void (built / all) };
export async function free(root: unknown): Promise<bigint> {
  const state = await new LightClient(async () => undefined, trustRootOf(root)).finalizedState();
  return (await state.get(storage.system.account, new Uint8Array(32))).data.free;
}
// @ts-expect-error a seed is bytes
walletOf(7);
// @ts-expect-error the addresses are text
void connect(7);
// @ts-expect-error an account is named by bytes
void (async (light: LightClient) => (await light.finalizedState()).get(storage.system.account, 7));
`;

/** Every Node that the SDK is for and that can be found here, each version once. */
function nodes(): string[] {
  const names = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const found = [process.execPath, ...names.filter((path) => existsSync(path)).map((path) => realpathSync(path))];
  const versions = new Map<string, string>();
  for (const path of new Set(found)) {
    const version = execFileSync(path, ['--version'], { encoding: 'utf8' }).trim();
    const [major, minor] = version.slice(1).split('.').map(Number) as [number, number];
    if (major > 20 || (major === 20 && minor >= 19)) versions.set(version, path);
  }
  return [...versions.values()];
}

/** A wallet's account on a chain on paper, and all that a node answers to who reads it. */
async function recorded(seed: Uint8Array): Promise<Pick<Task, 'root' | 'answers'>> {
  const { publicKey } = walletOf(seed).account;
  const data = { free: FREE, reserved: 0n, frozen: 0n, flags: 0n };
  const account = { nonce: 0, consumers: 0, providers: 1, sufficients: 0, data };
  const chain = new PaperChain([entry(storage.system.account, [publicKey], account)]).block().block();
  const answers: Record<string, unknown> = {};
  const light = new LightClient(async (method, params) => {
    const answer = await chain.ask(method, params);
    answers[JSON.stringify([method, params])] = answer;
    return answer;
  }, chain.root);
  await (await light.finalizedState()).get(storage.system.account, publicKey);
  const validators = voters('first').map((pair) => ({ keys: { grandpa: toHex(pair.publicKey) } }));
  return { root: { name: 'paper', chainType: 'Development', genesis: { session: { validators } } }, answers };
}

const readme = (): string => readFileSync(join(root, 'client/sdk/README.md'), 'utf8');

describe('clients: the packed SDK', function () {
  this.timeout(600_000);
  let packed: PackedSdk;
  before(async () => {
    packed = await packedSdk();
  });

  it('declares what it imports and nothing else; nothing of Node but in its own face for Node', () => {
    const imported = (pattern: string): string[] =>
      globSync(pattern, { cwd: packed.sdk }).flatMap((file) => {
        const text = readFileSync(join(packed.sdk, file), 'utf8');
        return [...text.matchAll(/(?:\bfrom |\bimport |import\()\s*(['"])([^'"\s]+)\1/g)].map(
          ([, , name]) => name as string,
        );
      });
    const packages = (names: readonly string[]): string[] => {
      const foreign = names.filter(
        (name) => !name.startsWith('.') && !name.startsWith('node:') && name !== '@tacit/client',
      );
      return [
        ...new Set(
          foreign.map((name) =>
            name
              .split('/')
              .slice(0, name.startsWith('@') ? 2 : 1)
              .join('/'),
          ),
        ),
      ].sort();
    };
    const scripts = imported('dist/**/*.js');
    expect(packages([...scripts, ...imported('dist/types/**/*.d.ts')])).to.deep.equal([...packed.dependencies].sort());
    const builtins = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
    const ofPages = [...imported('dist/*.js'), ...imported('dist/{shared,browser}/*.js')];
    expect(ofPages.filter((name) => builtins.has(name))).to.deep.equal([]);
    expect(scripts.filter((name) => builtins.has(name))).to.include('node:worker_threads');
    expect(imported('dist/browser/worker.js')).to.deep.equal([]);
  });

  it('names in its exports what is there, with source maps', () => {
    const { exports } = JSON.parse(readFileSync(join(packed.sdk, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
    };
    const named = Object.values(exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    expect(named.filter((path) => !existsSync(join(packed.sdk, path)))).to.deep.equal([]);
    const scripts = globSync('dist/**/*.js', { cwd: packed.sdk });
    expect(scripts.filter((path) => !existsSync(join(packed.sdk, `${path}.map`)))).to.deep.equal([]);
  });

  it('has the types of the sources, which the examples of its page keep to', async () => {
    const examples = [...readme().matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code]) => code as string);
    expect(examples).to.have.length(2);
    const files = [TYPED, ...examples].map((code, i) => {
      const file = join(packed.project, `typed-${i}.ts`);
      writeFileSync(file, code);
      return file;
    });
    writeFileSync(join(packed.project, 'package.json'), '{ "type": "module" }');
    symlinkSync(join(root, 'node_modules/@types'), join(packed.project, 'node_modules/@types'), 'junction');
    const compiler = join(root, 'node_modules/typescript-native/bin/tsc');
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
    const compiled = run(process.execPath, [compiler, ...flags, '--types', 'node', '--skipLibCheck', ...files], {
      cwd: packed.project,
    });
    await compiled.catch(({ stdout }: { stdout: string }) => expect.fail(stdout));
  });

  it('bundles for a page without a warning, as large as its page says', async () => {
    const bundled = async (name: string): Promise<Uint8Array> => {
      const { outputFiles, warnings } = await build({
        stdin: { contents: `export * from '${name}'`, resolveDir: packed.project },
        bundle: true,
        minify: true,
        format: 'esm',
        platform: 'browser',
        target: 'es2022',
        write: false,
        logLevel: 'silent',
      });
      expect(warnings).to.deep.equal([]);
      return (outputFiles[0] as { contents: Uint8Array }).contents;
    };
    const sizes = [...readme().matchAll(/^\| [^|]*`\S+` \| (\d+) \| (\d+) \|$/gm)].map(([, ...kB]) => kB.map(Number));
    const made = [
      await bundled('@tacit/client'),
      await bundled('@tacit/client/light'),
      readFileSync(join(packed.sdk, 'dist/browser/worker.js')),
    ];
    expect(sizes).to.have.length(made.length);
    made.forEach((bytes, i) => {
      const [plain, gzipped] = sizes[i] as [number, number];
      expect(bytes.length / 1000).to.be.closeTo(plain, plain / 20);
      expect(gzipSync(bytes).length / 1000).to.be.closeTo(gzipped, gzipped / 20);
    });
  });

  for (const node of nodes()) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    it(`works in Node ${version}: a wallet, a balance that is proved, a submission that the committee accepts`, async () => {
      const seed = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
      const { account } = walletOf(seed);
      const example = exampleInput(account.publicKey);
      const task: Task = { seed, ...(await recorded(seed)), input: example.input };
      const file = join(packed.project, 'task.json');
      const program = join(packed.project, 'example.js');
      writeFileSync(file, toText(task));
      writeFileSync(join(packed.project, 'package.json'), '{ "type": "module" }');
      await programOf('./node-example.ts', program, 'node');
      const { stdout } = await run(node, [program, file], { cwd: dirname(program), maxBuffer: 1 << 26 });
      const { sealed, ...found } = ofText(stdout) as Found;
      expect(found).to.deep.equal({
        address: account.address,
        isSame: true,
        free: FREE,
        block: 2,
        refuses: true,
        progress: [0, 1],
      });
      const { verdict, values } = judged(example, sealed);
      expect(verdict).to.deep.equal({ status: 'passed', failures: [], liars: [] });
      expect(values).to.deep.equal(example.values);
    });
  }
});
