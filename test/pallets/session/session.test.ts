import { Keyring } from '@polkadot/keyring';
import { expect } from 'chai';
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { aura } from '../../../pallets/aura/index.ts';
import { reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { grandpa } from '../../../pallets/grandpa/index.ts';
import { consensusLog } from '../../../pallets/grandpa/types.ts';
import {
  bondOf,
  ownerOf,
  proofText,
  punish,
  session,
  type SessionKeys,
  validators,
} from '../../../pallets/session/index.ts';
import { latin1, mockRuntime, verifySignature } from '../../../pallets/support/index.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { runtime } from '../../../runtime/index.ts';
import { dev, TestChain } from '../../runtime/chain.ts';

const spec = parseChainSpec(buildLocalSpec({ validators: 4 }));
const sr25519 = new Keyring({ type: 'sr25519' });
const ed25519 = new Keyring({ type: 'ed25519' });
const [alice, bob] = [dev('Alice'), dev('Bob')];

function fresh(seed: string) {
  return {
    aura: sr25519.createFromUri(`//${seed}`),
    grandpa: ed25519.createFromUri(`//${seed}`),
    committee: sr25519.createFromUri(`//${seed}//c`),
  };
}
function keysOf(pairs: ReturnType<typeof fresh>): SessionKeys {
  return { aura: pairs.aura.publicKey, grandpa: pairs.grandpa.publicKey, committee: pairs.committee.publicKey };
}
function setKeys(chain: TestChain, account: Uint8Array, pairs: ReturnType<typeof fresh>, keys = keysOf(pairs)) {
  const text = proofText(chain.genesisHash, account, keys);
  const proof = concatBytes(pairs.aura.sign(text), pairs.grandpa.sign(text), pairs.committee.sign(text));
  return session.call.setKeys({ keys, proof });
}
const errorIn = (chain: TestChain, extrinsic: Uint8Array): string => {
  const failed = chain.block([extrinsic]).events.find(({ name }) => name === 'ExtrinsicFailed')?.data as
    | { dispatchError: Parameters<typeof runtime.composition.errorName>[0] }
    | undefined;
  return failed ? runtime.composition.errorName(failed.dispatchError) : 'ok';
};

describe('pallets/session', () => {
  it('registered keys come into force when the session ends, and aura and grandpa say so in the digest', () => {
    const chain = new TestChain(spec);
    const next = fresh('BobsNext');
    const before = validators(chain.ctx());
    const extrinsic = chain.signed(bob, setKeys(chain, bob.publicKey, next), 0);
    expect(
      runtime.tasks(chain.state, chain.hash, extrinsic).map(verifySignature),
      'nodes can verify beforehand',
    ).to.deep.equal([true, true, true, true]);
    expect(errorIn(chain, extrinsic)).to.equal('ok');
    expect(validators(chain.ctx())).to.deep.equal(before);
    while (chain.number < 599) chain.block();
    expect(grandpa.use(chain.ctx()).store.currentSetId.get()).to.equal(0n);
    const { digestLogs } = chain.block();
    const after = validators(chain.ctx());
    expect(after[1]).to.deep.equal({ account: bob.publicKey, keys: keysOf(next) });
    expect(after.map(({ account }) => account)).to.deep.equal(before.map(({ account }) => account));
    expect(aura.use(chain.ctx()).store.authorities.get()[1]).to.deep.equal(next.aura.publicKey);
    expect(grandpa.use(chain.ctx()).store.authorities.get()[1]).to.deep.equal([next.grandpa.publicKey, 1n]);
    expect(grandpa.use(chain.ctx()).store.currentSetId.get()).to.equal(1n);
    expect(grandpa.use(chain.ctx()).store.setBegan.get(1n), 'light clients find the header').to.equal(600);
    expect(digestLogs.map((item) => (item.tag === 'Consensus' ? latin1(item.value[0]) : item.tag))).to.deep.equal([
      'aura',
      'FRNK',
    ]);
    const [, log] = digestLogs;
    const change = log?.tag === 'Consensus' ? consensusLog.codec.dec(log.value[1]) : undefined;
    expect(change?.tag === 'ScheduledChange' && change.value.delay).to.equal(0);
    // Evidence about the old key still finds its owner.
    expect(ownerOf(chain.ctx(), 'grandpa', before[1]!.keys.grandpa)).to.deep.equal(bob.publicKey);
    // A session without new keys changes no set.
    while (chain.number < 1200) chain.block();
    expect(grandpa.use(chain.ctx()).store.currentSetId.get()).to.equal(1n);
    expect(session.use(chain.ctx()).store.currentIndex.get()).to.equal(2);
  });

  it('keys are registered by validators only, with proofs of all three, and never twice', () => {
    const chain = new TestChain(spec);
    const next = fresh('Next');
    const outsider = dev('Eve');
    expect(errorIn(chain, chain.signed(outsider, setKeys(chain, outsider.publicKey, next), 0))).to.equal(
      'Session.NoAssociatedValidatorId',
    );
    // Alice takes a proof that was made for Bob.
    expect(errorIn(chain, chain.signed(alice, setKeys(chain, bob.publicKey, next), 0))).to.equal(
      'Session.InvalidProof',
    );
    const stolen = { ...keysOf(next), committee: validators(chain.ctx())[1]!.keys.committee };
    expect(errorIn(chain, chain.signed(alice, setKeys(chain, alice.publicKey, next, stolen), 1))).to.equal(
      'Session.DuplicatedKey',
    );
    const swapped = { ...next, committee: fresh('Other').committee };
    expect(errorIn(chain, chain.signed(alice, setKeys(chain, alice.publicKey, swapped, keysOf(next)), 2))).to.equal(
      'Session.InvalidProof',
    );
    expect(errorIn(chain, chain.signed(alice, setKeys(chain, alice.publicKey, next), 3))).to.equal('ok');
    expect(errorIn(chain, chain.signed(bob, setKeys(chain, bob.publicKey, next), 0))).to.equal('Session.DuplicatedKey');
  });

  it('slashes at most what is left of a bond, and only the bond', () => {
    const chain = mockRuntime(
      runtime.composition.pallets.filter(({ name }) => ['System', 'Balances', 'Session'].includes(name)),
      { ...spec.genesis },
    );
    const { ctx } = chain;
    const issued = totalIssuance(ctx);
    const { bond } = spec.genesis.session;
    expect(punish(ctx, alice.publicKey, 'test', new Uint8Array(32), bond / 4n)).to.equal(bond / 4n);
    expect(bondOf(ctx, alice.publicKey)).to.equal((bond * 3n) / 4n);
    expect(punish(ctx, alice.publicKey, 'test', new Uint8Array(32), 10n * bond)).to.equal((bond * 3n) / 4n);
    expect(punish(ctx, alice.publicKey, 'test', new Uint8Array(32), 1n)).to.equal(0n);
    expect(reservedOf(ctx, alice.publicKey)).to.equal(0n);
    expect(totalIssuance(ctx)).to.equal(issued - bond);
    expect(chain.events.filter(({ name }) => name === 'Offence')).to.have.length(3);
  });

  it('refuses a genesis whose validators share anything', () => {
    const { validators: four, bond } = spec.genesis.session;
    const doubled = [four[0]!, { ...four[1]!, keys: { ...four[1]!.keys, grandpa: four[0]!.keys.grandpa } }];
    for (const validators of [doubled, []]) {
      expect(() => runtime.genesis({ genesis: { ...spec.genesis, session: { bond, validators } } }))
        .to.throw()
        .that.satisfies((error: unknown) => isTacitError(error, 'session/bad-genesis'));
    }
  });
});
