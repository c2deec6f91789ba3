import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseFlags } from '../../../client/demo/main.ts';

/** A chain to trust; no node of it runs here. */
const CHAIN = new URL('../../../chain-spec/local.json', import.meta.url).pathname;
const PROGRAM = new URL('../../../client/cli/main.ts', import.meta.url).pathname;

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function tacit(args: readonly string[], passphrase?: string): Promise<Outcome> {
  const { TACIT_PASSPHRASE: _, ...env } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { ...env, TACIT_CHAIN: CHAIN, ...(passphrase === undefined ? {} : { TACIT_PASSPHRASE: passphrase }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })));
}

describe('client/cli', function () {
  this.timeout(600_000);
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-cli-'));
    file = join(folder, 'wallet.json');
  });
  after(() => rmSync(folder, { recursive: true }));

  it('makes a wallet once and shows its account', async () => {
    const made = await tacit(['wallet', 'new', '--wallet', file], 'secret words');
    expect(made).to.include({ code: 0, err: '' });
    expect(made.out).to.match(/^5[1-9A-HJ-NP-Za-km-z]{47}\n$/);
    const [shown, wrong, again] = await Promise.all([
      tacit(['wallet', 'show', '--wallet', file], 'secret words'),
      tacit(['wallet', 'show', '--wallet', file], 'other words'),
      tacit(['wallet', 'new', '--wallet', file], 'secret words'),
    ]);
    expect(shown).to.deep.equal({ code: 0, out: made.out, err: '' });
    expect(wrong.code).to.equal(1);
    expect(wrong.err).to.include('sdk/wrong-passphrase').and.not.to.include('words"');
    expect(again.code).to.equal(1);
    expect(again.err).to.include('sdk/wallet-exists');
  });

  it('says clearly what is wrong with flags, addresses and files', async () => {
    const update = join(folder, 'update.bin');
    writeFileSync(update, new Uint8Array(9));
    const contribute = ['contribute', '--wallet', file, '--round', '1', '--update'];
    const to = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
    const [unknown, silent, url, round, shape, missing, linked, odd] = await Promise.all([
      tacit(['wallet', 'scan', '--wallet', file, '--bogus'], 'secret words'),
      tacit(['wallet', 'show', '--wallet', file]),
      tacit(['wallet', 'scan', '--wallet', file, '--rpc', 'http://x'], 'secret words'),
      tacit(['contribute', '--wallet', file, '--round', '-1', '--update', update], 'secret words'),
      tacit([...contribute, update], 'secret words'),
      tacit([...contribute, join(folder, 'none')], 'secret words'),
      tacit(['wallet', 'claim', '--wallet', file, '--to', to], 'secret words'),
      tacit(['wallet', 'claim', '--wallet', file, '--note', '0/1', '--amount', '0.0000001'], 'secret words'),
    ]);
    expect(unknown.err).to.include('--bogus');
    expect(silent.err).to.include('cli/no-passphrase');
    expect(url.err).to.include('sdk/bad-url');
    expect(round.err).to.include('cli/bad-flag');
    expect(shape.err).to.include('sdk/bad-update');
    expect(missing.err).to.include('sdk/no-update)');
    expect(linked.err).to.include('cli/linkable');
    expect(odd.err).to.include('cli/bad-flag');
    for (const answer of [unknown, silent, url, round, shape, missing, linked, odd]) {
      expect(answer.code, answer.err).to.equal([unknown, round, odd].includes(answer) ? 2 : 1);
      expect(answer.err).not.to.include('    at ');
    }
  });

  it('finds a node that is not there before long, and says what to do, without a stack', async () => {
    const rpc = ['--rpc', 'ws://127.0.0.1:1'];
    const update = join(folder, 'good.bin');
    writeFileSync(update, new Uint8Array(8));
    const purse = ['--wallet', file, ...rpc];
    const endings = await Promise.all([
      tacit(['wallet', 'scan', ...purse], 'secret words'),
      tacit(['wallet', 'claim', ...purse], 'secret words'),
      tacit(['contribute', ...purse, '--round', '1', '--update', update], 'secret words'),
      tacit(['round', 'aggregate', ...rpc, '--round', '1', '--out', join(folder, 'u.bin')]),
      tacit(['demo', ...rpc]),
    ]);
    for (const { code, err } of endings) {
      expect(err).to.match(/no node answers at ws:\/\/127\.0\.0\.1:1: start one .* that runs \(sdk\/unreachable\)\n$/);
      expect(err).not.to.match(/    at |API-WS|Unhandled/);
      expect(code).to.equal(1);
    }
  });

  it('tries where it is to write before it asks the chain', async () => {
    const out = join(folder, 'nowhere', 'u.bin');
    const { code, err } = await tacit([
      'round',
      'aggregate',
      '--rpc',
      'ws://127.0.0.1:1',
      '--round',
      '1',
      '--out',
      out,
    ]);
    expect([code, err.includes('cli/no-output')]).to.deep.equal([1, true]);
    const demo = await tacit(['demo', '--rpc', 'ws://127.0.0.1:1', '--report', out]);
    expect([demo.code, demo.err.includes('cli/no-output')]).to.deep.equal([1, true]);
  });

  it('checks receipts and statements without a node, and says what is wrong with them', async () => {
    const [none, bad, key] = ['none', 'bad', 'key'].map((name) => join(folder, name)) as [string, string, string];
    writeFileSync(bad, '{}');
    const purse = ['--wallet', file];
    const made = await tacit(['wallet', 'verifier-key', ...purse, '--out', key], 'secret words');
    expect(made).to.include({ code: 0, err: '' });
    expect(JSON.parse(readFileSync(key, 'utf8'))).to.include({ format: 'tacit-verifier-key-1' });
    const rpc = ['--rpc', 'ws://127.0.0.1:1'];
    const statement = ['wallet', 'statement', ...purse, ...rpc, '--rounds'];
    const endings: [Promise<Outcome>, string][] = [
      [tacit(['wallet', 'verify-receipt', '--receipt', none]), 'cli/no-file'],
      [tacit(['wallet', 'verify-receipt', '--receipt', bad]), 'receipt/bad-file'],
      [tacit(['wallet', 'verify-statement', '--statement', bad, ...purse], 'secret words'), 'receipt/bad-file'],
      [
        tacit(['wallet', 'receipt', ...purse, ...rpc, '--round', '1', '--out', join(none, 'r')], 'secret words'),
        'cli/no-output',
      ],
      [
        tacit(['wallet', 'receipt', ...purse, ...rpc, '--round', '1', '--out', none], 'secret words'),
        'sdk/unreachable',
      ],
      [tacit([...statement, '1,x', '--for', key, '--out', none], 'secret words'), 'cli/bad-flag'],
    ];
    for (const [ending, code] of endings) {
      const { err, code: status } = await ending;
      expect(err).to.include(`(${code})`);
      expect(status).to.equal(code === 'cli/bad-flag' ? 2 : 1);
      expect(err).not.to.match(/    at |secret words/);
    }
  });

  it('the demo takes its flags and refuses others', () => {
    const flags = parseFlags([
      '--rpc',
      'ws://a:1,ws://b:2',
      '--rpc',
      'ws://c:3',
      '--report',
      'r.json',
      '--timeout',
      '5',
    ]);
    expect(flags.rpcs).to.deep.equal(['ws://a:1', 'ws://b:2', 'ws://c:3']);
    expect([flags.report, flags.timeoutMs]).to.deep.equal(['r.json', 5000]);
    expect(flags.owner.address).to.equal('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY');
    for (const bad of [['--bogus'], ['--timeout', '0'], ['--timeout', 'x'], ['--owner', 'bottom drive'], ['stray']]) {
      expect(() => parseFlags(bad), bad.join(' ')).to.throw();
    }
  });
});
