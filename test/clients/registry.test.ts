/** Data, licences, models and lineage with unmodified @polkadot/api against a real node. */
import { createHash } from 'node:crypto';
import { ApiPromise, Keyring, WsProvider } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { ProviderInterface } from '@polkadot/rpc-provider/types';
import { blake2AsHex, blake2AsU8a } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { type DevNode, startDevNode } from './dev-node.ts';

type Transaction = SubmittableExtrinsic<'promise'>;

const CONTENT = new TextEncoder().encode('a data set');
const sha256 = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest());
/** What everyone may do for nothing under a written licence. */
const openTerms = (spdx: string, revenueShare: number) => ({
  base: { Spdx: spdx },
  purposes: 31,
  tiers: 31,
  seats: null,
  price: 'Free',
  duration: null,
  uses: null,
  grace: 0,
  transferable: false,
  derivatives: 'Yes',
  revenueShare,
  revenueCeiling: null,
  restrictions: 0,
  territory: [],
  renewal: 'None',
  approvers: [],
  approvals: 0,
});

describe('clients: the registry by @polkadot/api', function () {
  this.timeout(600_000);
  let node: DevNode;
  let api: ApiPromise;
  let bob: KeyringPair;
  let charlie: KeyringPair;
  before(async () => {
    node = await startDevNode();
    api = await ApiPromise.create({ provider: new WsProvider(node.ws) as ProviderInterface, noInitWarn: true });
    const keyring = new Keyring({ type: 'sr25519' });
    [bob, charlie] = ['//Bob', '//Charlie'].map((uri) => keyring.addFromUri(uri)) as [KeyringPair, KeyringPair];
  });
  after(async () => {
    await api?.disconnect();
    await node?.stop();
  });

  /** `ok` in a block, or the name of the error. */
  function send(transaction: Transaction, from: KeyringPair): Promise<string> {
    return new Promise((resolve, reject) => {
      transaction
        .signAndSend(from, ({ dispatchError, isError, status, isInBlock }) => {
          if (dispatchError?.isModule) {
            const { section, name } = api.registry.findMetaError(dispatchError.asModule);
            resolve(`${section}.${name}`);
          } else if (isError || dispatchError) reject(new Error(status.type));
          else if (isInBlock) resolve('ok');
        })
        .catch(reject);
    });
  }
  const ask = async (name: string, ...inputs: unknown[]): Promise<unknown> => {
    const found = await (
      api.call['registryApi'] as Record<string, (...args: unknown[]) => Promise<{ toJSON(): unknown }>>
    )[name]!(...inputs);
    return found.toJSON();
  };
  const model = (name: string, terms: string, parents: object[]): Transaction => {
    const release = { fingerprint: sha256(new TextEncoder().encode(name)), architecture: sha256(CONTENT) };
    const semver = { major: 1, minor: 0, patch: 0, pre: '' };
    return api.tx['registry']!['registerModel']!(release, 'main', semver, terms, parents);
  };
  async function store(spdx: string, share: number): Promise<string> {
    const call = api.tx['licensing']!['storeTerms']!(openTerms(spdx, share));
    expect(await send(call, bob)).to.equal('ok');
    // As hex: bytes for an Option would be taken for an encoded one.
    return blake2AsHex(call.method.args[0]!.toU8a(), 256);
  }

  it('a data owner, a trainer and a reader each do their part', async () => {
    const [data, apache] = [await store('CC-BY-4.0', 500), await store('Apache-2.0', 0)];
    const register = api.tx['registry']!['registerData']!(
      sha256(CONTENT),
      blake2AsU8a(CONTENT, 256),
      [],
      null,
      false,
      false,
    );
    expect(await send(register, bob)).to.equal('ok');
    expect(await send(register, charlie)).to.equal('registry.AlreadyRegistered');
    const trained = [{ asset: { Data: 0 }, relation: 'TrainedOn', grant: null, mostBps: 500, mostInAll: null }];
    expect(await send(model('first', apache, trained), charlie)).to.equal('licensing.NoLicence');
    expect(await send(api.tx['licensing']!['setTerms']!({ Data: 0 }, data), bob)).to.equal('ok');
    expect(await send(model('first', apache, trained), charlie)).to.equal('ok');
    const tuned = [{ asset: { Model: 0 }, relation: 'FinetunedFrom', grant: null, mostBps: 0, mostInAll: null }];
    expect(await send(model('second', apache, tuned), bob)).to.equal('ok');
    expect(await ask('ancestors', { Model: 1 }, 0, 10)).to.deep.equal({
      members: [
        { asset: { model: 0 }, distance: 1 },
        { asset: { data: 0 }, distance: 2 },
      ],
      next: null,
      truncated: false,
    });
    expect(await ask('dataByDigest', { Blake2b256: blake2AsU8a(CONTENT, 256) })).to.equal(0);
    const [link] = (await ask('parents', 0)) as { shareBps: number; relation: string }[];
    expect([link?.shareBps, link?.relation]).to.deep.equal([500, 'TrainedOn']);
    // Opted out, nothing more is trained on it.
    expect(await send(api.tx['registry']!['setOptOut']!(0, true), bob)).to.equal('ok');
    expect(await send(model('third', apache, trained), charlie)).to.equal('registry.OptedOut');
  });
});
