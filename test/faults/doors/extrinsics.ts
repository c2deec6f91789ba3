import { randomBytes } from 'node:crypto';
import { hiddenProofBytes } from '../../../primitives/proofs/hidden-claim.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { expect } from 'chai';
import { buildHere } from '../../../client/sdk/build.ts';
import type { Chain } from '../../../client/sdk/connect.ts';
import { calls, type RuntimeCall } from '../../../client/sdk/generated/chain.ts';
import { devAccount } from '../../../client/sdk/keys.ts';
import { contextOf, finalizedState, readKeys, readRound } from '../../../client/sdk/round.ts';
import { extrinsicOf, send } from '../../../client/sdk/transact.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { LANES, type LaneSpec } from '../../../primitives/proofs/lane.ts';
import type { MiniOutcome } from '../../support/mini-round.ts';
import { errorsOf, expectFinality, type Scene } from './scene.ts';

/** Numbers of an update lane and of the usage lane on the wire. */
const { update: UPDATE, usage: USAGE } = LANES;

export function extrinsicDoor(scene: Scene): void {
  describe('extrinsics', () => {
    /** No extrinsic by its length; verification failed; refused by the pool. */
    const REFUSED = [1001, 1002, 1010];
    let chain: Chain;
    let outcome: MiniOutcome;

    before(async () => {
      chain = await scene.network().chain(2);
    });

    /** The code of the RPC error with which bytes are refused; fails if they are taken. */
    async function refusal(bytes: Uint8Array | string): Promise<number> {
      const hex = typeof bytes === 'string' ? bytes : toHex(bytes);
      try {
        await (
          chain.api as unknown as { _rpcCore: { provider: { send(m: string, p: unknown[]): Promise<unknown> } } }
        )._rpcCore.provider.send('author_submitExtrinsic', [hex]);
      } catch (error) {
        return (error as { code: number }).code;
      }
      throw new Error('it was taken');
    }

    /** The pallet's error with which a signed call fails in a block, or 'in a block'. */
    async function failureOf(call: RuntimeCall, signer = scene.world().user): Promise<string> {
      try {
        await send(chain, call, signer);
        return 'in a block';
      } catch (error) {
        if (isTacitError(error)) return String((error.details as { error?: string }).error ?? error.code);
        throw error;
      }
    }

    /** The bytes of the extrinsics of a call in the finalized blocks of the round. */
    async function inBlocks(section: string, method: string): Promise<Uint8Array[]> {
      const last = (
        await chain.api.rpc.chain.getHeader(await chain.api.rpc.chain.getFinalizedHead())
      ).number.toNumber();
      const found: Uint8Array[] = [];
      for (let number = 1; number <= last; number++) {
        const { block } = await chain.api.rpc.chain.getBlock(await chain.api.rpc.chain.getBlockHash(number));
        for (const one of block.extrinsics) {
          if (one.method.section === section && one.method.method === method) found.push(one.toU8a());
        }
      }
      return found;
    }

    it('random bytes of all lengths are refused', async () => {
      for (let length = 0; length < 300; length += 7) {
        expect(await refusal(new Uint8Array(randomBytes(length)))).to.be.oneOf(REFUSED);
      }
      for (const length of [70_000, 1 << 20]) {
        expect(await refusal(new Uint8Array(randomBytes(length)))).to.be.oneOf(REFUSED);
      }
      // Above what any extrinsic may have, it is not even looked at.
      expect(await refusal(new Uint8Array((1 << 20) + (1 << 17)))).to.be.oneOf(REFUSED);
    });

    it('a signed transfer, cut anywhere or changed anywhere, is refused; sent twice it is stale', async () => {
      const dave = devAccount('//Dave');
      const dest = { tag: 'Id' as const, value: dave.publicKey };
      const call = calls.balances.transferKeepAlive({ dest, value: 1_000_000n });
      const signed = await extrinsicOf(chain, call).signAsync(scene.world().owner, { nonce: -1 });
      const bytes = signed.toU8a();
      for (let length = 0; length < bytes.length; length += 3) {
        expect(await refusal(bytes.subarray(0, length)), `first ${length} bytes`).to.be.oneOf(REFUSED);
      }
      for (let at = 0; at < bytes.length; at += 5) {
        const changed = bytes.map((byte, i) => (i === at ? byte ^ 0x10 : byte));
        expect(await refusal(changed), `byte ${at} changed`).to.be.oneOf(REFUSED);
      }
      await send(chain, call, scene.world().owner);
      expect(await refusal(signed.toU8a())).to.equal(1010);
    });

    it('sealed submissions that are cut, garbage, in the wrong lane or for another account fail with their reason', async () => {
      let tried = false;
      outcome = await scene.world().run(chain, {
        async onPhase(phase, { round }) {
          if (phase !== 'Open' || tried) return;
          tried = true;
          const state = await finalizedState(chain);
          const view = await readRound(state, round);
          const { keys } = await readKeys(chain, state, view);
          const spec = view.lanes.find(({ lane }) => lane === 'usage') as LaneSpec;
          const total = Number(spec.total);
          const values = Array.from({ length: spec.values }, (_, i) => (i === 0 ? total : 0));
          const context = contextOf(chain.genesis, view);
          const sealFor = async (account: Uint8Array): Promise<Uint8Array> =>
            (await buildHere([{ context, spec, account, keys, values }]))[0] as Uint8Array;
          const own = await sealFor(scene.world().user.publicKey);
          const others = await sealFor(devAccount('//Dave').publicKey);
          const attempt = (lane: number, part: number, sealed: Uint8Array): Promise<string> =>
            failureOf(calls.tally.submit({ round, lane, part, sealed }));
          expect(await attempt(USAGE, 0, own.subarray(0, own.length - 1))).to.equal('tally.BadForm');
          expect(await attempt(USAGE, 0, own.subarray(0, 40))).to.equal('tally.BadForm');
          expect(await attempt(USAGE, 0, new Uint8Array())).to.equal('tally.WrongVersion');
          const garbage = randomBytes(own.length);
          garbage[0] = own[0] as number;
          expect(await attempt(USAGE, 0, new Uint8Array(garbage))).to.equal('tally.BadForm');
          garbage[0] = (own[0] as number) + 1;
          expect(await attempt(USAGE, 0, new Uint8Array(garbage))).to.equal('tally.WrongVersion');
          expect(await attempt(USAGE, 1, own)).to.equal('tally.NoSuchLane');
          expect(await attempt(7, 0, own)).to.equal('tally.NoSuchLane');
          expect(await attempt(UPDATE, 0, own)).to.equal('tally.BadForm');
          expect(await attempt(USAGE, 0, others)).to.equal('tally.BadProof');
          expect(await failureOf(calls.tally.submit({ round: round + 1, lane: USAGE, part: 0, sealed: own }))).to.equal(
            'tally.UnknownRound',
          );
        },
      });
      expect(tried).to.equal(true);
      expect(outcome.phases.at(-1), outcome.view.failure ?? '').to.equal('Settled');
      const { notes, plain } = await scene.world().payout(chain, outcome);
      expect(notes.map(({ origin }) => origin.score)).to.deep.equal(plain);
    });

    it("members' posts cannot be sent again, nor changed", async () => {
      const posts = [...(await inBlocks('tally', 'post')), ...(await inBlocks('committee', 'post'))];
      // three of four members at least in Keying, KeyCheck, Check, Aggregate and Payout
      expect(posts.length).to.be.at.least(15);
      for (const bytes of posts) expect(await refusal(bytes)).to.equal(1010);
      const last = posts[0] as Uint8Array;
      for (const at of [last.length - 1, last.length >> 1, 12]) {
        const changed = last.map((byte, i) => (i === at ? byte ^ 1 : byte));
        expect(await refusal(changed)).to.be.oneOf(REFUSED);
      }
    });

    it('a sealed submission cannot be sent again, in the same round or by its bytes', async () => {
      const [first] = await inBlocks('tally', 'submit');
      expect(await refusal(first as Uint8Array)).to.equal(1010);
    });

    it('a claim cannot be sent again, nor to another destination, nor for another amount', async () => {
      const made = await scene.world().claimAll(chain, outcome.round);
      const claims = await inBlocks('notes', 'claim');
      expect(claims.length).to.equal(made.length);
      for (const bytes of claims) expect(await refusal(bytes)).to.equal(1010);
      // length, version, pallet, call; then class, bin, amount, change, destination, proof.
      const [bytes] = claims as [Uint8Array];
      const body = bytes.length - (hiddenProofBytes(3, 1) + 2);
      const amount = 2 + 3 + 2 + 4;
      for (const at of [amount, body - 33, body - 1, body - 70, bytes.length - 1]) {
        const changed = bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
        expect(await refusal(changed), `byte ${at}`).to.be.oneOf(REFUSED);
      }
    });

    it('after all that no validator has logged an error, and the network finalizes', async () => {
      await expectFinality(scene);
      for (const index of [0, 1, 2, 3]) expect(errorsOf(scene, index)).to.deep.equal([]);
    });
  });
}
