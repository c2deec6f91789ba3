/** A secret vote as its people see it: plain polkadot.js proposes, takes places, counts and enacts; the SDK casts the ballots, with cryptography of full size. */
import { ApiPromise, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import type { Codec } from '@polkadot/types/types';
import { expect } from 'chai';
import { type Chain, connect } from '../../client/sdk/connect.ts';
import { castBallot } from '../../client/sdk/contribute.ts';
import { devAccount } from '../../client/sdk/keys.ts';
import { pay } from '../../client/sdk/model.ts';
import { followRound, untilCommittee } from '../../client/sdk/round.ts';
import { type QuickChain, quickChain } from './support/quick-chain.ts';

const TIMEOUT = 120_000;
const TAC = 1_000_000n;
const SEAT = 40_000n * TAC;

/** In a block that is final; a call that fails is an error. */
async function sent(call: SubmittableExtrinsic<'promise'>, who: KeyringPair): Promise<void> {
  await new Promise<void>((done, fail) => {
    const watch = ({ status, dispatchError }: { status: { isFinalized: boolean }; dispatchError?: unknown }): void => {
      if (dispatchError) fail(new Error(String(dispatchError)));
      else if (status.isFinalized) done();
    };
    call.signAndSend(who, watch as never).catch(fail);
  });
}

describe('client: a secret vote', function () {
  this.timeout(3 * TIMEOUT);
  const voters = ['//Alice', '//Bob', '//Charlie', '//Dave', '//Eve'].map(devAccount);
  const [alice, bob] = voters as [KeyringPair, KeyringPair];
  let quick: QuickChain;
  let chain: Chain;
  let api: ApiPromise;
  before(async () => {
    const parameters = { GovernanceVoting: 60n, GovernanceTimeLock: 4n, GovernanceWindow: 100_000n, SecretSeat: SEAT };
    quick = await quickChain({ parameters });
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

  it('changes a parameter, and shows only how many were for it', async () => {
    const poor = voters.slice(3).map(({ publicKey }) => publicKey);
    await pay(chain, alice, poor, SEAT + 100n * TAC);
    const { governance: calls } = api.tx as never as Record<
      string,
      Record<string, (...args: unknown[]) => SubmittableExtrinsic<'promise'>>
    >;
    const ask = async (method: string, ...args: unknown[]): Promise<Record<string, unknown>> =>
      ((await api.call['governanceApi']![method]!(...args)) as Codec).toJSON() as Record<string, unknown>;
    const change = api.tx['parameters']!['setParameter']!('LicenceBurn', 250);

    // Blocks are made for those who vote, so that slow machines vote in time.
    quick.onDemand = true;
    await sent(calls!['proposeSecret']!(change.method.toHex(), 'Burn more', `0x${'77'.repeat(32)}`, 5), alice);
    await Promise.all(voters.map((who) => sent(calls!['takeSeat']!(0), who)));
    const { round, seats } = (await ask('secretVote')) as { round: number; seats: string[] };
    expect(seats).to.have.members(voters.map(({ address }) => address));
    await followRound(chain, round, ({ phase }) => phase === 'Open' || undefined, TIMEOUT);
    const ballots = [
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    for (const [i, who] of voters.entries()) await castBallot(chain, who, round, ballots[i]!);
    quick.onDemand = false;
    await followRound(chain, round, ({ phase }) => phase === 'Settled' || undefined, TIMEOUT);

    await sent(calls!['countBallots']!(0), bob);
    const { proposal } = (await ask('proposal', 0)) as { proposal: { ballots: unknown; enactFrom: number } };
    expect(proposal.ballots).to.deep.equal({ counted: { ayes: 3, nays: 1, abstentions: 1 } });
    expect(await ask('secretVote')).to.equal(null);
    await followRound(chain, round, (_, { block }) => block.number >= proposal.enactFrom || undefined, TIMEOUT);
    await sent(calls!['enact']!(0, change), bob);
    const all = ((await api.call['parametersApi']!['all']!()) as Codec).toHuman() as { name: string; value: string }[];
    expect(all.find(({ name }) => name === 'LicenceBurn')?.value).to.equal('250');
  });
});
