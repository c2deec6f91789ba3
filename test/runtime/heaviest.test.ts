/** What a block may hold of the heaviest calls, by what they say they weigh; what the clock says of it is in bench/cases/heaviest.ts. */
import { expect } from 'chai';
import { ROUND_CALLS } from '../../bench/weights/rounds.ts';
import { scenarios } from '../../bench/weights/scenarios/index.ts';
import { slotClaim } from '../../pallets/aura/index.ts';
import type { RuntimeCall } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import {
  BASE_BLOCK_WEIGHT,
  BASE_EXTRINSIC_WEIGHT,
  classLimits,
  MAX_BLOCK_WEIGHT,
} from '../../pallets/system/limits.ts';
import { builtinSpec } from '../../chain-spec/index.ts';
import { encodeSigned, runtime } from '../../runtime/index.ts';
import { dev, TestChain } from './chain.ts';

/** Each call as its scenario has it, as large as it is measured. */
const largest = scenarios
  .filter(({ call }) => runtime.composition.pallets.some(({ name }) => call.startsWith(`${name}.`)))
  .map(({ call, size, prepare }) => ({ name: call, call: prepare(size?.to ?? 0).call }));

const weightOf = (call: RuntimeCall): bigint => runtime.composition.infoOf(call).weight;

/** A block with as many of a call by Eve as it takes, whatever becomes of them. */
function fill(call: RuntimeCall): { count: number; weight: bigint } {
  const chain = new TestChain(builtinSpec('dev')!, runtime);
  const facts = { ...runtime.version, genesisHash: chain.genesisHash, birthHash: chain.genesisHash };
  const start = { parentHash: chain.hash, number: 1, digest: [slotClaim(1001n)] };
  const run = runtime.begin(chain.state, start, { verify: () => true });
  for (const inherent of run.inherents(2_002_000n)) expect(run.apply(inherent)).to.equal('ok');
  const sign = () => ({ tag: 'Sr25519' as const, value: new Uint8Array(64) });
  const encoded = (nonce: number): Uint8Array =>
    encodeSigned(runtime.callTy, call, { account: dev('Eve').publicKey, nonce, sign }, facts);
  let count = 0;
  let outcome = run.apply(encoded(count));
  while (outcome === 'ok') outcome = run.apply(encoded(++count));
  expect(outcome).to.equal('exhausted');
  run.finish();
  const { normal, operational, mandatory } = system.use(run.ctx).store.blockWeight.get();
  return { count, weight: normal.refTime + operational.refTime + mandatory.refTime };
}

describe('runtime: blocks full of the heaviest calls', () => {
  it('every call finds room in an empty block, as large as it is measured', () => {
    expect(largest.length + ROUND_CALLS.length).to.be.above(40);
    const tooHeavy = largest.filter(({ call }) => {
      const { weight, class: of } = runtime.composition.infoOf(call);
      return BASE_BLOCK_WEIGHT + BASE_EXTRINSIC_WEIGHT + weight > classLimits(of).weight;
    });
    expect(tooHeavy.map(({ name }) => name)).to.deep.equal([]);
  });

  it('the heaviest of them fill a block to its limit and never beyond', () => {
    const signed = largest.filter(({ call }) => {
      const { class: of, paysFee } = runtime.composition.infoOf(call);
      return of === 'Normal' && paysFee;
    });
    const heaviest = signed.toSorted((a, b) => Number(weightOf(b.call) - weightOf(a.call))).slice(0, 5);
    for (const { name, call } of heaviest) {
      const { count, weight } = fill(call);
      const each = BASE_EXTRINSIC_WEIGHT + weightOf(call);
      expect(weight <= MAX_BLOCK_WEIGHT, name).to.equal(true);
      expect(BigInt(count) * each <= classLimits('Normal').weight, name).to.equal(true);
      expect(count, name).to.be.above(0);
    }
  });
});
