import { metadata as papiMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings';
import { Metadata, type Result, type Tuple, TypeRegistry, type Vec } from '@polkadot/types';
import type {
  ApplyExtrinsicResult,
  EventRecord,
  FeeDetails,
  RuntimeDispatchInfo,
  RuntimeVersion,
  TransactionValidityError,
} from '@polkadot/types/interfaces';
import { expect } from 'chai';
import { fromLatin1, latin1, storagePrefix, verifySignature } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { concatBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { toAddress } from '../../primitives/crypto/ss58.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { compact, u32 } from '../../primitives/scale/index.ts';
import { balances } from '../../pallets/balances/index.ts';
import { runtime } from '../../runtime/index.ts';
import { dev, TestChain } from './chain.ts';
import { expectStored } from '../support/stored.ts';
import { shapeOf } from './shape.ts';

const versions = [14, 15, 16] as const;
const alice = dev('Alice');
const eve = dev('Eve');
const nothing: Uint8Array = new Uint8Array();

function polkadotRegistry(version: 14 | 15 | 16): TypeRegistry {
  const registry = new TypeRegistry();
  registry.setMetadata(new Metadata(registry, runtime.metadata(version)));
  return registry;
}

describe('runtime: what clients see', () => {
  for (const version of versions) {
    it(`metadata ${version} is read by PAPI's codecs byte for byte, and by polkadot.js`, () => {
      const bytes = runtime.metadata(version);
      const decoded = papiMetadata.dec(bytes);
      expect(papiMetadata.enc(decoded)).to.deep.equal(bytes);
      expect(decoded.metadata.tag).to.equal(`v${version}`);
      const unified = unifyMetadata(decoded);
      expect(unified.pallets.map(({ name, index }) => [name, index])).to.deep.include.members([
        ['System', 0],
        ['Balances', 3],
        ['Registry', 40],
      ]);
      expect(polkadotRegistry(version).metadata.pallets.length).to.equal(unified.pallets.length);
    });
  }

  it('the interface has not changed unnoticed', () => {
    const remedy = 'npx tacit run test/runtime/snapshot.ts (and raise specVersion if a chain is running)';
    expectStored(new URL('metadata.snapshot.json', import.meta.url), shapeOf(runtime), remedy);
  });

  it('an extrinsic made and signed by polkadot.js decodes and verifies', () => {
    const chain = new TestChain();
    chain.block();
    const registry = polkadotRegistry(14);
    const method = registry.createType('Call', {
      callIndex: new Uint8Array([3, 3]),
      args: { dest: { Id: eve.address }, value: 12_345_678 },
    });
    expect(`${method.section}.${method.method}`).to.equal('balances.transferKeepAlive');
    for (const [mortal, tip] of [
      [false, 0],
      [true, 77],
    ] as const) {
      const options = {
        blockHash: mortal ? chain.hash : chain.genesisHash,
        era: registry.createType('ExtrinsicEra', mortal ? { current: chain.number, period: 64 } : new Uint8Array([0])),
        genesisHash: chain.genesisHash,
        nonce: mortal ? 1 : 0,
        runtimeVersion: {
          specVersion: runtime.version.specVersion,
          transactionVersion: runtime.version.transactionVersion,
        } as never,
        tip,
      };
      const signed = registry.createType('Extrinsic', method).sign(alice, options);
      const bytes = signed.toU8a();
      expect(runtime.decode(bytes).call).to.deep.equal(
        balances.call.transferKeepAlive({ dest: { tag: 'Id', value: eve.publicKey }, value: 12_345_678n }),
      );
      expect(runtime.tasks(chain.state, chain.hash, bytes).map(verifySignature)).to.deep.equal([true]);
      expect(chain.block([bytes]).outcomes).to.deep.equal(['ok']);
      expect(toHex(runtime.extrinsicHash(bytes))).to.equal(signed.hash.toHex());
    }
  });

  it('polkadot.js reads an extrinsic of ours, the events, and an account', () => {
    const chain = new TestChain();
    const extrinsic = chain.signed(
      eve,
      balances.call.transferKeepAlive({ dest: { tag: 'Id', value: alice.publicKey }, value: 5n }),
      0,
      { tip: 3n },
    );
    chain.block([extrinsic]);
    const registry = polkadotRegistry(15);
    const theirs = registry.createType('Extrinsic', extrinsic);
    expect(theirs.signer.toString()).to.equal(toAddress(eve.publicKey));
    expect(theirs.tip.toNumber()).to.equal(3);
    expect(theirs.toU8a()).to.deep.equal(extrinsic);
    const events = chain.state.get(fromLatin1(storagePrefix('System', 'Events')))!;
    const records = registry.createType<Vec<EventRecord>>('Vec<EventRecord>', events);
    expect(records.toU8a()).to.deep.equal(events);
    expect(records.map(({ event }) => `${event.section}.${event.method}`)).to.include.members([
      'balances.Transfer',
      'transactionPayment.TransactionFeePaid',
      'system.ExtrinsicSuccess',
    ]);
    const account = chain.state.get(system.use(chain.ctx()).store.account.keyOf(eve.publicKey))!;
    const info = registry.createType('AccountInfo', account).toJSON() as { nonce: number; data: { free: number } };
    expect(info.nonce).to.equal(1);
    expect(BigInt(info.data.free)).to.equal(system.use(chain.ctx()).store.account.get(eve.publicKey).data.free);
    expect(runtime.eventsTy.codec.enc(runtime.eventsTy.codec.dec(events))).to.deep.equal(events);
  });

  it('answers the runtime APIs that clients call', () => {
    const chain = new TestChain();
    chain.block([chain.signed(eve, system.call.remark({ remark: nothing }), 0)]);
    const call = (method: string, input = nothing) => runtime.call(chain.state, chain.hash, method, input, chain.host);
    const registry = polkadotRegistry(15);
    const version = registry.createType<RuntimeVersion>('RuntimeVersion', call('Core_version'));
    expect([version.specName.toString(), version.specVersion.toNumber()]).to.deep.equal([
      'tacit',
      runtime.version.specVersion,
    ]);
    expect(call('AccountNonceApi_account_nonce', eve.publicKey)).to.deep.equal(u32.codec.enc(1));
    const withLength = (bytes: Uint8Array) => concatBytes(compact(u32).codec.enc(bytes.length), bytes);
    expect(call('Metadata_metadata')).to.deep.equal(withLength(runtime.metadata(14)));
    expect(call('Metadata_metadata_at_version', u32.codec.enc(16))).to.deep.equal(
      concatBytes(Uint8Array.of(1), withLength(runtime.metadata(16))),
    );
    expect(call('Metadata_metadata_at_version', u32.codec.enc(13))).to.deep.equal(Uint8Array.of(0));
    expect(registry.createType('Vec<u32>', call('Metadata_metadata_versions')).toJSON()).to.deep.equal([14, 15, 16]);
    const extrinsic = chain.signed(eve, system.call.remark({ remark: new Uint8Array(10) }), 1);
    const sized = concatBytes(extrinsic, u32.codec.enc(extrinsic.length));
    const info = registry.createType<RuntimeDispatchInfo>(
      'RuntimeDispatchInfo',
      call('TransactionPaymentApi_query_info', sized),
    );
    const details = registry.createType<FeeDetails>(
      'FeeDetails',
      call('TransactionPaymentApi_query_fee_details', sized),
    );
    const { baseFee, lenFee, adjustedWeightFee } = details.inclusionFee.unwrap();
    const { events } = chain.block([extrinsic]);
    const paid = events.find(({ name }) => name === 'TransactionFeePaid')?.data as { actualFee: bigint };
    expect(info.partialFee.toBigInt(), 'the fee foretold is the fee taken').to.equal(paid.actualFee);
    expect(baseFee.toBigInt() + lenFee.toBigInt() + adjustedWeightFee.toBigInt()).to.equal(paid.actualFee);
    expect(
      registry.createType('u128', call('TransactionPaymentApi_query_length_to_fee', u32.codec.enc(100))).toNumber(),
    ).to.equal(300);
    expect(
      registry.createType<Vec<Tuple>>('Vec<([u8; 32], u64)>', call('GrandpaApi_grandpa_authorities')).length,
    ).to.equal(1);
    expect(registry.createType('u64', call('AuraApi_slot_duration')).toNumber()).to.equal(2000);
    const dryRun = (bytes: Uint8Array) =>
      registry.createType<ApplyExtrinsicResult>('ApplyExtrinsicResult', call('BlockBuilder_apply_extrinsic', bytes));
    expect(dryRun(chain.signed(eve, system.call.remark({ remark: nothing }), 2)).isOk).to.equal(true);
    expect(dryRun(extrinsic).asErr.asInvalid.isStale).to.equal(true);
    for (const [method, input, wanted] of [
      ['Core_nothing', nothing, 'runtime/no-such-method'],
      ['AccountNonceApi_account_nonce', new Uint8Array(31), 'scale/truncated'],
      ['AccountNonceApi_account_nonce', new Uint8Array(33), 'scale/trailing'],
      ['TransactionPaymentApi_query_info', Uint8Array.of(8, 1, 2, 0, 0, 0, 0), 'runtime/bad-input'],
    ] as const) {
      expect(() => call(method, input), method)
        .to.throw()
        .that.satisfies((error: unknown) => isTacitError(error, wanted));
    }
  });

  it('judges transactions for the pool as TaggedTransactionQueue tells PAPI', () => {
    const chain = new TestChain();
    const validate = (bytes: Uint8Array, source: 'external' | 'inBlock' = 'external') =>
      runtime.validate(chain.state, chain.hash, source, bytes, chain.host);
    const remark = (nonce: number, wish = {}) =>
      chain.signed(eve, system.call.remark({ remark: nothing }), nonce, wish);
    // On the state of genesis already, whose hash the state itself does not hold.
    const first = validate(remark(0));
    if (!('valid' in first)) throw new Error(JSON.stringify(first));
    expect(first.valid.requires).to.deep.equal([]);
    const third = validate(remark(2, { tip: 10n }));
    const second = validate(remark(1));
    if (!('valid' in third && 'valid' in second)) throw new Error('not valid');
    expect(third.valid.requires).to.deep.equal(second.valid.provides);
    expect(third.valid.priority > second.valid.priority).to.equal(true);
    chain.block([remark(0)]);
    expect(validate(remark(0))).to.deep.equal({ invalid: { tag: 'Stale' } });
    const mortal = validate(remark(1, { era: { period: 64, phase: 1 }, birthHash: chain.hash }));
    expect('valid' in mortal && mortal.valid.longevity).to.equal(63n);
    const registry = polkadotRegistry(15);
    const ask = (bytes: Uint8Array) =>
      registry.createType<Result<Tuple, TransactionValidityError>>(
        'Result<(u64, Vec<Bytes>, Vec<Bytes>, u64, bool), TransactionValidityError>',
        runtime.call(
          chain.state,
          chain.hash,
          'TaggedTransactionQueue_validate_transaction',
          concatBytes(Uint8Array.of(2), bytes, chain.hash),
          chain.host,
        ),
      );
    expect(ask(remark(1)).isOk).to.equal(true);
    expect(ask(remark(0)).asErr.asInvalid.isStale).to.equal(true);
    const inherent = chain.begin().inherents(0n)[0]!;
    expect(validate(inherent), 'inherents are not sent').to.deep.equal({ invalid: { tag: 'Call' } });
    expect(latin1(chain.hash)).to.have.length(32);
  });
});
