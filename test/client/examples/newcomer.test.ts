/** The README's way of a contributor, word for word, on four real validators: wallet, training, a round that waits, the polkadot.js script, the claim. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { balanceOf } from '../../../client/sdk/claim.ts';
import { fromAddress } from '../../../primitives/crypto/ss58.ts';
import { examples, type Examples, POLKADOT } from '../../support/examples.ts';
import { untilTerm } from '../../support/mini-round.ts';
import { TestNetwork } from '../../support/test-network.ts';

const PATIENCE_MS = 900_000;
const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
describe('client/examples: a newcomer contributes', function () {
  this.timeout(PATIENCE_MS);
  let network: TestNetwork;
  let folder: string;
  let run: Examples['run'];
  let output: Examples['output'];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-newcomer-'));
    network = await TestNetwork.start({ basePort: 24_000 });
    ({ run, output } = examples(network.network.specFile));
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
    expect(sent).to.match(/^(\w+\.\w+ is in a block\n){2}$/);
    const { code, out } = await opening.ended;
    expect(code, out).to.equal(0);
    expect(out).to.include(`round ${round} is settled: paid `).and.not.match(POLKADOT);

    const purse = ['--rpc', rpc, '--wallet', wallet];
    // its bin closes a block after the payout
    let scanned = '';
    while (!scanned.includes(' unclaimed, ')) scanned = await output('bin/tacit.mjs', 'wallet', 'scan', ...purse);
    const claimed = await output('bin/tacit.mjs', 'wallet', 'claim', ...purse, '--round', round);
    const [, amount = '', fresh = ''] = /: (\d+\.\d{6}) TAC to (5\w+)/.exec(claimed) ?? [];
    expect(fresh).not.to.equal(account);
    expect(await balanceOf(await network.chain(0), fromAddress(fresh))).to.equal(BigInt(amount.replace('.', '')));
    expect(await output('bin/tacit.mjs', 'wallet', 'claim', ...purse, '--now')).to.match(
      /\d+\.\d{6} TAC are in bins that are open, .* more at most\n$/,
    );
  });

  it('mistakes are told without stack traces', async () => {
    const { rpc } = network.network.validator(0);
    const [wallet, half] = [join(folder, 'a.wallet'), join(folder, 'half.update')];
    await output('bin/tacit.mjs', 'wallet', 'new', '--wallet', wallet);
    writeFileSync(half, new Uint8Array(30_001));
    for (const [code, said, ...command] of [
      [2, 'usage: npx tacit run client/examples/open-round.ts', 'client/examples/open-round.ts'],
      [2, 'usage: npx tacit run client/examples/train.ts', 'client/examples/train.ts'],
      [2, 'usage: npx tacit run client/examples/contribute.ts', 'client/examples/contribute.ts', rpc],
      [1, '(sdk/unreachable)', 'client/examples/open-round.ts', 'ws://127.0.0.1:1', ALICE],
      [1, '(crypto/bad-address)', 'client/examples/open-round.ts', rpc, 'hello'],
      [1, '(sdk/no-wallet)', 'client/examples/contribute.ts', rpc, '1', join(folder, 'none'), join(folder, 'none')],
      [1, `${half} is no update`, 'client/examples/contribute.ts', rpc, '1', wallet, half],
    ] as [number, string, string, ...string[]][]) {
      const answer = await run(...(command as [string, ...string[]])).ended;
      expect(answer.code, answer.out).to.equal(code);
      expect(answer.out).to.include(said).and.not.match(POLKADOT);
      expect(answer.out).not.to.include('    at ');
    }
  });
});
