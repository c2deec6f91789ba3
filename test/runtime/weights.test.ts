/** What a block may hold: signatures and the work of hooks are counted. */
import { expect } from 'chai';
import { slotClaim } from '../../pallets/aura/index.ts';
import { balances } from '../../pallets/balances/index.ts';
import { CHECK_WEIGHT, definePallet } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import {
  BASE_BLOCK_WEIGHT,
  BASE_EXTRINSIC_WEIGHT,
  classLimits,
  MAX_BLOCK_WEIGHT,
  MAX_HOOKS_WEIGHT,
} from '../../pallets/system/limits.ts';
import { aura } from '../../pallets/aura/index.ts';
import { session } from '../../pallets/session/index.ts';
import { grandpa } from '../../pallets/grandpa/index.ts';
import { timestamp } from '../../pallets/timestamp/index.ts';
import { transactionPayment } from '../../pallets/transaction-payment/index.ts';
import { builtinSpec } from '../../chain-spec/index.ts';
import { encodeSigned, makeRuntime, type Runtime } from '../../runtime/index.ts';
import { dev, TestChain } from './chain.ts';

const MS = 1_000_000_000n;
const eve = dev('Eve');
const bob = { tag: 'Id' as const, value: dev('Bob').publicKey };

/** The ground pallets and one whose hooks weigh something. */
function withHooks(begins: bigint, ends: bigint): Runtime {
  const busy = definePallet({
    name: 'Busy',
    index: 99,
    docs: 'Works in its hooks.',
    onInitialize: () => begins,
    finalizeWeight: ({ ctx }) => (ctx.block === 1 ? ends : 0n),
  });
  return makeRuntime([system, timestamp, balances, transactionPayment, session, aura, grandpa, busy], {
    specName: 'busy',
    implName: 'busy',
    specVersion: 1,
    transactionVersion: 1,
  });
}

/** Applies transfers with made-up signatures, which the host believes, until the block takes no more. */
function fill(runtime: Runtime): { count: number; mandatory: bigint } {
  const chain = new TestChain(builtinSpec('dev')!, runtime);
  const facts = { ...runtime.version, genesisHash: chain.genesisHash, birthHash: chain.genesisHash };
  const start = { parentHash: chain.hash, number: 1, digest: [slotClaim(1001n)] };
  const run = runtime.begin(chain.state, start, { verify: () => true });
  for (const inherent of run.inherents(2_002_000n)) expect(run.apply(inherent)).to.equal('ok');
  const call = balances.call.transferKeepAlive({ dest: bob, value: 1n });
  const sign = () => ({ tag: 'Sr25519' as const, value: new Uint8Array(64) });
  for (let nonce = 0; ; nonce++) {
    const bytes = encodeSigned(runtime.callTy, call, { account: eve.publicKey, nonce, sign }, facts);
    if (run.apply(bytes) === 'ok') continue;
    run.finish();
    return { count: nonce, mandatory: system.use(run.ctx).store.blockWeight.get().mandatory.refTime };
  }
}

describe('runtime: weights', () => {
  const each = BASE_EXTRINSIC_WEIGHT + transferWeight();
  let alone: { count: number; mandatory: bigint };
  before(() => {
    alone = fill(withHooks(0n, 0n));
  });

  function transferWeight(): bigint {
    const { composition } = withHooks(0n, 0n);
    return composition.infoOf(balances.call.transferKeepAlive({ dest: bob, value: 1n })).weight;
  }

  it('count the signature of every extrinsic: what a block takes of transfers can be verified within half a slot', () => {
    expect(alone.count).to.equal(Number(classLimits('Normal').weight / each));
    expect(BigInt(alone.count) * CHECK_WEIGHT.sr25519 < 1000n * MS).to.equal(true);
    expect(alone.mandatory >= BASE_BLOCK_WEIGHT).to.equal(true);
  });

  it('count what hooks have done, and what they will do at most at the end; extrinsics get the rest', () => {
    const { count, mandatory } = fill(withHooks(100n * MS, 450n * MS));
    expect(mandatory - alone.mandatory).to.equal(550n * MS);
    // A quarter of the block is not for transfers in any case: the hooks take that first.
    const rest = MAX_BLOCK_WEIGHT - mandatory;
    expect(count)
      .to.equal(Number(rest / each))
      .and.to.be.lessThan(alone.count);
  });

  it('leave half of the block to extrinsics, whatever hooks declare: the posts on which hooks wait go in', () => {
    const { count, mandatory } = fill(withHooks(0n, 10n * MAX_BLOCK_WEIGHT));
    expect(mandatory - alone.mandatory).to.equal(MAX_HOOKS_WEIGHT);
    expect(BigInt(count + 1) * each > MAX_BLOCK_WEIGHT / 2n - BASE_BLOCK_WEIGHT - 10n * MS).to.equal(true);
  });
});
