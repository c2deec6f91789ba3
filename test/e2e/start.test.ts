import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { isSound, roundReport, type RoundReport } from '../../client/demo/report.ts';
import { DEMO_SEED } from '../../client/demo/retrained.ts';
import { prepareSetting } from '../../client/demo/setting.ts';
import { PARAMETERS } from '../../client/demo/softmax.ts';
import { type Chain, connect } from '../../client/sdk/connect.ts';
import { joinParts } from '../../client/sdk/quantise.ts';
import { type BlockRef } from '../../node/base/types.ts';
import { BlockStore, openLevel } from '../../node/db/index.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { isDenomination } from '../../primitives/proofs/denominations.ts';
import { tacit, TacitCommand } from '../support/command.ts';
import { scratchFolder } from '../support/scratch.ts';
import { finalHead, untilFinal } from '../support/test-network.ts';

const PORT = 22_200;
const NAMES = ['alice', 'bob', 'charlie', 'dave'];
const STACK = /^\s+at .+:\d+:\d+\)?$/m;

/** A claim as it stands in a block. */
interface Claim {
  readonly block: number;
  readonly amount: bigint;
  readonly destination: string;
  readonly signed: boolean;
  readonly bytes: string;
}

describe('tacit start, as a newcomer types it', function () {
  this.timeout(600_000);

  const folder = scratchFolder('e2e');
  const data = join(folder, 'data');
  const reportFile = join(folder, 'report.json');
  let report: RoundReport;
  let left: { readonly finalized: BlockRef; readonly genesis: string | undefined };
  let command: TacitCommand | undefined;

  after(async () => {
    await command?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a validator that does not run has in its database; fails if a process still has it open. */
  async function stored(root: string, name: string): Promise<typeof left> {
    const level = await openLevel(join(root, name, 'tacit-local-4', 'chain'));
    try {
      const store = new BlockStore(level);
      return { finalized: store.finalized(), genesis: store.canonical(0) };
    } finally {
      await level.close();
    }
  }

  /** The one process of the command whose arguments match `pattern`. */
  function processLike(pattern: string): number {
    const { stdout } = spawnSync('pgrep', ['-g', `${command?.process.pid}`, '-f', '--', pattern], { encoding: 'utf8' });
    const pids = stdout.trim().split('\n').map(Number);
    expect(pids.length, stdout).to.equal(1);
    expect(pids[0]).to.be.greaterThan(1);
    return pids[0] as number;
  }

  describe('start --once', () => {
    it('runs a round on real data over four processes, audits it, and ends with 0', async () => {
      command = new TacitCommand(['start', '--once', '--report', reportFile, '--data', data, '--base-port', `${PORT}`]);
      const { code, output, errors } = await command.ended;
      expect(code, `${output}\n${errors}`).to.equal(0);
      expect(output).to.include('audit passed');
      expect(errors).not.to.match(STACK);
    });

    it('writes a report of the promised form, computed in this run', () => {
      report = roundReport.parse(JSON.parse(readFileSync(reportFile, 'utf8')));
      expect(report.parties.length).to.equal(8);
      expect(report.validators.map(({ rpc }) => rpc)).to.deep.equal(
        [0, 1, 2, 3].map((i) => `ws://127.0.0.1:${PORT + i}`),
      );
      expect(report.finality.p50Ms).to.be.greaterThan(0);
      expect(report.timingsMs.closeToPayout).to.be.greaterThan(0);
      expect(report.timingsMs.total).to.be.greaterThan(report.timingsMs.closeToPayout);
    });

    it('every opened score equals the plain one, and everyone has claimed', () => {
      for (const { name, equal, claimed, shapleyPlain, shapleyOpened } of report.parties) {
        expect(equal, name).to.equal(true);
        expect(shapleyOpened, name).to.equal(shapleyPlain);
        expect(claimed, name).to.equal(true);
      }
      expect(isSound(report)).to.equal(true);
    });

    it('the money adds up exactly: pool = paid + fractions + dust, and what notes held = claimed + fees + hidden', () => {
      const sum = (of: (party: RoundReport['parties'][0]) => string): bigint =>
        report.parties.reduce((all, party) => all + BigInt(of(party)), 0n);
      const paid = sum(({ amount }) => amount);
      expect(BigInt(report.paid)).to.equal(paid);
      expect(BigInt(report.pool)).to.equal(paid + BigInt(report.fractions) + BigInt(report.dust));
      // amounts below zero are charged to the stake that came back
      const held = report.parties.reduce(
        (all, { amount, depositBack }) => all + BigInt(depositBack) + (BigInt(amount) > 0n ? BigInt(amount) : 0n),
        0n,
      );
      expect(held).to.equal(sum(({ paidOut }) => paidOut) + sum(({ fee }) => fee) + sum(({ hidden }) => hidden));
      for (const { name, paidOut, fee, hidden, ring } of report.parties) {
        expect(isDenomination(BigInt(paidOut) + BigInt(fee)), name).to.equal(true);
        expect(BigInt(hidden) > 0n, name).to.equal(true);
        expect(ring, name).to.equal(8);
      }
    });

    it('the ranks are those of retrained Shapley values, and the audit found nothing', () => {
      expect(report.spearmanRetrained).to.be.at.least(0.85);
      expect(report.audit?.ok).to.equal(true);
      expect(report.audit?.checks).to.be.greaterThan(10);
    });

    it('leaves no process behind: every database can be opened', async () => {
      for (const name of NAMES) expect((await stored(data, name)).finalized.number).to.be.greaterThan(10);
      left = await stored(data, 'alice');
    });

    it('leaves secrets in files that nobody else can read', () => {
      for (const name of NAMES) {
        for (const file of ['committee.vault', 'peer.key']) {
          expect(statSync(join(data, name, 'tacit-local-4', file)).mode & 0o077, file).to.equal(0);
        }
      }
    });
  });

  describe('local, on the same folder', () => {
    let chain: Chain | undefined;
    let claims: Claim[] = [];

    after(async () => {
      await chain?.close();
    });

    it('continues the same chain', async () => {
      command = new TacitCommand(['local', '--data', data, '--base-port', `${PORT}`], {}, { detached: true });
      await command.says('the network is running');
      chain = await connect(`ws://127.0.0.1:${PORT}`, { chain: readFileSync(join(data, 'chain.json'), 'utf8') });
      expect(toHex(chain.genesis)).to.equal(left.genesis);
      expect((await chain.api.rpc.chain.getBlockHash(left.finalized.number)).toHex()).to.equal(left.finalized.hash);
      await untilFinal(chain, left.finalized.number + 3);
      expect((await finalHead(chain)).number).to.be.greaterThan(left.finalized.number);
    });

    it('holds eight claims, all unsigned, to eight accounts that were not there before', async () => {
      claims = await claimsIn(chain as Chain, left.finalized.number);
      expect(claims.length).to.equal(8);
      expect(new Set(claims.map(({ destination }) => destination)).size).to.equal(8);
      for (const { block, amount, destination, signed } of claims) {
        expect(signed).to.equal(false);
        expect(isDenomination(amount)).to.equal(true);
        const { api } = chain as Chain;
        const key = api.query.system?.account?.key(destination) as string;
        const at = async (number: number): Promise<boolean> =>
          (await api.rpc.state.getStorageSize(key, await api.rpc.chain.getBlockHash(number))).toNumber() > 0;
        expect(await at(block - 1)).to.equal(false);
        expect(await at(block)).to.equal(true);
      }
    });

    it('names no owner in a payout: neither claims nor the payout vector hold a contributor', async () => {
      const state = await (chain as Chain).api.at(
        await (chain as Chain).api.rpc.chain.getBlockHash(left.finalized.number),
      );
      const items = (await state.query.tally?.items?.entries()) ?? [];
      const owners = items.map(([, item]) => (item.toJSON() as { account: string }).account);
      expect(owners.length).to.equal(8);
      const payout = (await state.query.tally?.payouts?.(1))?.toHex() ?? '';
      expect(payout.length).to.be.greaterThan(200);
      for (const owner of owners) {
        const key = (chain as Chain).api.createType('AccountId', owner).toHex().slice(2);
        expect(payout).not.to.include(key);
        for (const { destination, bytes } of claims) {
          expect(destination).not.to.equal(owner);
          expect(bytes).not.to.include(key);
        }
      }
    });

    it('gives the owner the sum of the eight updates, which equals the plain one value by value', async () => {
      const out = join(folder, 'sum');
      const node = ['--rpc', `ws://127.0.0.1:${PORT}`, '--chain', join(data, 'chain.json')];
      const { code, output, errors } = await tacit('round', 'aggregate', ...node, '--round', '1', '--out', out);
      expect(code, errors).to.equal(0);
      expect(output).to.include('the sum of 8 updates');
      const { aggregate } = prepareSetting(DEMO_SEED);
      const plain = joinParts(aggregate, PARAMETERS);
      const opened = new Float64Array(Uint8Array.from(readFileSync(out)).buffer);
      expect(opened.length).to.equal(plain.length);
      expect(opened.every((value, j) => value === plain[j])).to.equal(true);
    });

    it('does not start twice on the same ports', async () => {
      const { code, errors } = await tacit('local', '--data', join(folder, 'other'), '--base-port', `${PORT}`);
      expect(code).to.equal(1);
      expect(errors)
        .to.match(/port \d+ is in use/)
        .and.not.match(STACK);
    });

    it('tells at once which validator has died, where its log is, and goes on', async () => {
      process.kill(processLike('--dev-key //Dave'), 'SIGKILL');
      await command?.warns('Dave has ended with SIGKILL; see ');
      await command?.warns('3 of 4 validators are running: enough');
      await untilFinal(chain as Chain, (await finalHead(chain as Chain)).number + 2);
    });

    it('a Ctrl-C that reaches every process, and the command twice, is a clean stop', async () => {
      await chain?.close();
      process.kill(-(command?.process.pid as number), 'SIGINT');
      const { code, errors } = (await command?.ended) ?? {};
      expect(code, errors).to.equal(0);
      expect(errors?.match(/has ended with/g)?.length, errors).to.equal(1);
      expect(errors).not.to.match(STACK);
      for (const name of NAMES) expect((await stored(data, name)).genesis).to.equal(left.genesis);
    });
  });

  describe('start, interrupted in the middle of the round', () => {
    it('ends with 1, without a stack trace, and leaves nothing running', async () => {
      const other = join(folder, 'interrupted');
      command = new TacitCommand(['start', '--data', other, '--base-port', `${PORT}`]);
      await command.says('Register the model');
      const { code, errors } = await command.end('SIGINT');
      expect(code).to.equal(1);
      expect(errors).not.to.match(STACK);
      for (const name of NAMES) expect((await stored(other, name)).genesis).to.equal(left.genesis);
    });
  });

  describe('start, whose round dies', () => {
    it('ends with 1 and says so, without a report', async () => {
      const other = join(folder, 'died');
      const never = join(folder, 'never.json');
      const args = ['start', '--once', '--data', other, '--base-port', `${PORT}`, '--report', never];
      command = new TacitCommand(args, {}, { detached: true });
      await command.says('Deal MNIST');
      process.kill(processLike('demo/main.ts'), 'SIGKILL');
      const { code, errors } = await command.ended;
      expect(code).to.equal(1);
      expect(errors).to.include('the round ended with SIGKILL').and.include('start/round-failed').and.not.match(STACK);
      expect(existsSync(never)).to.equal(false);
      for (const name of NAMES) expect((await stored(other, name)).genesis).to.equal(left.genesis);
    });
  });

  describe('flags that cannot be', () => {
    const fresh = (): string => join(folder, `flags-${readdirSync(folder).length}`);
    const cases: { what: string; args: () => string[]; code: number; says: RegExp }[] = [
      { what: 'five validators', args: () => ['start', '--validators', '5'], code: 2, says: /--validators.*4 or 7/s },
      {
        what: 'a port that is no number',
        args: () => ['start', '--base-port', 'x'],
        code: 2,
        says: /--base-port.*number/s,
      },
      { what: 'a port of root', args: () => ['local', '--base-port', '80'], code: 2, says: /--base-port.*1024/s },
      { what: 'a port too high', args: () => ['local', '--base-port', '65500'], code: 2, says: /--base-port.*65000/s },
      {
        what: 'an unknown flag',
        args: () => ['start', '--frobnicate'],
        code: 2,
        says: /unknown option '--frobnicate'/,
      },
      { what: 'a flag without its value', args: () => ['start', '--data'], code: 2, says: /argument missing/ },
      { what: 'an unknown command', args: () => ['frobnicate'], code: 2, says: /no command 'frobnicate'/ },
      { what: 'no command', args: () => [], code: 2, says: /needs a command/ },
      {
        what: 'a report in a folder that is not there',
        args: () => ['start', '--data', fresh(), '--report', join(folder, 'nowhere', 'r.json')],
        code: 1,
        says: /no such folder/,
      },
      {
        what: 'a data folder of a network of another size',
        args: () => ['local', '--validators', '7', '--data', data],
        code: 1,
        says: /holds a network of 4 validators/,
      },
      {
        what: 'a data folder that is a file',
        args: () => ['local', '--data', reportFile],
        code: 1,
        says: /report\.json/,
      },
    ];
    for (const { what, args, code, says } of cases) {
      it(`${what}: exit code ${code} and the reason`, async () => {
        const ended = await tacit(...args());
        expect(ended.code, ended.errors).to.equal(code);
        expect(ended.errors).to.match(says).and.not.match(STACK);
      });
    }

    it('a port in use: exit code 1 and the port', async () => {
      const server: Server = createServer().listen(PORT + 2, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { code, errors } = await tacit('start', '--data', fresh(), '--base-port', `${PORT}`);
        expect(code).to.equal(1);
        expect(errors)
          .to.include(`port ${PORT + 2} is in use`)
          .and.not.match(STACK);
      } finally {
        server.close();
      }
    });

    it('a report is not touched by a start that fails', () => {
      expect(existsSync(reportFile)).to.equal(true);
      expect(roundReport.safeParse(JSON.parse(readFileSync(reportFile, 'utf8'))).success).to.equal(true);
    });
  });
});

/** All claims in the blocks up to `last`. */
async function claimsIn(chain: Chain, last: number): Promise<Claim[]> {
  const claims: Claim[] = [];
  for (let number = 1; number <= last; number++) {
    const hash = await chain.api.rpc.chain.getBlockHash(number);
    const events = (await (await chain.api.at(hash)).query.system?.events?.()) as unknown as {
      event: { section: string; method: string; data: Record<string, { toString(): string }> };
    }[];
    if (!events.some(({ event }) => event.section === 'notes' && event.method === 'Claimed')) continue;
    const { block } = await chain.api.rpc.chain.getBlock(hash);
    for (const extrinsic of block.extrinsics) {
      const { section, method, args } = extrinsic.method;
      if (section !== 'notes' || method !== 'claim') continue;
      claims.push({
        block: number,
        amount: BigInt(String(args[2])),
        destination: String(args[4]),
        signed: extrinsic.isSigned,
        bytes: extrinsic.toHex(),
      });
    }
  }
  return claims;
}
