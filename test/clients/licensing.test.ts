/** Licences with unmodified @polkadot/api against a real node: a data owner sells, a trainer buys; what a gateway knows it has from one proof. */
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import type { Codec, ISubmittableResult } from '@polkadot/types/types';
import { expect } from 'chai';
import dev from '../../chain-spec/dev.json' with { type: 'json' };
import { storage } from '../../client/sdk/generated/chain.ts';
import { isRefusal, LightClient, trustRootOf } from '../../client/sdk/light/index.ts';
import { type DevNode, startDevNode } from './dev-node.ts';

type Transaction = SubmittableExtrinsic<'promise'>;
const PRICE = 5_000_000n;
const DATA = { Data: 0 };
/** As a client writes terms: nothing of the chain's own sources. */
const terms = {
  base: { Custom: `0x${'09'.repeat(32)}` },
  purposes: 3,
  tiers: 0b10_101,
  seats: 2,
  price: { Subscription: { amount: PRICE, period: 1_000 } },
  duration: null,
  uses: null,
  grace: 100,
  transferable: false,
  derivatives: 'Yes',
  revenueShare: 500,
  revenueCeiling: null,
  restrictions: 2,
  territory: [],
  renewal: 'Manual',
  approvers: [],
  approvals: 0,
};

describe('clients: licences by @polkadot/api', function () {
  this.timeout(600_000);
  let node: DevNode;
  let provider: WsProvider;
  let api: ApiPromise;
  let owner: KeyringPair;
  let trainer: KeyringPair;
  let reader: KeyringPair;
  let id: string;
  before(async () => {
    node = await startDevNode();
    provider = new WsProvider(node.ws);
    api = await ApiPromise.create({ provider: provider as ProviderInterface, noInitWarn: true });
    const keyring = new Keyring({ type: 'sr25519' });
    [owner, trainer, reader] = ['//Bob', '//Charlie', '//Dave'].map((uri) => keyring.addFromUri(uri)) as [
      KeyringPair,
      KeyringPair,
      KeyringPair,
    ];
  });
  after(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  function send(transaction: Transaction, from: KeyringPair): Promise<ISubmittableResult> {
    return new Promise((resolve, reject) => {
      transaction
        .signAndSend(from, ({ dispatchError, ...result }) => {
          if (dispatchError?.isModule) {
            const { section, name } = api.registry.findMetaError(dispatchError.asModule);
            reject(new Error(`${section}.${name}`));
          } else if (dispatchError || result.isError) reject(new Error(dispatchError?.type ?? result.status.type));
          else if (result.isInBlock || result.status.isInBlock) resolve(result as unknown as ISubmittableResult);
        })
        .catch(reject);
    });
  }
  const failure = (transaction: Transaction, from: KeyringPair): Promise<string> =>
    send(transaction, from).then(
      () => 'ok',
      (error: Error) => error.message,
    );
  const told = ({ events }: ISubmittableResult, name: string): Record<string, Codec> => {
    const found = events.find(({ event }) => event.section === 'licensing' && event.method === name);
    if (found === undefined) throw new Error(`no event ${name}`);
    return found.event.data as unknown as Record<string, Codec>;
  };
  const ask = async (method: string, ...args: unknown[]): Promise<Record<string, unknown>> =>
    ((await api.call.licensingApi![method]!(...args)) as unknown as Codec).toJSON() as Record<string, unknown>;
  const call = (name: string, ...args: unknown[]): Transaction => api.tx.licensing![name]!(...args);

  it('an owner puts data under terms and sells licences of it', async () => {
    const digest = (byte: string): string => `0x${byte.repeat(32)}`;
    await send(api.tx.registry!.registerData!(digest('aa'), digest('bb'), [], null, false, false), owner);
    id = told(await send(call('storeTerms', terms), owner), 'TermsStored').id!.toHex();
    expect((await ask('terms', id)).references).to.equal(0);
    await send(call('setTerms', DATA, id), owner);
    await send(call('offer', DATA, id, null, null), owner);
    expect(await failure(call('offer', DATA, id, null, null), reader)).to.equal('ownership.NotAllowed');
    const [offer] = (await ask('offers', DATA, 0, 10)) as unknown as { id: number; offer: { terms: string } }[];
    expect([offer?.id, offer?.offer.terms]).to.deep.equal([0, id]);
  });

  it('a trainer is told what is missing, buys, opens, and may', async () => {
    const derived = [trainer.address, id, [{ asset: DATA, relation: 'TrainedOn', grant: null }]];
    const [before] = (await ask('checkDerivation', ...derived)) as unknown as { clause: string; cure: string }[];
    expect([before?.clause, before?.cure]).to.deep.equal([
      'GrantMissing',
      'Buy a grant of its owner that allows this, and open it.',
    ]);
    expect(await failure(call('buy', DATA, 0, PRICE - 1n), trainer)).to.equal('licensing.PriceAbove');
    const bought = told(await send(call('buy', DATA, 0, PRICE), trainer), 'Bought');
    expect([bought.grant!.toString(), bought.price!.toString()]).to.deep.equal(['0', String(PRICE)]);
    expect((await ask('access', DATA, trainer.address)).reason).to.equal('NotOpened');
    const opened = told(await send(call('open', 0), trainer), 'Opened');
    expect(['earned', 'treasury', 'burned'].map((name) => opened[name]!.toString())).to.deep.equal([
      '4900000',
      '50000',
      '50000',
    ]);
    const [now] = (await ask('checkDerivation', ...derived)) as unknown as { clause: null; shareBps: number }[];
    expect([now?.clause, now?.shareBps]).to.deep.equal([null, 500]);
    expect(
      ((await ask('grantsOf', trainer.address, 0, 10)) as unknown as { id: number }[]).map((one) => one.id),
    ).to.deep.equal([0]);
  });

  it('mints a model of it under terms that drop what the data forbids when that is waived, once', async () => {
    const free = { ...terms, base: { Custom: `0x${'08'.repeat(32)}` }, restrictions: 0 };
    const freer = told(await send(call('storeTerms', free), trainer), 'TermsStored').id!.toHex();
    const check = async (of: string) =>
      (await ask('checkDerivation', trainer.address, of, [
        { asset: DATA, relation: 'TrainedOn', grant: 0 },
      ])) as unknown as {
        clause: string | null;
        cure: string;
      }[];
    const [refused] = await check(freer);
    expect(refused?.clause).to.equal('RestrictionDropped');
    expect(refused?.cure).to.include('weapons');
    const mint = (name: string): Transaction => {
      const fingerprint = `0x${name.repeat(32)}`;
      const release = { fingerprint, architecture: fingerprint, tensors: null, card: null, changelog: null };
      const semver = { major: 1, minor: 0, patch: 0, pre: '' };
      return api.tx.registry!.registerModel!(release, 'main', semver, freer, [
        { asset: DATA, relation: 'TrainedOn', grant: 0, mostBps: 500, mostInAll: null },
      ]);
    };
    expect(await failure(mint('c1'), trainer)).to.equal('licensing.RestrictionDropped');
    await send(call('waive', DATA, trainer.address, freer, 'RestrictionDropped'), owner);
    expect((await check(freer))[0]?.clause).to.equal(null);
    const minted = await send(mint('c1'), trainer);
    expect(told(minted, 'WaiversUsed').terms!.toHex()).to.equal(freer);
    expect(((await ask('termsUnder', { Model: 0 })) as { id: string }).id).to.equal(freer);
    expect(await failure(mint('c2'), trainer)).to.equal('licensing.RestrictionDropped');
  });

  it('a gateway that believes no node knows from one proof what an account may', async () => {
    await send(call('assignSeat', 0, reader.address, null), trainer);
    const height = (await api.rpc.chain.getHeader()).number.toNumber();
    while ((await api.rpc.chain.getHeader(await api.rpc.chain.getFinalizedHead())).number.toNumber() < height)
      await new Promise((resolve) => setTimeout(resolve, 200));
    let proofs: string[][] = [];
    let change = (nodes: string[]): string[] => nodes;
    const request = async (method: string, params: readonly unknown[]): Promise<unknown> => {
      const answer = await provider.send<unknown>(method, [...params]);
      if (method !== 'state_getReadProof') return answer;
      const { proof } = answer as { proof: string[] };
      proofs.push(params[0] as string[]);
      return { ...(answer as object), proof: change(proof) };
    };
    const light = new LightClient(request, trustRootOf(dev));
    const state = await light.finalizedState();
    proofs = [];
    const asset = { tag: 'Data' as const, value: 0n };
    const of = (pair: KeyringPair) => state.get(storage.licensing.access, asset, pair.publicKey);
    const [seat] = await of(reader);
    expect(
      proofs.map((keys) => keys.length),
      'one key, one proof',
    ).to.deep.equal([1]);
    expect(seat).to.deep.include({ grant: 0n, isHolder: false, tiers: terms.tiers, usesLeft: undefined });
    const [own] = await of(trainer);
    expect(own).to.deep.include({ isHolder: true, until: seat?.until });
    expect(seat!.until!).to.be.greaterThan(state.block.number);
    expect(await of(owner)).to.deep.equal([]);
    change = (nodes) => nodes.map((bytes) => `${bytes.slice(0, -1)}${bytes.endsWith('0') ? '1' : '0'}`);
    expect(await of(reader).then(() => false, isRefusal)).to.equal(true);
  });
});
