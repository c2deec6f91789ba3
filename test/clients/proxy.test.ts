/** Proxies with unmodified @polkadot/api against a real node. */
import type { ApiPromise } from '@polkadot/api';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { DispatchError } from '@polkadot/types/interfaces';
import type { Codec, ISubmittableResult } from '@polkadot/types/types';
import { expect } from 'chai';
import { People, type Transaction } from './support/people.ts';

interface Executed {
  readonly isOk: boolean;
  readonly asErr: DispatchError;
}

describe('clients: proxies by @polkadot/api', function () {
  this.timeout(600_000);
  let people: People;
  let api: ApiPromise;
  let bob: KeyringPair;
  let charlie: KeyringPair;
  let dave: KeyringPair;
  before(async () => {
    people = await People.start('//Bob', '//Charlie', '//Dave');
    api = people.api;
    [bob, charlie, dave] = people.pairs;
  });
  after(() => people?.stop());

  const send = (transaction: Transaction, from: KeyringPair) => people.send(transaction, from);
  const nameOf = (error: DispatchError): string => people.nameOf(error);
  const eventOf = (result: ISubmittableResult, name: string): Record<string, Codec> => {
    const found = result.events.find(({ event }) => event.section === 'proxy' && event.method === name);
    if (found === undefined) throw new Error(`no event ${name}`);
    return found.event.data as unknown as Record<string, Codec>;
  };
  const outcomeOf = (result: ISubmittableResult): string => {
    const executed = eventOf(result, 'ProxyExecuted').result as unknown as Executed;
    return executed.isOk ? 'ok' : nameOf(executed.asErr);
  };
  const freeOf = async (address: string): Promise<bigint> => {
    const account = (await api.query.system!.account!(address)) as unknown as {
      data: { free: { toBigInt(): bigint } };
    };
    return account.data.free.toBigInt();
  };
  const proxiesOf = async (address: string): Promise<unknown> =>
    ((await api.query.proxy!.proxies!(address)) as unknown as [Codec, Codec]).map((each) => each.toJSON());

  it('knows the calls, constants and storage of the pallet as those of pallet-proxy', () => {
    const args = (name: string) =>
      api.tx.proxy![name]!.meta.args.map((arg) => [arg.name.toString(), arg.type.toString()]);
    expect(Object.keys(api.tx.proxy!).sort()).to.deep.equal(
      [
        'proxy',
        'addProxy',
        'removeProxy',
        'removeProxies',
        'createPure',
        'killPure',
        'announce',
        'removeAnnouncement',
        'rejectAnnouncement',
        'proxyAnnounced',
      ].sort(),
    );
    expect(args('proxy')).to.deep.equal([
      ['real', 'MultiAddress'],
      ['forceProxyType', 'Option<TacitRuntimeProxyType>'],
      ['call', 'Call'],
    ]);
    expect(args('killPure').map(([name, type]) => `${name}: ${type}`)).to.deep.equal([
      'spawner: MultiAddress',
      'proxyType: TacitRuntimeProxyType',
      'index: u16',
      'height: Compact<u32>',
      'extIndex: Compact<u32>',
    ]);
    expect(Object.keys(api.consts.proxy!)).to.include.members(['proxyDepositBase', 'proxyDepositFactor', 'maxPending']);
    const { defKeys } = api.createType('TacitRuntimeProxyType') as unknown as { defKeys: string[] };
    expect(defKeys).to.deep.equal(['Any', 'NonTransfer', 'Registry', 'Rounds']);
  });

  it('adds a narrow proxy, calls by it, and is told what the filter holds back', async () => {
    const added = await send(api.tx.proxy!.addProxy!(charlie.address, 'NonTransfer', 0), bob);
    expect(eventOf(added, 'ProxyAdded').delegatee!.toString()).to.equal(charlie.address);
    expect(await proxiesOf(bob.address)).to.deep.equal([
      [{ delegate: charlie.address, proxyType: 'NonTransfer', delay: 0 }],
      130_000,
    ]);
    const remark = api.tx.system!.remarkWithEvent!('0x01');
    const done = await send(api.tx.proxy!.proxy!(bob.address, null, remark), charlie);
    expect(outcomeOf(done)).to.equal('ok');
    const remarked = done.events.find(({ event }) => event.method === 'Remarked')!.event.data[0]!;
    expect(remarked.toString()).to.equal(bob.address);
    const before = await freeOf(bob.address);
    const pay = api.tx.balances!.transferKeepAlive!(charlie.address, 1_000_000);
    expect(outcomeOf(await send(api.tx.proxy!.proxy!(bob.address, null, pay), charlie))).to.equal(
      'system.CallFiltered',
    );
    const batch = api.tx.utility!.batchAll!([remark, pay]);
    expect(outcomeOf(await send(api.tx.proxy!.proxy!(bob.address, null, batch), charlie))).to.equal(
      'system.CallFiltered',
    );
    expect(await freeOf(bob.address)).to.equal(before);
    const failed = await send(api.tx.proxy!.proxy!(dave.address, null, remark), charlie).catch(
      (error: Error) => error.message,
    );
    expect(failed).to.equal('proxy.NotProxy');
  });

  it('makes an account without a key, calls for it, and ends it', async () => {
    const created = await send(api.tx.proxy!.createPure!('Any', 0, 0), dave);
    const pure = eventOf(created, 'PureCreated').pure!.toString();
    await send(api.tx.balances!.transferKeepAlive!(pure, 5_000_000), bob);
    const pay = api.tx.balances!.transferKeepAlive!(charlie.address, 1_000_000);
    expect(outcomeOf(await send(api.tx.proxy!.proxy!(pure, 'Any', pay), dave))).to.equal('ok');
    expect(await freeOf(pure)).to.equal(4_000_000n);
    const { block } = await api.rpc.chain.getBlock(created.status.asInBlock);
    const kill = api.tx.proxy!.killPure!(dave.address, 'Any', 0, block.header.number.toNumber(), created.txIndex);
    expect(outcomeOf(await send(api.tx.proxy!.proxy!(pure, null, kill), dave))).to.equal('ok');
    expect(await proxiesOf(pure)).to.deep.equal([[], 0]);
  });

  it('announces a call by the hash that the client computes, and has it made when it is due', async () => {
    await send(api.tx.proxy!.addProxy!(dave.address, 'Any', 3), bob);
    const pay = api.tx.balances!.transferKeepAlive!(charlie.address, 1_000_000);
    const announced = await send(api.tx.proxy!.announce!(bob.address, pay.method.hash), dave);
    expect(eventOf(announced, 'Announced').callHash!.toHex()).to.equal(pay.method.hash.toHex());
    const [list] = (await api.query.proxy!.announcements!(dave.address)) as unknown as [Codec];
    const { block } = await api.rpc.chain.getBlock(announced.status.asInBlock);
    const height = block.header.number.toNumber();
    expect(list.toJSON()).to.deep.equal([{ real: bob.address, callHash: pay.method.hash.toHex(), height }]);
    const make = api.tx.proxy!.proxyAnnounced!(dave.address, bob.address, null, pay);
    const early = await send(make, dave).catch((error: Error) => error.message);
    expect(early).to.equal('proxy.Unannounced');
    await new Promise<void>((resolve, reject) => {
      let stop: (() => void) | undefined;
      api.rpc.chain
        .subscribeNewHeads(({ number }) => {
          if (number.toNumber() < height + 3) return;
          stop?.();
          resolve();
        })
        .then((off) => {
          stop = off;
        }, reject);
    });
    const before = await freeOf(bob.address);
    expect(outcomeOf(await send(make, dave))).to.equal('ok');
    expect(await freeOf(bob.address)).to.equal(before - 1_000_000n);
  });

  it('lists the proxies of all accounts, and takes them away', async () => {
    const entries = await api.query.proxy!.proxies!.entries();
    expect(entries.map(([key]) => key.args[0]!.toString())).to.deep.equal([bob.address]);
    await send(api.tx.proxy!.removeProxy!(charlie.address, 'NonTransfer', 0), bob);
    await send(api.tx.proxy!.removeProxies!(), bob);
    expect(await proxiesOf(bob.address)).to.deep.equal([[], 0]);
  });
});
