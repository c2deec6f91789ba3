/** Receipts and statements of a round that the pallets have really held: their state, long after its end, on a paper chain. */
import { expect } from 'chai';
import { walletOf } from '../../../../client/sdk/keys.ts';
import { checkpointOf } from '../../../../client/sdk/light/root.ts';
import { checkReceipt, makeReceipt } from '../../../../client/sdk/receipt/receipt.ts';
import { checkStatement, makeStatement, makeVerifierKey } from '../../../../client/sdk/receipt/statement.ts';
import { royalty } from '../../../../pallets/royalty/index.ts';
import { genesisHash } from '../../../../pallets/system/index.ts';
import { tally } from '../../../../pallets/tally/index.ts';
import { toHex } from '../../../../primitives/crypto/hex.ts';
import { utf8 } from '../../../../primitives/crypto/bytes.ts';
import { PaperChain } from '../../support/paper-chain.ts';
import { paperClient } from '../../support/settled.ts';
import { account, runRound, TestCommittee, testChain, walletSeed } from '../../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('client/sdk/receipt: a round of the pallets', function () {
  this.timeout(600_000);

  it('gives receipts and statements that its contributors check without a node', async () => {
    const test = testChain({ accounts: NAMES });
    const members = new TestCommittee(test);
    members.runToActive();
    const { id, updates } = runRound(members, NAMES);
    test.chain.runToBlock(test.chain.ctx.block + 20);
    const { ctx } = test.chain;
    expect(tally.use(ctx).store.rounds.get(id)?.phase.tag).to.equal('Settled');
    const genesis = genesisHash(ctx);
    const state = ctx.storage.entries('').map(([key, value]): [Uint8Array, Uint8Array] => [latin1(key), value]);
    const chain = new PaperChain().block({ changes: state.filter(([key]) => toHex(key) !== toHex(utf8(':code'))) });
    const trust = checkpointOf(chain.root, toHex(genesis), { number: 0, hash: toHex(chain.genesis) }, chain.root.set);
    const client = paperClient({ ask: chain.ask, root: chain.root, genesis }).chain;
    const verifier = walletOf(walletSeed('verifier'));
    let paid = 0n;
    for (const [i, name] of NAMES.entries()) {
      const plain = walletOf(walletSeed(name));
      const keys = { ...plain.account, publicKey: account(name) } as typeof plain.account;
      const wallet = { ...plain, account: keys, noteSeed: walletSeed(name) };
      const text = await makeReceipt(client, wallet, id);
      const { earned, share, facts } = await checkReceipt(text, trust, { wallet, update: updates[i] });
      expect(share?.counts).to.equal(100n * BigInt([20, 5, 25][i]!));
      expect(earned?.score).to.equal(share!.update + share!.points + share!.counts);
      paid += (earned?.grains ?? 0n) - facts.payout.grains * facts.payout.stake;
      const stated = await checkStatement(
        await makeStatement(client, wallet, [id], makeVerifierKey(verifier)),
        trust,
        verifier,
      );
      expect(stated.notes.map(({ grains }) => grains)).to.deep.equal([earned?.grains]);
    }
    // what the three open is what the round took out of its pool
    const { grains } = tally.use(ctx).store.payouts.get(id)!;
    expect(paid / grains).to.equal(royalty.use(ctx).store.rounds.get(id)?.paid);
  });
});
