/** `System.RoomyBlocks`: which blocks had room for one more contribution. */
import { expect } from 'chai';
import { slotClaim } from '../../pallets/aura/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import type { RuntimeCall } from '../../pallets/support/index.ts';
import { roomyBlocks, system } from '../../pallets/system/index.ts';
import { BASE_EXTRINSIC_WEIGHT, ROOM_WEIGHT } from '../../pallets/system/limits.ts';
import { tally } from '../../pallets/tally/index.ts';
import { MAX_SEALED_BYTES } from '../../primitives/round/limits.ts';
import { builtinSpec } from '../../chain-spec/index.ts';
import { encodeSigned, runtime } from '../../runtime/index.ts';
import { dev, TestChain } from './chain.ts';

const largest = tally.call.submit({ round: 0, lane: 0, part: 0, sealed: new Uint8Array(MAX_SEALED_BYTES) });
const byWeight = royalty.call.enrol({ round: 99, enrolment: new Uint8Array(0) });
const byLength = system.call.remark({ remark: new Uint8Array(MAX_SEALED_BYTES) });

/** A chain whose host believes every signature: what counts is room, not keys. */
class Blocks {
  readonly #chain = new TestChain(builtinSpec('dev')!, runtime);
  #nonce = 0;

  #encoded(name: string, call: RuntimeCall, nonce: number): Uint8Array {
    const facts = { ...runtime.version, genesisHash: this.#chain.genesisHash, birthHash: this.#chain.genesisHash };
    const sign = () => ({ tag: 'Sr25519' as const, value: new Uint8Array(64) });
    return encodeSigned(runtime.callTy, call, { account: dev(name).publicKey, nonce, sign }, facts);
  }

  /** One block with up to `count` calls by Eve. Says how many it took, whether the largest submission went in behind them, and whether it counts. */
  block(call: RuntimeCall, count: number): { taken: number; room: boolean; counted: number } {
    const chain = this.#chain;
    const before = roomyBlocks(chain.ctx());
    chain.slot++;
    chain.number++;
    const start = { parentHash: chain.hash, number: chain.number, digest: [slotClaim(chain.slot)] };
    const begin = () => {
      const run = runtime.begin(chain.state, start, { verify: () => true });
      for (const inherent of run.inherents(chain.slot * 2000n)) expect(run.apply(inherent)).to.equal('ok');
      let taken = 0;
      while (taken < count && run.apply(this.#encoded('Eve', call, this.#nonce + taken)) === 'ok') taken++;
      return { run, taken };
    };
    const room = begin().run.apply(this.#encoded('Bob', largest, 0)) === 'ok';
    const { run, taken } = begin();
    this.#nonce += taken;
    chain.apply(run.finish().changes);
    return { taken, room, counted: roomyBlocks(chain.ctx()) - before };
  }
}

describe('runtime: blocks with room', () => {
  it('have room for the heaviest submission', () => {
    const { weight } = runtime.composition.infoOf(largest);
    expect(BASE_EXTRINSIC_WEIGHT + weight < ROOM_WEIGHT).to.equal(true);
  });

  it('are counted; blocks that are full by weight or by length are not', () => {
    const blocks = new Blocks();
    expect(blocks.block(byWeight, 0)).to.deep.equal({ taken: 0, room: true, counted: 1 });
    for (const call of [byWeight, byLength]) {
      const full = blocks.block(call, Infinity);
      expect(full).to.deep.include({ room: false, counted: 0 });
      expect(blocks.block(call, Math.floor(full.taken / 2))).to.deep.include({ room: true, counted: 1 });
    }
  });

  it('are told apart by one extrinsic', () => {
    const blocks = new Blocks();
    const full = blocks.block(byLength, Infinity).taken;
    expect(blocks.block(byLength, full)).to.deep.equal({ taken: full, room: false, counted: 0 });
    expect(blocks.block(byLength, full - 1)).to.deep.equal({ taken: full - 1, room: true, counted: 1 });
  });
});
