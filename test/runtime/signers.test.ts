import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { Metadata, TypeRegistry } from '@polkadot/types';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { balances, freeOf } from '../../pallets/balances/index.ts';
import { CHECK_WEIGHT } from '../../pallets/support/checks.ts';
import { verifyTask } from '../../node/workers/index.ts';
import { concatBytes } from '../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { ecdsaAccount, ecdsaVerify } from '../../primitives/crypto/signature.ts';
import { runtime } from '../../runtime/index.ts';
import { dev, TestChain } from './chain.ts';

const eve = dev('Eve');
const money = 5_000_000n;

interface Wish {
  readonly nonce?: number;
  readonly mode?: number;
  readonly metadataHash?: Uint8Array;
}

/** An extrinsic made and signed by polkadot.js, which takes the extensions from our metadata. */
function signedBy(chain: TestChain, pair: KeyringPair, { nonce = 0, mode = 0, metadataHash }: Wish = {}): Uint8Array {
  const registry = new TypeRegistry();
  registry.setMetadata(new Metadata(registry, toHex(runtime.metadata(15)) as `0x${string}`));
  const method = registry.createType('Call', {
    callIndex: new Uint8Array([3, 3]),
    args: { dest: { Id: eve.address }, value: 12_345 },
  });
  const { specVersion, transactionVersion } = runtime.version;
  const options = {
    blockHash: chain.genesisHash,
    era: registry.createType('ExtrinsicEra', new Uint8Array([0])),
    genesisHash: chain.genesisHash,
    nonce,
    runtimeVersion: { specVersion, transactionVersion } as never,
    mode,
    metadataHash: metadataHash && toHex(metadataHash),
    withSignedTransaction: true,
  };
  return registry
    .createType('Extrinsic', method)
    .sign(pair, options as never)
    .toU8a();
}

/** A chain on which `pair` has money. */
function funded(pair: KeyringPair): TestChain {
  const chain = new TestChain();
  // The account of an ecdsa key is the hash of the key: polkadot.js calls it by its address.
  const dest = { tag: 'Id' as const, value: pair.addressRaw };
  const pay = balances.call.transferKeepAlive({ dest, value: money });
  expect(chain.block([chain.signed(eve, pay, 0)]).outcomes).to.deep.equal(['ok']);
  return chain;
}

