import { expect } from 'chai';
import { freeOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { CLAIM_FEE, LEAST_CLAIM, notes } from '../../../pallets/notes/index.ts';
import { REFUSED } from '../../../pallets/notes/claims.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { at } from '../../../primitives/at.ts';
import { J0, times } from '../../../primitives/crypto/ristretto.ts';
import { spend } from '../../support/spend.ts';
import { account, GRAINS, mint, nextBlock, notesChain, paid } from './support.ts';

const custom = (reason: number): string => `invalid.Custom${reason}`;
const IDENTITY = new Uint8Array(32);
/** Not the least encoding of anything. */
const NON_CANONICAL = new Uint8Array(32).fill(255);

describe('pallets/notes: claims', () => {
  /** Four notes of a round in a closed bin. */
  function scene() {
    const test = notesChain();
    const held = mint(
      test,
      [3_000_005n, 1_234_567n, 900_000n, 640_000n].map((units) => units * GRAINS + 3n),
    );
    nextBlock(test, 2);
    return { test, held, chain: test.chain };
  }
  const to = account('fresh');

  it('pay a round amount to a fresh account, burn the fee, and leave the rest in a note that is spent like any other', () => {
    const { test, held, chain } = scene();
    const before = totalIssuance(chain.ctx);
    const [rest] = paid(test, at(held, 0), { amount: 1_000_000n, destination: to });
    expect(freeOf(chain.ctx, to)).to.equal(1_000_000n - CLAIM_FEE);
    expect(before - totalIssuance(chain.ctx)).to.equal(CLAIM_FEE);
    expect(rest!.opening.amount).to.equal(2_000_005n * GRAINS + 3n);
    // Its bin is open as yet.
    const change = { ...rest! };
    expect(() => spend(chain.ctx, change, { destination: to }, test.random)).to.throw('the bin of note 4');
    nextBlock(test, 2);
    const parts = paid(test, change, { amount: 500_000n, destination: account('second'), split: 7n });
    expect(freeOf(chain.ctx, account('second'))).to.equal(490_000n);
    expect(parts.map(({ opening }) => opening.amount)).to.deep.equal([7n, 1_500_005n * GRAINS - 4n]);
    const { store } = notes.use(chain.ctx);
    expect(store.claimCount.get()).to.equal(2);
    expect(store.claims.get(0).map(({ bin, amount, first, outputs }) => [bin, amount, first, outputs])).to.deep.equal([
      [0, 1_000_000n, 4, 1],
      [1, 500_000n, 5, 2],
    ]);
    const events = chain.events.filter(({ pallet }) => pallet === 'Notes');
    expect(events.map(({ name }) => name)).to.deep.equal(['Claimed']);
  });

  it('are paid once for each note, whatever they ask for the second time', () => {
    const { test, held, chain } = scene();
    // Two of one note in one block, both proved before either is paid.
    const [first, second] = [200_000n, 100_000n].map((amount) =>
      spend(chain.ctx, at(held, 1), { amount, destination: to }, test.random),
    );
    const [a, b] = [first!, second!].map(({ call }) => chain.validate(call));
    expect('valid' in a! && 'valid' in b! && [a.valid.provides, b.valid.provides]).to.deep.equal([
      [first!.args.proof.slice(0, 32)],
      [first!.args.proof.slice(0, 32)],
    ]);
    expect(chain.dispatch(Origin.none, first!.call)).to.equal('ok');
    chain.expectNoop(Origin.none, second!.call, 'invalid.Stale');
    chain.expectNoop(Origin.none, first!.call, 'invalid.Stale');
    nextBlock(test, 5);
    chain.expectNoop(Origin.none, second!.call, 'invalid.Stale');
  });

  it('are paid only as they were proved', () => {
    const { test, held, chain } = scene();
    const { args, call } = spend(chain.ctx, at(held, 0), { amount: 500_000n, destination: to, split: 5n }, test.random);
    const send = (changes: Partial<typeof args>) => notes.call.claim({ ...args, ...changes });
    const [a, b] = args.outputs as [(typeof args.outputs)[number], (typeof args.outputs)[number]];
    for (const changes of [
      { destination: account('thief') },
      { amount: 200_000n },
      { outputs: [b, a] },
      { outputs: [a, { ...b, key: a.key }] },
      { proof: args.proof.map((byte, i) => byte ^ Number(i === args.proof.length - 1)) },
    ]) {
      chain.expectNoop(Origin.none, send({ ...changes }), 'invalid.BadProof');
    }
    chain.expectNoop(Origin.signed(account('payer')), call, 'BadOrigin');
    const other = spend(chain.ctx, at(held, 0), { amount: 500_000n, destination: to, fee: 9_000n }, test.random);
    chain.expectNoop(Origin.none, other.call, 'invalid.BadProof');
    expect(chain.dispatch(Origin.none, call)).to.equal('ok');
  });

  it('are refused before their proof where form, amount, bin or tag are wrong', () => {
    const { test, held, chain } = scene();
    const { args } = spend(chain.ctx, at(held, 0), { amount: 500_000n, destination: to }, test.random);
    const { store } = notes.use(chain.ctx);
    const { largest } = store.bins.get(0, 0)!;
    expect(largest).to.equal(1_000_000n);
    const output = args.outputs[0]!;
    const host = { ...chain.ctx.host };
    let proofs = 0;
    Object.assign(chain.ctx.host, { verify: () => ++proofs > 0 });
    const refuse = (changes: Partial<typeof args>, reason: string): void =>
      chain.expectNoop(Origin.none, notes.call.claim({ ...args, ...changes }), reason);
    try {
      refuse({ class: 1 }, custom(REFUSED.unknownBin));
      refuse({ bin: 1 }, custom(REFUSED.unknownBin));
      refuse({ amount: 10_000n }, custom(REFUSED.badAmount));
      refuse({ amount: LEAST_CLAIM - 1n }, custom(REFUSED.badAmount));
      refuse({ amount: 2_000_000n }, custom(REFUSED.badAmount));
      refuse({ amount: (1n << 64n) + 1n }, custom(REFUSED.badAmount));
      refuse({ amount: 300_000n }, custom(REFUSED.badForm));
      refuse({ outputs: [] }, custom(REFUSED.badForm));
      refuse({ outputs: [{ ...output, key: IDENTITY }] }, custom(REFUSED.badForm));
      refuse({ outputs: [{ ...output, key: NON_CANONICAL }] }, custom(REFUSED.badForm));
      refuse({ outputs: [{ ...output, commitment: NON_CANONICAL }] }, custom(REFUSED.badForm));
      refuse({ outputs: [output, output] }, custom(REFUSED.badForm));
      refuse({ proof: args.proof.slice(1) }, custom(REFUSED.badForm));
      refuse({ proof: new Uint8Array(0) }, custom(REFUSED.badForm));
      for (const tag of [IDENTITY, NON_CANONICAL]) {
        refuse({ proof: Uint8Array.from([...tag, ...args.proof.slice(32)]) }, custom(REFUSED.badForm));
      }
      store.tags.put(args.proof.slice(0, 32), undefined);
      refuse({}, 'invalid.Stale');
      store.tags.remove(args.proof.slice(0, 32));
      expect(proofs).to.equal(0);
    } finally {
      Object.assign(chain.ctx.host, host);
    }
    expect(() =>
      chain.dispatch(Origin.none, notes.call.claim({ ...args, outputs: [output, output, output] })),
    ).to.throw();
    expect(chain.dispatch(Origin.none, notes.call.claim(args))).to.equal('ok');
  });

  it('are refused while a bin is open, and on a note of another class under the same key', () => {
    const test = notesChain({ BinLeast: 3n, BinPatience: 50n });
    const { chain } = test;
    const key = 77n;
    const [coarse] = mint(test, [10n ** 8n], { key });
    const [fine] = mint(test, [10n ** 8n], { key, grains: 256n });
    nextBlock(test, 5);
    expect(notes.use(chain.ctx).store.bins.get(0, 0)).to.equal(undefined);
    nextBlock(test, 50);
    const destination = account('fresh');
    const other = spend(chain.ctx, fine!, { amount: 100_000n, destination }, test.random);
    paid(test, coarse!, { amount: 100_000n, destination });
    // One key has one tag on the whole chain: who gives two notes one key can spend one of them.
    chain.expectNoop(Origin.none, other.call, 'invalid.Stale');
  });

  it('of change under a key that is there already harm nobody but who made it', () => {
    const { test, held, chain } = scene();
    const [thief, victim] = [at(held, 0), at(held, 1)];
    const [copy] = paid(test, thief, { amount: 500_000n, destination: to, secret: victim.secret });
    nextBlock(test, 2);
    // Both have one tag. The owner of the key chooses which of them it spends.
    const late = spend(chain.ctx, copy!, { amount: 500_000n, destination: to }, test.random);
    paid(test, victim, { amount: 500_000n, destination: account('victim') });
    expect(freeOf(chain.ctx, account('victim'))).to.equal(490_000n);
    chain.expectNoop(Origin.none, late.call, 'invalid.Stale');
  });

  it('of a branch on which the bin has other notes hold on no other, and are made anew', () => {
    const amounts = [900_000n, 800_000n].map((units) => units * GRAINS);
    const [here, there] = [notesChain(), notesChain()];
    // The same notes in the same order, for all is drawn from one seed; then one branch has a round more before the bin is closed.
    const [held, same] = [here, there].map((test) => mint(test, amounts));
    expect(at(held!, 0).opening).to.deep.equal(at(same!, 0).opening);
    mint(there, [700_000n * GRAINS]);
    for (const test of [here, there]) nextBlock(test, 2);
    const wish = { amount: 200_000n, destination: to };
    const made = spend(here.chain.ctx, at(held!, 0), wish, here.random);
    there.chain.expectNoop(Origin.none, made.call, 'invalid.BadProof');
    expect(here.chain.dispatch(Origin.none, made.call)).to.equal('ok');
    // Dropped with its branch it has spent nothing on the other.
    paid(there, at(same!, 0), wish);
    expect(freeOf(there.chain.ctx, to)).to.equal(190_000n);
  });

  it('take no more of a class than its rounds have brought in, even if a proof could be forged', () => {
    const test = notesChain({}, { verify: () => true });
    const { chain } = test;
    const held = mint(test, [500_000n * GRAINS, 500_000n * GRAINS]);
    const others = mint(test, [10n ** 9n], { grains: 256n });
    nextBlock(test, 2);
    const { args } = spend(chain.ctx, at(held, 0), { amount: 500_000n, destination: to }, test.random);
    const forged = (tag: bigint) => {
      const proof = args.proof.slice();
      proof.set(times(J0, tag).toBytes());
      return notes.call.claim({ ...args, proof });
    };
    expect(chain.dispatch(Origin.none, forged(1n))).to.equal('ok');
    expect(chain.dispatch(Origin.none, forged(2n))).to.equal('ok');
    chain.expectNoop(Origin.none, forged(3n), custom(REFUSED.exhausted));
    // The loss ends at this class.
    paid(test, at(others, 0), { destination: account('other') });
  });
});
