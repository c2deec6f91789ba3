/** The README's way of a contributor, word for word, on four real validators: wallet, training, a round that waits, the polkadot.js script, the claim. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { balanceOf } from '../../../client/sdk/claim.ts';
import { fromAddress } from '../../../primitives/crypto/ss58.ts';
import { untilTerm } from '../../support/mini-round.ts';
import { TestNetwork } from '../../support/test-network.ts';

const PATIENCE_MS = 240_000;
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
/** A line of polkadot.js's log. */
const POLKADOT = /^\d{4}-\d{2}-\d{2} /m;
const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** A command of the README under way. */
interface Running {
  /** Resolves with the match when the output has one; rejects if the command ends before. */
  seen(pattern: RegExp): Promise<RegExpMatchArray>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string }>;
}

function run(program: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [file(program), ...args], {
    env: { ...process.env, TACIT_PASSPHRASE: 'try it', TACIT_CHAIN: chain },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  const watchers = new Set<() => void>();
  const take = (text: string): void => {
    out += text;
    for (const look of watchers) look();
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  const ended = new Promise<{ code: number | null; out: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, out })),
  );
  return {
    ended,
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(out);
          if (match) resolve(match);
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`${program} ended without ${pattern}: ${out}`)));
      }),
  };
}

async function output(program: string, ...args: string[]): Promise<string> {
  const { code, out } = await run(program, ...args).ended;
  expect(code, out).to.equal(0);
  return out;
}

/** Specification of the chain to trust: as it would lie in the folder of somebody who ran `npm start`. */
let chain = '';

describe('client/examples: a newcomer contributes', function () {
  this.timeout(PATIENCE_MS);
  let network: TestNetwork;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-newcomer-'));
    network = await TestNetwork.start({ basePort: 24_000 });
    chain = network.network.specFile;
    await untilTerm(await network.chain(0));
  });
  after(async () => {
    await network?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('from a new wallet to a paid fresh account', async () => {
    const { rpc } = network.network.validator(0);
    const [wallet, update] = [join(folder, 'my.wallet'), join(folder, 'my.update')];
    const account = (await output('bin/tacit.mjs', 'wallet', 'new', '--wallet', wallet)).trim();
    const opening = run('client/examples/open-round.ts', rpc, account);
    expect(await output('client/examples/train.ts', update)).to.include('7850 values');
    const [, round = ''] = await opening.seen(/round (\d+) is open; three have contributed, it waits for/);
    const sent = await output('client/examples/contribute.ts', rpc, round, wallet, update);
    // nothing else: polkadot.js says nothing of its own accord
    expect(sent).to.match(/^(\w+\.\w+ is in a block\n){3}$/);
    const { code, out } = await opening.ended;
    expect(code, out).to.equal(0);
    expect(out).to.include(`round ${round} is settled: paid `).and.not.match(POLKADOT);

    const purse = ['--rpc', rpc, '--wallet', wallet];
    expect(await output('bin/tacit.mjs', 'wallet', 'scan', ...purse)).to.match(/unclaimed\n$/);
    const claimed = await output('bin/tacit.mjs', 'wallet', 'claim', ...purse);
    const [, amount = '', fresh = ''] = /: (\d+\.\d{6}) TAC to (5\w+)/.exec(claimed) ?? [];
    expect(fresh).not.to.equal(account);
    expect(await balanceOf(await network.chain(0), fromAddress(fresh))).to.equal(BigInt(amount.replace('.', '')));
    expect(await output('bin/tacit.mjs', 'wallet', 'claim', ...purse)).to.equal(
      `nothing to claim: round ${round} already claimed\n`,
    );
  });

  it('mistakes are told without stack traces', async () => {
    const { rpc } = network.network.validator(0);
    for (const [code, said, ...command] of [
      [2, 'usage: npx tacit run client/examples/open-round.ts', 'client/examples/open-round.ts'],
      [2, 'usage: npx tacit run client/examples/train.ts', 'client/examples/train.ts'],
      [2, 'usage: npx tacit run client/examples/contribute.ts', 'client/examples/contribute.ts', rpc],
      [1, '(sdk/unreachable)', 'client/examples/open-round.ts', 'ws://127.0.0.1:1', ALICE],
      [1, '(crypto/bad-address)', 'client/examples/open-round.ts', rpc, 'hello'],
      [1, '(sdk/no-wallet)', 'client/examples/contribute.ts', rpc, '1', join(folder, 'none'), join(folder, 'none')],
    ] as [number, string, string, ...string[]][]) {
      const answer = await run(...(command as [string, ...string[]])).ended;
      expect(answer.code, answer.out).to.equal(code);
      expect(answer.out).to.include(said).and.not.match(POLKADOT);
      expect(answer.out).not.to.include('    at ');
    }
  });
});