describe('runtime: signers', () => {
  for (const type of ['sr25519', 'ed25519', 'ecdsa'] as const) {
    it(`${type}: what polkadot.js signs is executed, once`, () => {
      const pair = new Keyring({ type, ss58Format: 42 }).addFromUri(`//${type}`);
      const chain = funded(pair);
      const bytes = signedBy(chain, pair);
      expect(runtime.tasks(chain.state, chain.hash, bytes).map((task) => [task.kind, verifyTask(task)])).to.deep.equal([
        [type, true],
      ]);
      expect(chain.block([bytes]).outcomes).to.deep.equal(['ok']);
      expect(freeOf(chain.ctx(), pair.addressRaw) < money - 12_345n).to.equal(true);
      expect(chain.block([bytes]).outcomes).to.deep.equal([{ invalid: { tag: 'Stale' } }]);
    });

    it(`${type}: a signature for another nonce, account or chain is refused`, () => {
      const pair = new Keyring({ type, ss58Format: 42 }).addFromUri(`//${type}`);
      const chain = funded(pair);
      const bytes = signedBy(chain, pair);
      const length = bytes.length;
      const changed = (at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
      // The amount's last byte, and a byte of the signature.
      for (const at of [length - 1, 40])
        expect(chain.block([changed(at)]).outcomes).to.deep.equal([{ invalid: { tag: 'BadProof' } }]);
      const other = new TestChain();
      const elsewhere = Object.assign(Object.create(chain) as TestChain, { genesisHash: new Uint8Array(32).fill(3) });
      expect(chain.block([signedBy(elsewhere, pair)]).outcomes).to.deep.equal([{ invalid: { tag: 'BadProof' } }]);
      expect(other.block([bytes]).outcomes).to.deep.equal([{ invalid: { tag: 'Payment' } }]);
    });
  }

  it('an ecdsa signature has one form: the other s, other recovery ids and other lengths are refused', () => {
    const { ORDER } = secp256k1.Point.Fn;
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((seed) => secp256k1.utils.isValidSecretKey(seed)),
        fc.uint8Array({ maxLength: 300 }),
        (seed, message) => {
          const pair = new Keyring({ type: 'ecdsa' }).addFromSeed(seed);
          const account = ecdsaAccount(pair.publicKey);
          expect(toHex(account)).to.equal(toHex(pair.addressRaw));
          const signature = pair.sign(message);
          expect(ecdsaVerify(signature, message, account)).to.equal(true);
          const s = BigInt(toHex(signature.slice(32, 64)));
          const mirrored = fromHex(`0x${(ORDER - s).toString(16).padStart(64, '0')}`);
          const other = concatBytes(signature.slice(0, 32), mirrored, Uint8Array.of(signature[64]! ^ 1));
          expect(ecdsaVerify(other, message, account)).to.equal(false);
          for (const id of [signature[64]! ^ 1, 4, 27, 255])
            expect(ecdsaVerify(concatBytes(signature.slice(0, 64), Uint8Array.of(id)), message, account)).to.equal(
              false,
            );
          for (const bad of [signature.slice(0, 64), concatBytes(signature, Uint8Array.of(0)), new Uint8Array(65)])
            expect(ecdsaVerify(bad, message, account)).to.equal(false);
          expect(ecdsaVerify(signature, concatBytes(message, Uint8Array.of(0)), account)).to.equal(false);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('an ecdsa signature weighs what it costs', () => {
    const weightOf = (type: 'sr25519' | 'ecdsa'): bigint => {
      const pair = new Keyring({ type }).addFromUri('//Fee');
      const chain = funded(pair);
      const done = chain.block([signedBy(chain, pair)]).events.find(({ name, phase }) => {
        return name === 'ExtrinsicSuccess' && phase.tag === 'ApplyExtrinsic' && phase.value === 1;
      });
      return (done!.data as { dispatchInfo: { weight: { refTime: bigint } } }).dispatchInfo.weight.refTime;
    };
    expect(weightOf('ecdsa') - weightOf('sr25519')).to.equal(CHECK_WEIGHT.ecdsa - CHECK_WEIGHT.sr25519);
  });

  describe('the hash of the metadata (RFC 78)', () => {
    it('who signs it is bound to this description; who does not is not', () => {
      const pair = dev('Bob');
      const chain = new TestChain();
      const metadataHash = runtime.metadataHash();
      expect(chain.block([signedBy(chain, pair, { mode: 1, metadataHash })]).outcomes).to.deep.equal(['ok']);
      expect(chain.block([signedBy(chain, pair, { nonce: 1 })]).outcomes).to.deep.equal(['ok']);
    });

    it('a device that was shown another description signs for nothing', () => {
      const pair = dev('Bob');
      const chain = new TestChain();
      const badProof = [{ invalid: { tag: 'BadProof' } }];
      const wrong = new Uint8Array(32).fill(1);
      expect(chain.block([signedBy(chain, pair, { mode: 1, metadataHash: wrong })]).outcomes).to.deep.equal(badProof);
      // It says that it signs the hash, and signs none; and the other way round.
      expect(chain.block([signedBy(chain, pair, { mode: 1 })]).outcomes).to.deep.equal(badProof);
      expect(
        chain.block([signedBy(chain, pair, { mode: 0, metadataHash: runtime.metadataHash() })]).outcomes,
      ).to.deep.equal(badProof);
    });

    it('there are two modes', () => {
      const chain = new TestChain();
      expect(chain.block([signedBy(chain, dev('Bob'), { mode: 2 })]).outcomes).to.deep.equal([
        { invalid: { tag: 'Call' } },
      ]);
    });
  });
});
