/** Accounts of several signatories with unmodified @polkadot/api against a real node. */
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import type { Option, Struct, u32, u128, Vec } from '@polkadot/types';
import type { AccountId32, Multisig } from '@polkadot/types/interfaces';
import type { ISubmittableResult } from '@polkadot/types/types';
import { encodeMultiAddress, sortAddresses } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { type DevNode, startDevNode } from './dev-node.ts';

type Transaction = SubmittableExtrinsic<'promise'>;
const SS58_PREFIX = 42;
const TAC = 1_000_000n;

describe('clients: @polkadot/api, multisig', function () {
  this.timeout(600_000);
  let node: DevNode;
  let api: ApiPromise;
  let signatories: KeyringPair[];
  let address: string;
  const [FIRST, SECOND, THIRD] = [0, 1, 2] as const;
  const by = (n: number): KeyringPair => signatories[n]!;
  const others = (n: number): string[] =>
    sortAddresses(
      signatories.filter((_, i) => i !== n).map((pair) => pair.address),
      SS58_PREFIX,
    );

  before(async () => {
    node = await startDevNode();
    api = await ApiPromise.create({ provider: new WsProvider(node.ws) as ProviderInterface, noInitWarn: true });
    const keyring = new Keyring({ type: 'sr25519', ss58Format: SS58_PREFIX });
    // None of them authors blocks: no fee comes back to them.
    signatories = ['//Bob', '//Charlie', '//Dave'].map((uri) => keyring.addFromUri(uri));
    const addresses = signatories.map((pair) => pair.address);
    address = encodeMultiAddress(addresses, 2, SS58_PREFIX);
  });
  after(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  function send(transaction: Transaction, from: KeyringPair): Promise<ISubmittableResult> {
    return new Promise((resolve, reject) => {
      transaction
        .signAndSend(from, (result) => {
          if (result.isInBlock) resolve(result);
          else if (result.isError) reject(new Error(result.status.type));
        })
        .catch(reject);
    });
  }
  async function accountOf(who: string): Promise<{ free: bigint; reserved: bigint }> {
    const { data } = (await api.query.system!.account!(who)) as unknown as { data: { free: u128; reserved: u128 } };
    return { free: data.free.toBigInt(), reserved: data.reserved.toBigInt() };
  }
  const openOf = async (hash: string): Promise<Option<Multisig>> =>
    (await api.query.multisig!.multisigs!(address, hash)) as unknown as Option<Multisig>;
  const ofMultisig = ({ events }: ISubmittableResult) =>
    events.filter(({ event }) => event.section === 'multisig').map(({ event }) => event);
  const errorOf = ({ dispatchError }: ISubmittableResult): string | undefined =>
    dispatchError?.isModule ? api.registry.findMetaError(dispatchError.asModule).name : dispatchError?.type;

  it('shows the pallet under the names, numbers and types that wallets know', () => {
    const calls = ['asMultiThreshold1', 'asMulti', 'approveAsMulti', 'cancelAsMulti'];
    for (const [index, name] of calls.entries()) {
      expect(api.tx.multisig![name]!.meta.index.toNumber(), name).to.equal(index);
    }
    const plain = api.tx.multisig!.asMultiThreshold1!.meta.name.toString();
    expect(plain, 'for clients that take names as they are').to.equal('as_multi_threshold_1');
    const args = api.tx.multisig!.asMulti!.meta.fields.map(({ name }) => name.unwrap().toString());
    expect(args).to.deep.equal(['threshold', 'other_signatories', 'maybe_timepoint', 'call', 'max_weight']);
    expect((api.consts.multisig!.maxSignatories as unknown as u32).toNumber()).to.equal(100);
  });

  it('the address of util-crypto gets money, and pays when two of three have approved', async () => {
    await send(api.tx.balances!.transferKeepAlive!(address, 5n * TAC), by(FIRST));
    expect((await accountOf(address)).free).to.equal(5n * TAC);
    const to = new Keyring({ type: 'sr25519', ss58Format: SS58_PREFIX }).addFromUri('//Payee').address;
    const inner = api.tx.balances!.transferKeepAlive!(to, 2n * TAC);
    const { weight } = await inner.paymentInfo(address);

    const opening = api.tx.multisig!.approveAsMulti!(2, others(FIRST), null, inner.method.hash, weight);
    const opened = await send(opening, by(FIRST));
    expect(errorOf(opened)).to.equal(undefined);
    expect(ofMultisig(opened).map(({ method }) => method)).to.deep.equal(['NewMultisig']);
    expect(ofMultisig(opened)[0]!.data[1]!.toString()).to.equal(address);
    const info = (await openOf(inner.method.hash.toHex())).unwrap();
    const { depositBase, depositFactor } = api.consts.multisig as unknown as Record<string, u128>;
    const deposit = depositBase!.toBigInt() + 2n * depositFactor!.toBigInt();
    expect(info.deposit.toBigInt()).to.equal(deposit);
    expect(info.depositor.toString()).to.equal(by(FIRST).address);
    expect(info.approvals.map((each: AccountId32) => each.toString())).to.deep.equal([by(FIRST).address]);
    expect((await accountOf(by(FIRST).address)).reserved).to.equal(deposit);
    // As explorers have it: the block, and the extrinsic's place in it.
    const block = await api.rpc.chain.getBlock(opened.status.asInBlock);
    expect(info.when.height.toNumber()).to.equal(block.block.header.number.toNumber());
    expect(info.when.index.toNumber()).to.equal(opened.txIndex);

    const closing = api.tx.multisig!.asMulti!(2, others(SECOND), info.when, inner.method, weight);
    const { partialFee } = await closing.paymentInfo(by(SECOND));
    const before = (await accountOf(by(SECOND).address)).free;
    const closed = await send(closing, by(SECOND));
    expect(errorOf(closed)).to.equal(undefined);
    const [executed] = ofMultisig(closed);
    expect(executed!.method).to.equal('MultisigExecuted');
    expect((executed!.data as unknown as { result: { isOk: boolean } }).result.isOk).to.equal(true);
    expect((await accountOf(to)).free).to.equal(2n * TAC);
    expect((await accountOf(address)).free).to.equal(3n * TAC);
    expect((await accountOf(by(FIRST).address)).reserved).to.equal(0n);
    expect((await openOf(inner.method.hash.toHex())).isNone).to.equal(true);
    expect((await accountOf(by(SECOND).address)).free, 'who approves last pays the fee').to.equal(
      before - partialFee.toBigInt(),
    );
  });

  it('lists what is open; who opened it cancels it; errors have their names', async () => {
    const inner = api.tx.balances!.transferAll!(by(THIRD).address, false);
    const { weight } = await inner.paymentInfo(address);
    await send(api.tx.multisig!.asMulti!(2, others(THIRD), null, inner.method, weight), by(THIRD));
    const entries = (await api.query.multisig!.multisigs!.entries(address)) as unknown as [
      { args: [AccountId32, Struct] },
      Option<Multisig>,
    ][];
    expect(entries.map(([key]) => key.args.map((each) => each.toString()))).to.deep.equal([
      [address, inner.method.hash.toHex()],
    ]);
    const { when } = entries[0]![1].unwrap();
    const wrong = { height: 1, index: 1 };
    const approve = (point: unknown, max: unknown = weight) =>
      send(api.tx.multisig!.asMulti!(2, others(FIRST), point, inner.method, max), by(FIRST));
    expect(errorOf(await approve(null))).to.equal('NoTimepoint');
    expect(errorOf(await approve(wrong))).to.equal('WrongTimepoint');
    expect(errorOf(await approve(when, { refTime: 1, proofSize: 0 }))).to.equal('MaxWeightTooLow');
    const cancel = (n: number) => send(api.tx.multisig!.cancelAsMulti!(2, others(n), when, inner.method.hash), by(n));
    expect(errorOf(await cancel(FIRST))).to.equal('NotOwner');
    expect(ofMultisig(await cancel(THIRD)).map(({ method }) => method)).to.deep.equal(['MultisigCancelled']);
    expect(((await api.query.multisig!.multisigs!.keys(address)) as unknown as Vec<Struct>).length).to.equal(0);
  });
});
