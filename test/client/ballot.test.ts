/**
 * The client's way through a round of ballots on the real runtime with one more pallet, RPC and committee: what is public of it is read back with proof.
 * Consensus and processes are quick stand-ins (support/quick-chain.ts); the cryptography is real and of full size.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import { expect } from 'chai';
import { type Chain, connect } from '../../client/sdk/connect.ts';
import { castBallot, reportCounts, reportUses } from '../../client/sdk/contribute.ts';
import { devAccount, walletOf } from '../../client/sdk/keys.ts';
import { pay } from '../../client/sdk/model.ts';
import { writeWalletFile } from '../../client/sdk/node/keyfile.ts';
import { followRound, readSum, untilCommittee } from '../../client/sdk/round.ts';
import { runtimeThat } from '../node/audit/chain.ts';
import { scratchFolder } from '../support/scratch.ts';
import { survey } from '../support/survey.ts';
import { type QuickChain, quickChain } from './support/quick-chain.ts';

const TIMEOUT = 60_000;
const PASSPHRASE = 'a passphrase for the test';

/** Sends calls of a pallet that the SDK does not know, with plain polkadot.js. */
async function sent(call: SubmittableExtrinsic<'promise'>, who: KeyringPair): Promise<void> {
  await new Promise<void>((done, fail) => {
    const watch = ({ status, dispatchError }: { status: { isFinalized: boolean }; dispatchError?: unknown }): void => {
      if (dispatchError) fail(new Error(String(dispatchError)));
      else if (status.isFinalized) done();
    };
    call.signAndSend(who, watch as never).catch(fail);
  });
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

describe('client: a ballot', function () {
  this.timeout(5 * TIMEOUT);
  const [alice, bob, charlie] = ['//Alice', '//Bob', '//Charlie'].map(devAccount) as [
    KeyringPair,
    KeyringPair,
    KeyringPair,
  ];
  let quick: QuickChain;
  let chain: Chain;
  let api: ApiPromise;
  before(async () => {
    quick = await quickChain({ runtime: runtimeThat({}, [survey]) });
    chain = await connect(quick.url, { chain: quick.chain });
    api = await ApiPromise.create({ provider: new WsProvider(quick.url) as ProviderInterface, noInitWarn: true });
    await untilCommittee(chain, () => undefined, TIMEOUT);
  });
  after(async () => {
    await api.disconnect();
    await chain[Symbol.asyncDispose]();
    await quick[Symbol.asyncDispose]();
    expect(quick.errors).to.deep.equal([]);
  });

  const tx = (call: string, ...args: unknown[]): SubmittableExtrinsic<'promise'> =>
    (api.tx.survey as never as Record<string, (...args: unknown[]) => SubmittableExtrinsic<'promise'>>)[call]!(...args);
  const frame = { kMin: 2, openBlocks: 6, maxExtensions: 60 };

  it('is cast by whom the consumer admitted, and only the sum of all is shown', async () => {
    await sent(tx('ballots', { options: 3, budget: 1_000, maxBallots: 3, ...frame }), alice);
    const round = 1;
    expect(await codeOf(castBallot(chain, charlie, round, [1_000]))).to.equal('sdk/not-admitted');
    for (const voter of [alice, bob]) await sent(tx('admitVoter', round, voter.address), alice);
    expect(await codeOf(castBallot(chain, alice, round, [999, 2]))).to.equal('proofs/claim');
    expect(await codeOf(castBallot(chain, alice, round, [1_001, -1]))).to.equal('proofs/value-range');
    expect(await codeOf(reportCounts(chain, alice, round, [1]))).to.equal('sdk/wrong-lane');
    const { bytes } = await castBallot(chain, alice, round, [250, 750]);
    expect(bytes).to.be.below(600_000);
    await castBallot(chain, bob, round, [0, 0, 1_000]);
    const found = await followRound(
      chain,
      round,
      ({ phase }, state) => (phase === 'Settled' ? readSum(state, round) : undefined),
      TIMEOUT,
    );
    expect(found.contributors).to.equal(2);
    expect([...found.sums]).to.deep.equal([250n, 750n, 1_000n]);
  });

  it('is cast by the example with nothing but polkadot.js and the functions that encrypt and prove', async () => {
    const folder = scratchFolder('vote');
    const [chainFile, walletFile] = [join(folder, 'chain.json'), join(folder, 'my.wallet')];
    writeFileSync(chainFile, quick.chain);
    const seed = new Uint8Array(randomBytes(32));
    writeWalletFile(walletFile, seed, PASSPHRASE);
    const { account } = walletOf(seed);
    await pay(chain, alice, [account.publicKey], 100_000_000n);
    await sent(tx('ballots', { options: 3, budget: 100, maxBallots: 3, ...frame }), alice);
    const round = 2;
    for (const voter of [bob.address, account.address]) await sent(tx('admitVoter', round, voter), alice);
    await castBallot(chain, bob, round, [100]);
    const script = new URL('../../client/examples/vote.ts', import.meta.url).pathname;
    const env = { ...process.env, TACIT_PASSPHRASE: PASSPHRASE, TACIT_CHAIN: chainFile };
    const vote = (weights: string) =>
      promisify(execFile)(process.execPath, [script, quick.url, `${round}`, walletFile, weights], { env });
    expect(await vote('60,41').catch(({ stderr }) => stderr)).to.contain('proofs/claim');
    expect((await vote('0,60,40')).stdout).to.contain('the ballot is in a block: 0 60 40 of 100');
    const found = await followRound(
      chain,
      round,
      ({ phase }, state) => (phase === 'Settled' ? readSum(state, round) : undefined),
      TIMEOUT,
    );
    expect([...found.sums]).to.deep.equal([100n, 60n, 40n]);
  });

  it('is not the only thing that is summed: counts of reporters are too', async () => {
    await sent(tx('statistics', { counters: 2, most: 255, maxReports: 2, ...frame }), alice);
    const round = 3;
    for (const reporter of [alice, bob]) await sent(tx('admitReporter', round, reporter.address), alice);
    await reportCounts(chain, alice, round, [255, 1]);
    await reportCounts(chain, bob, round, [0, 41]);
    const found = await followRound(
      chain,
      round,
      ({ phase }, state) => (phase === 'Settled' ? readSum(state, round) : undefined),
      TIMEOUT,
    );
    expect([...found.sums]).to.deep.equal([255n, 42n]);
  });

  it('nor is a sum the only thing that is told: a meter says which grants are used up', async () => {
    const plan = { total: 12, bounds: [10, 5], openBlocks: 6, maxExtensions: 60 };
    await sent(tx('meter', plan, bob.address), alice);
    const round = 4;
    expect(await codeOf(reportUses(chain, bob, round, [10, 1]))).to.equal('proofs/claim');
    expect(await codeOf(reportUses(chain, charlie, round, [10, 2]))).to.equal('sdk/not-admitted');
    await reportUses(chain, bob, round, [10, 2]);
    const found = await followRound(
      chain,
      round,
      ({ phase }, state) => (phase === 'Settled' ? readSum(state, round) : undefined),
      TIMEOUT,
    );
    expect([...found.sums]).to.deep.equal([1n, 0n]);
  });
});
