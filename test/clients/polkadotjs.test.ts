/** Unmodified @polkadot/api against a real node. */
import { ApiPromise, HttpProvider, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import type { Bytes, Option, Vec } from '@polkadot/types';
import type { FeeDetails, KeyTypeId, RuntimeDispatchInfo } from '@polkadot/types/interfaces';
import type { ISubmittableResult, ITuple } from '@polkadot/types/types';
import { u8aToHex, u8aToString } from '@polkadot/util';
import { expect } from 'chai';
import { type DevNode, startDevNode } from './dev-node.ts';

type Transaction = SubmittableExtrinsic<'promise'>;

describe('clients: @polkadot/api', function () {
  this.timeout(600_000);
  let node: DevNode;
  let api: ApiPromise;
  let alice: KeyringPair;
  let bob: KeyringPair;
  /** Does not author blocks, so that no fee comes back to it. */
  let charlie: KeyringPair;
  before(async () => {
    node = await startDevNode();
    api = await ApiPromise.create({ provider: new WsProvider(node.ws) as ProviderInterface, noInitWarn: true });
    const keyring = new Keyring({ type: 'sr25519' });
    [alice, bob] = [keyring.addFromUri('//Alice'), keyring.addFromUri('//Bob')];
    charlie = keyring.addFromUri('//Charlie');
  });
  after(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  /** Sends, and gives the statuses seen and the result in the finalized block. */
  function send(
    transaction: Transaction,
    from: KeyringPair,
    nonce?: number,
  ): Promise<{ seen: string[]; result: ISubmittableResult }> {
    const seen: string[] = [];
    return new Promise((resolve, reject) => {
      transaction
        .signAndSend(from, nonce === undefined ? {} : { nonce }, (result) => {
          seen.push(result.status.type);
          if (result.isFinalized) resolve({ seen, result });
          else if (result.isError) reject(new Error(result.status.type));
        })
        .catch(reject);
    });
  }
  const freeOf = async (who: KeyringPair): Promise<bigint> => {
    const { data } = (await api.query.system!.account!(who.address)) as unknown as {
      data: { free: { toBigInt(): bigint } };
    };
    return data.free.toBigInt();
  };

  it('connects and reads the chain, its constants and its runtime APIs', async () => {
    expect(api.runtimeVersion.specName.toString()).to.equal('tacit');
    expect((await api.rpc.system.chain()).toString()).to.equal('Tacit Development');
    expect(api.registry.chainTokens).to.deep.equal(['TAC']);
    expect(api.registry.chainDecimals).to.deep.equal([6]);
    expect((api.consts.aura!.slotDuration as unknown as { toNumber(): number }).toNumber()).to.equal(2000);
    expect(Object.keys(api.call)).to.include.members(['transactionPaymentApi', 'accountNonceApi', 'auraApi']);
  });

  it('signs a transfer, sees it in a block and finalized, and decodes its events', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, 1_500_000n);
    const { partialFee } = await transfer.paymentInfo(charlie);
    const before = [await freeOf(charlie), await freeOf(bob)] as const;
    const { seen, result } = await send(transfer, charlie);
    expect(seen).to.include.members(['InBlock', 'Finalized']);
    const events = result.events.map(({ event }) => `${event.section}.${event.method}`);
    expect(events).to.include.members([
      'balances.Transfer',
      'transactionPayment.TransactionFeePaid',
      'system.ExtrinsicSuccess',
    ]);
    const paid = result.events.find(({ event }) => event.method === 'TransactionFeePaid')!.event.data[1]!;
    expect(paid.toString()).to.equal(partialFee.toString());
    expect(await freeOf(bob)).to.equal(before[1] + 1_500_000n);
    expect(await freeOf(charlie)).to.equal(before[0] - 1_500_000n - partialFee.toBigInt());
  });

  it('tells the error of a call that fails', async () => {
    const tooMuch = api.tx.balances!.transferKeepAlive!(bob.address, 10n ** 20n);
    const { result } = await send(tooMuch, alice);
    expect(result.dispatchError, 'it failed').to.not.equal(undefined);
    const { dispatchError } = result;
    const name = dispatchError!.isModule
      ? api.registry.findMetaError(dispatchError!.asModule).name
      : dispatchError!.asToken.type;
    expect(name).to.be.oneOf(['InsufficientBalance', 'FundsUnavailable']);
  });

  it('refuses what is invalid with the texts that wallets know', async () => {
    const remark = api.tx.system!.remark!('0x00');
    const failures = [
      await remark.signAndSend(alice, { nonce: 0 }).catch((error: Error) => error.message),
      await new HttpProvider(node.http)
        .send('author_submitExtrinsic', ['0x0400'])
        .catch((error: Error) => error.message),
      await api.tx.balances!.transferKeepAlive!(bob.address, 1)
        .signAndSend(new Keyring({ type: 'sr25519' }).addFromUri('//Poor'))
        .catch((error: Error) => error.message),
    ];
    expect(failures[0]).to.match(/^1010: Invalid Transaction: Transaction is outdated/);
    expect(failures[1]).to.match(/^1010: Invalid Transaction|^1002/);
    expect(failures[2]).to.match(/^1010: Invalid Transaction: Inability to pay some fees/);
  });

  it('tells apart what the runtime cannot judge: a call without a signature that nobody validates', async () => {
    const unsigned = api.tx.system!.remark!('0x05');
    const why = await unsigned.send().catch((error: Error) => error.message);
    expect(why).to.equal('1011: Unknown Transaction Validity: NoUnsignedValidator');
  });

  it('estimates the fee of a call that nobody has signed, as for the signed one', async () => {
    const transfer = api.tx.balances!.transferKeepAlive!(bob.address, 1_500_000n);
    const { partialFee, weight } = await transfer.paymentInfo(charlie);
    const length = (await transfer.signAsync(charlie)).encodedLength;
    const fees = api.call.transactionPaymentCallApi!;
    const info = (await fees.queryCallInfo!(transfer.method, length)) as unknown as RuntimeDispatchInfo;
    expect(info.partialFee.toString()).to.equal(partialFee.toString());
    expect([info.class.type, info.weight.toString()]).to.deep.equal(['Normal', weight.toString()]);
    const details = (await fees.queryCallFeeDetails!(transfer.method, length)) as unknown as FeeDetails;
    const { baseFee, lenFee, adjustedWeightFee } = details.inclusionFee.unwrap();
    expect(baseFee.add(lenFee).add(adjustedWeightFee).toString()).to.equal(partialFee.toString());
    expect(lenFee.toNumber()).to.be.greaterThan(0);
  });

  it('takes session keys apart, and says of others that they are none', async () => {
    const queued = (await api.query.session!.queuedKeys!()) as unknown as Vec<Bytes>;
    // the account, then its keys
    const encoded = u8aToHex(queued[0]!.toU8a().slice(32));
    const decode = async (bytes: string) =>
      (await api.call.sessionKeys!.decodeSessionKeys!(bytes)) as unknown as Option<Vec<ITuple<[Bytes, KeyTypeId]>>>;
    const keys = (await decode(encoded))
      .unwrap()
      .map(([key, type]) => [key.toHex(), u8aToString(type.toU8a())] as const);
    expect(keys.map(([, type]) => type)).to.deep.equal(['aura', 'gran', 'comm']);
    expect(`0x${keys.map(([key]) => key.slice(2)).join('')}`).to.equal(encoded);
    expect((await decode(encoded.slice(0, -2))).isNone).to.equal(true);
  });

  it('takes many transactions of one account at once, in the order of their nonces', async () => {
    const nonce = (await api.rpc.system.accountNextIndex(bob.address)).toNumber();
    const hashes: string[] = [];
    // The later ones first: they wait for the earlier.
    for (const offset of [2, 1, 0]) {
      const transfer = api.tx.balances!.transferKeepAlive!(alice.address, 1000 + offset);
      hashes.push((await transfer.signAndSend(bob, { nonce: nonce + offset })).toHex());
    }
    expect((await api.rpc.system.accountNextIndex(bob.address)).toNumber()).to.equal(nonce + 3);
    const { result } = await send(api.tx.system!.remark!('0x01'), bob, nonce + 3);
    const block = await api.rpc.chain.getBlock(result.status.asFinalized);
    const mine = block.block.extrinsics
      .map((extrinsic) => extrinsic.hash.toHex())
      .filter((hash) => hashes.includes(hash));
    expect(mine).to.deep.equal(hashes.toReversed());
  });

  it('reads at old blocks, with proofs, keys and authors', async () => {
    const head = await api.rpc.chain.getFinalizedHead();
    const at = await api.at(head);
    expect(((await at.query.system!.events!()) as unknown as { length: number }).length).to.be.greaterThan(0);
    const derived = await api.derive.chain.getHeader(head);
    expect(derived.author?.toString()).to.equal(alice.address);
    expect(derived.hash.toHex()).to.equal(head.toHex());
    const key = api.query.system!.account!.key(alice.address);
    const proof = await api.rpc.state.getReadProof([key], head);
    expect(proof.proof.length).to.be.greaterThan(2);
    const entries = await api.query.system!.account!.entries();
    expect(entries.length).to.be.greaterThan(8);
    const multi = await api.query.system!.account!.multi([alice.address, bob.address]);
    expect(multi).to.have.length(2);
    expect((await api.derive.balances.all(alice.address)).freeBalance.toBigInt()).to.equal(await freeOf(alice));
  });

  it('follows heads, storage and finality justifications', async () => {
    const heads: number[] = [];
    const stops: (() => unknown)[] = [];
    const justified = await new Promise<string>((resolve, reject) => {
      api.derive.chain
        .subscribeNewHeads((header) => void heads.push(header.number.toNumber()))
        .then((stop) => stops.push(stop), reject);
      api.query.system!.number!(() => undefined).then((stop) => stops.push(stop as unknown as () => unknown), reject);
      api.rpc.grandpa.subscribeJustifications((one) => resolve(one.toHex())).then((stop) => stops.push(stop), reject);
    });
    for (const stop of stops) stop();
    expect(heads.length).to.be.greaterThan(0);
    const { commit } = api.registry.createType('GrandpaJustification', justified) as unknown as {
      commit: { precommits: { length: number }; targetNumber: { toNumber(): number } };
    };
    expect(commit.precommits.length).to.equal(1);
    const signed = await api.rpc.chain.getBlock(await api.rpc.chain.getBlockHash(commit.targetNumber.toNumber()));
    expect(signed.justifications.isSome).to.equal(true);
  });

  it('serves the same over HTTP', async () => {
    const provider = new HttpProvider(node.http);
    expect(await provider.send('system_chain', [])).to.equal('Tacit Development');
    expect(await provider.send('chain_getBlockHash', [0])).to.equal(api.genesisHash.toHex());
  });

  it('accepts ed25519 accounts and batches', async () => {
    const ed = new Keyring({ type: 'ed25519' }).addFromUri('//Ed');
    const gift = api.tx.balances!.transferKeepAlive!(ed.address, 5_000_000n);
    const { result } = await send(api.tx.utility!.batchAll!([gift, api.tx.system!.remark!('0x02')]), alice);
    expect(result.events.map(({ event }) => event.method)).to.include('BatchCompleted');
    const answer = await send(api.tx.system!.remark!('0x03'), ed);
    expect(answer.result.dispatchError).to.equal(undefined);
  });

  it('stops cleanly when it is asked to', async () => {
    await api.disconnect();
    expect(await node.end('SIGTERM')).to.equal(0);
  });
});
