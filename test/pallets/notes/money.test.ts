import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf } from '../../../pallets/balances/index.ts';
import { LEAST_CLAIM, notes, NOTES_ESCROW } from '../../../pallets/notes/index.ts';
import { at } from '../../../primitives/at.ts';
import { type HeldNote, largestOf } from '../../support/spend.ts';
import { account, mint, nextBlock, notesChain, paid } from './support.ts';

const GRAINS = [1n, 16n, 256n] as const;

describe('pallets/notes: money', function () {
  /** What happens in a block: a round of one of three sizes of grains, or a claim of one of the notes that can be claimed. */
  const round = fc.record({
    kind: fc.constant('round' as const),
    grains: fc.constantFrom(...GRAINS),
    amounts: fc.array(fc.bigInt({ min: 0n, max: 400_000n }), { minLength: 1, maxLength: 5 }),
    fraction: fc.bigInt({ min: 0n, max: 255n }),
  });
  const claim = fc.record({
    kind: fc.constant('claim' as const),
    which: fc.nat(),
    split: fc.option(fc.bigInt({ min: 0n, max: 99n })),
  });

  it('of every class is what rounds brought in: paid by claims, or hidden in notes that somebody can open', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(round, claim, claim), { maxLength: 8 }), (steps) => {
        const test = notesChain();
        const { chain } = test;
        let held: HeldNote[] = [];
        const grainsIn = new Map<number, bigint>();
        const paidOut = new Map<number, bigint>();
        const add = (sums: Map<number, bigint>, id: number, more: bigint): unknown =>
          sums.set(id, (sums.get(id) ?? 0n) + more);
        for (const [i, step] of steps.entries()) {
          if (step.kind === 'round') {
            const amounts = step.amounts.map((units) => units * step.grains + (step.fraction % step.grains));
            const minted = mint(test, amounts, { grains: step.grains });
            for (const { class: id, opening } of minted) add(grainsIn, id, opening.amount);
            held.push(...minted);
            nextBlock(test, 2);
            continue;
          }
          const { store } = notes.use(chain.ctx);
          const classes = store.classes.get();
          const rich = held.filter(({ class: id, opening }) => opening.amount >= LEAST_CLAIM * at(classes, id).grains);
          if (rich.length === 0) continue;
          const note = at(rich, step.which % rich.length);
          const amount = largestOf(chain.ctx, note);
          const left = note.opening.amount - amount * at(classes, note.class).grains;
          const split = step.split === null ? {} : { split: (left * step.split) / 100n };
          const change = paid(test, note, { amount, destination: account(`fresh ${i}`), ...split });
          add(paidOut, note.class, amount);
          held = [...held.filter((one) => one !== note), ...change];
          nextBlock(test, 2);
        }
        let escrow = 0n;
        for (const [id, { grains, brought, paid: out }] of notes.use(chain.ctx).store.classes.get().entries()) {
          const hidden = held.reduce((sum, note) => sum + (note.class === id ? note.opening.amount : 0n), 0n);
          expect(out).to.equal(paidOut.get(id) ?? 0n);
          expect(grainsIn.get(id)).to.equal(out * grains + hidden);
          // Escrows are in whole units: each round rounds down once, so all that notes can ever pay is there.
          const payable = held.reduce(
            (sum, { class: of, opening }) => sum + (of === id ? opening.amount / grains : 0n),
            0n,
          );
          expect(out + payable <= brought, `class ${id}: ${out} and ${payable} of ${brought}`).to.equal(true);
          escrow += brought - out;
        }
        expect(freeOf(chain.ctx, NOTES_ESCROW)).to.equal(escrow);
      }),
      { numRuns: 10 },
    );
  });
});
