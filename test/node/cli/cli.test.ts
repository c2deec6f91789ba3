import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { buildLocalSpec } from '../../../chain-spec/index.ts';
import { TacitCommand } from '../../support/command.ts';
import { startDevNode } from '../../clients/dev-node.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/tacit.mjs', import.meta.url));

interface Ending {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ending> {
  const child = spawn(process.execPath, [LAUNCHER, ...args], { env: { ...process.env, ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty';
const PORTS = ['--rpc-port', '0', '--p2p-port', '0'];
const quiet = (data: string): string[] => ['node', '--data', data, ...PORTS, '--p2p-host', '127.0.0.1'];

/** A node that runs until it is ended; `says` waits for a text on its standard error. */
function startNodeProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const command = new TacitCommand([...args], env);
  return {
    says: (text: string) => command.warns(text),
    end: () => command.end('SIGTERM'),
    /** Of the node itself, which the launcher has started. */
    pid: () => Number(/"pid":(\d+)/.exec(command.errors)?.[1]),
  };
}

const startValidator = (file: string, data: string, env: NodeJS.ProcessEnv) =>
  startNodeProcess([...quiet(data), '--validator', file], env);

describe('node/cli', function () {
  this.timeout(600_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'tacit-cli-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it('tells each mistake in its flags and exits with 2', async () => {
    const cases: [string[], RegExp][] = [
      [['node', '--rpc-port', '70000'], /port.*0 to 65535/],
      [['node', '--p2p-port', 'x'], /port.*0 to 65535/],
      [['node', '--log', 'loud'], /one of trace/],
      [['node', '--bootnode', 'example.org:30333'], /multiaddress/],
      [['node', '--bootnode', '/ip4/127.0.0.1/tcp/1'], /p2p/],
      [['node', '--rpc-origins', 'example.org'], /origin/],
      [['node', '--unknown'], /unknown option/],
      [['fly'], /no command 'fly'/],
      [[], /needs a command/],
    ];
    const endings = await Promise.all(cases.map(([args]) => run(args)));
    for (const [i, { code, err }] of endings.entries()) {
      const [args, text] = cases[i]!;
      expect(err, args.join(' ')).to.match(text);
      expect(code, args.join(' ')).to.equal(2);
    }
  });

  it('tells what is wrong with what its flags name and exits with 1', async () => {
    const bad = join(directory, 'bad.json');
    writeFileSync(bad, '{"name": 5}');
    const data = ['--data', join(directory, 'data')];
    const cases: [string[], RegExp][] = [
      [['node', ...data, '--chain', 'nowhere'], /cli\/no-chain/],
      [['node', ...data, '--chain', bad], /chain-spec\/invalid/],
      [['node', ...data, '--dev-key', 'Alice'], /keys\/bad-dev-key/],
      [['node', ...data, '--validator', join(directory, 'none')], /keys\/no-passphrase/],
      [['node', '--data', join(bad, 'below')], /cli\/no-data/],
      [['keys', 'new', join(directory, 'k.json')], /keys\/no-passphrase/],
    ];
    const endings = await Promise.all(cases.map(([args]) => run(args, { TACIT_PASSPHRASE: '' })));
    for (const [i, { code, err }] of endings.entries()) {
      const [args, text] = cases[i]!;
      expect(err, args.join(' ')).to.match(text);
      expect(err, 'no stack').to.not.include('    at ');
      expect(code, args.join(' ')).to.equal(1);
    }
  });

  it('makes and shows keys', async () => {
    const file = join(directory, 'validator.json');
    const env = { TACIT_PASSPHRASE: 'open sesame' };
    const made = await run(['keys', 'new', file], env);
    expect(made.code, made.err).to.equal(0);
    expect(JSON.parse((await run(['keys', 'show', file], env)).out)).to.deep.equal(JSON.parse(made.out));
    expect((await run(['keys', 'show', file], { TACIT_PASSPHRASE: 'wrong' })).err).to.match(/keys\/wrong-passphrase/);
  });

  it('helps', async () => {
    const help = await run(['--help']);
    expect([help.code, help.out.includes('usage: tacit')]).to.deep.equal([0, true]);
    const node = await run(['node', '--help']);
    expect([node.code, node.out.includes('--rpc-port')]).to.deep.equal([0, true]);
  });

  it('says when a port or a data folder is taken, and by whom', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as { port: number };
    const flags = ['node', '--p2p-port', '0', '--p2p-host', '127.0.0.1', '--data', join(directory, 'taken')];
    const ended = await run([...flags, '--rpc-port', String(port)]);
    expect([ended.code, ended.err.includes('rpc/port-in-use')]).to.deep.equal([1, true]);
    expect(ended.err).to.include('--rpc-port');
    const network = await run(['local', '--base-port', String(port), '--data', join(directory, 'network')]);
    expect([network.code, network.err.includes('local/port-in-use')], network.err).to.deep.equal([1, true]);
    expect(network.out, 'nothing of it runs: another network does').not.to.include('stopping');
    blocker.close();
    const node = await startDevNode([]);
    const second = await run(['node', '--p2p-port', '0', '--rpc-port', '0', '--data', node.directory]);
    expect(second.code).to.equal(1);
    expect(second.err).to.include('cli/data-in-use').and.include(`process ${node.process.pid} `);
    await node.stop();
  });

  it('lets no second node have the keys of a key file, wherever its data are', async () => {
    const file = join(directory, 'once.json');
    const env = { TACIT_PASSPHRASE: 'open sesame' };
    expect((await run(['keys', 'new', file], env)).code).to.equal(0);
    const first = startValidator(file, join(directory, 'first'), env);
    try {
      await first.says('node/key-not-in-set');
      const copy = join(directory, 'copy.json');
      copyFileSync(file, copy);
      const second = await run([...quiet(join(directory, 'second')), '--validator', copy], env);
      expect(second.err).to.include('cli/key-in-use').and.include(`process ${first.pid()}, on `).and.include('first');
      expect(second.code).to.equal(1);
    } finally {
      await first.end();
    }
    // the keys are free again, and the folder of the refused node was not begun
    expect(existsSync(join(directory, 'second', 'tacit-dev', 'chain'))).to.equal(false);
  });

  it('does not replace the specification of a folder whose chain refuses the new one', async () => {
    const mine = join(directory, 'mine.json');
    const other = join(directory, 'other.json');
    const spec = buildLocalSpec({ validators: 1, id: 'one-folder' });
    writeFileSync(mine, JSON.stringify(spec));
    writeFileSync(
      other,
      JSON.stringify(buildLocalSpec({ validators: 1, id: 'one-folder', balances: { [BOB]: 10n ** 9n } })),
    );
    const data = join(directory, 'spec');
    const first = startNodeProcess([...quiet(data), '--chain', mine]);
    await first.says('"node up"');
    await first.end();
    const kept = join(data, 'one-folder', 'chain.json');
    expect(JSON.parse(readFileSync(kept, 'utf8'))).to.deep.equal(spec);
    const refused = await run([...quiet(data), '--chain', other]);
    expect([refused.code, refused.err.includes('    at ')], refused.err).to.deep.equal([1, false]);
    expect(JSON.parse(readFileSync(kept, 'utf8'))).to.deep.equal(spec);
  });

  it('takes IPv6 addresses for other nodes, and says of a host name that it is none', async () => {
    const named = await run(['node', '--p2p-host', 'localhost', '--data', join(directory, 'named')]);
    expect(named.code).to.equal(1);
    expect(named.err).to.include("'localhost' is neither an IP").and.not.include('    at ');
    const node = startNodeProcess(['node', '--data', join(directory, 'six'), ...PORTS, '--p2p-host', '::1']);
    await node.says('/ip6/::1/tcp/');
    await node.end();
  });

  it('ends when its parent goes, and continues the chain when it is started again', async () => {
    const node = await startDevNode([]);
    const height = async (ws: string): Promise<number> => {
      const reply = await fetch(ws, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ id: 1, method: 'chain_getHeader', params: [] }),
      });
      return Number(((await reply.json()) as { result: { number: string } }).result.number);
    };
    while ((await height(node.http)) < 2) await new Promise((resolve) => setTimeout(resolve, 100));
    const gone = new Promise((resolve) => node.process.once('exit', resolve));
    node.process.disconnect();
    expect(await gone).to.equal(0);
    const again = await startDevNode([], node.directory);
    expect(await height(again.http)).to.be.at.least(2);
    // Killed without warning, it comes back as well.
    await again.end('SIGKILL');
    const third = await startDevNode(['--metrics-port', '0'], node.directory);
    expect(await height(third.http)).to.be.at.least(2);
    const metrics = await (await fetch(`http://127.0.0.1:${third.ready.metricsPort}/metrics`)).text();
    expect(metrics).to.match(/tacit_block_height_best \d+/);
    await third.stop();
  });
});
