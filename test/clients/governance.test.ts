/** Governance with unmodified @polkadot/api against a real node: a parameter is changed by a proposal. */
import type { ApiPromise } from '@polkadot/api';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { Codec, ISubmittableResult } from '@polkadot/types/types';
import { expect } from 'chai';
import { People, type Transaction } from './support/people.ts';

interface Told {
  readonly name: string;
  readonly value: string;
}

describe('clients: governance by @polkadot/api', function () {
  this.timeout(600_000);
  const REASONS = `0x${'77'.repeat(32)}`;
  const K = 1_000_000_000n;
  let people: People;
  let api: ApiPromise;
  let alice: KeyringPair;
  let bob: KeyringPair;
  let charlie: KeyringPair;
  before(async () => {
    people = await People.start('//Alice', '//Bob', '//Charlie');
    api = people.api;
    [alice, bob, charlie] = people.pairs;
  });
  after(() => people?.stop());

  const send = (transaction: Transaction, from: KeyringPair) => people.send(transaction, from);
  const failure = (transaction: Transaction, from: KeyringPair): Promise<string> =>
    send(transaction, from).then(
      () => 'ok',
      (error: Error) => error.message,
    );
  const eventOf = (result: ISubmittableResult, name: string): Record<string, Codec> => {
    const found = result.events.find(({ event }) => event.section === 'governance' && event.method === name);
    if (found === undefined) throw new Error(`no event ${name}`);
    return found.event.data as unknown as Record<string, Codec>;
  };
  async function blockReached(height: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      let stop: (() => void) | undefined;
      api.rpc.chain
        .subscribeNewHeads(({ number }) => {
          if (number.toNumber() < height) return;
          stop?.();
          resolve();
        })
        .then((off) => {
          stop = off;
        }, reject);
    });
  }
  const ask = async (method: string, ...args: unknown[]): Promise<Codec> =>
    (await api.call.governanceApi![method]!(...args)) as Codec;
  const burnOf = async (): Promise<string> => {
    const all = ((await api.call.parametersApi!.all!()) as unknown as Codec).toHuman() as unknown as Told[];
    return all.find(({ name }) => name === 'LicenceBurn')!.value;
  };
  const phaseOf = async (): Promise<unknown> => {
    const [first] = (await ask('proposals', 0, 10)).toJSON() as { phase: string }[];
    return first?.phase;
  };

  it('proposes, votes, waits, enacts, and reads back what has changed', async () => {
    const change = api.tx.parameters!.setParameter!('LicenceBurn', 250);
    expect(await failure(change, alice), 'no account sets it').to.equal('BadOrigin');
    const made = await send(api.tx.governance!.propose!(change.method.toHex(), 'Burn more', REASONS), charlie);
    const { id, callHash, closes } = eventOf(made, 'Proposed') as { id: Codec; callHash: Codec; closes: Codec };
    expect(callHash.toHex()).to.equal(change.method.hash.toHex());
    const stored = (await api.query.governance!.calls!(id)) as unknown as { unwrap(): Codec };
    expect(api.createType('Call', stored.unwrap().toU8a(true)).toHuman()).to.deep.equal(change.method.toHuman());

    await send(api.tx.governance!.vote!(id, { Nay: 'X1' }, 1_000n * K), bob);
    await send(api.tx.governance!.vote!(id, { Aye: 'X2' }, 20_000n * K), alice);
    await send(api.tx.governance!.vote!(id, { Aye: 'X2' }, 10_000n * K), bob);
    const { proposal } = (await ask('proposal', id)).toJSON() as {
      proposal: { tally: { voters: number; nays: number } };
    };
    expect([proposal.tally.voters, proposal.tally.nays]).to.deep.equal([2, 0]);
    const votes = (await ask('votes', bob.address)).toHuman() as { held: string; unlocks: { block: string }[] };
    expect(votes.held.replaceAll(',', '')).to.equal((10_000n * K).toString());
    expect(Number(votes.unlocks[0]!.block), 'a lock period after the voting').to.equal(Number(closes) + 4);

    const enact = api.tx.governance!.enact!(id, change);
    expect(await failure(enact, charlie)).to.equal('governance.NotEnactable');
    await blockReached(Number(closes));
    expect(await phaseOf()).to.be.oneOf(['Locked', 'Enactable']);
    await blockReached(Number(closes) + 3 - 1);
    const other = api.tx.governance!.enact!(id, api.tx.parameters!.setParameter!('LicenceBurn', 251));
    expect(await burnOf()).to.equal('100');
    const done = await send(enact, charlie);
    expect((eventOf(done, 'Enacted').result as unknown as { isOk: boolean }).isOk).to.equal(true);
    expect(eventOf(done, 'Closed').outcome!.toString()).to.equal('Enacted');
    expect(await burnOf()).to.equal('250');
    expect(await failure(enact, charlie)).to.equal('governance.UnknownProposal');
    expect(await failure(other, charlie)).to.equal('governance.UnknownProposal');
    expect((await ask('proposals', 0, 10)).toJSON()).to.deep.equal([]);

    await blockReached(Number(closes) + 4 - 1);
    await send(api.tx.governance!.unlock!(bob.address), charlie);
    const { held } = (await ask('votes', bob.address)).toJSON() as { held: number };
    expect(held).to.equal(0);
  });

  it('shows the treasury and the panel', async () => {
    const treasury = (await ask('treasury')).toJSON() as { account: string; free: number };
    await send(api.tx.balances!.transferKeepAlive!(treasury.account, 5n * K), bob);
    const { free } = (await ask('treasury')).toJSON() as { free: number };
    expect(BigInt(free)).to.equal(5n * K);
    await send(api.tx.governance!.stand!(), charlie);
    const panel = (await ask('panel')).toJSON() as { inOffice: boolean; candidates: { account: string }[] };
    expect([panel.inOffice, panel.candidates.map(({ account }) => account)]).to.deep.equal([false, [charlie.address]]);
  });
});
