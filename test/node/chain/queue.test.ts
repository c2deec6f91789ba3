import { expect } from 'chai';
import * as fc from 'fast-check';
import { Heap } from '../../../node/chain/pool/heap.ts';
import { type PoolTransaction, TransactionQueue } from '../../../node/chain/pool/queue.ts';

type Step =
  | { kind: 'add'; account: number; nonce: number; priority: number }
  | { kind: 'remove'; account: number; nonce: number }
  | { kind: 'include'; account: number };

const account = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), account, nonce: fc.nat({ max: 6 }), priority: fc.nat({ max: 5 }) }),
  fc.record({ kind: fc.constant('remove' as const), account, nonce: fc.nat({ max: 6 }) }),
  fc.record({ kind: fc.constant('include' as const), account }),
);
const LIMIT = 12;

describe('node/chain: transaction queue', () => {
  it('pops a heap in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const number of numbers) heap.push(number);
        const popped = numbers.map(() => heap.pop());
        expect(popped).to.deep.equal(numbers.toSorted((a, b) => a - b));
        expect(heap.pop()).to.equal(undefined);
      }),
    );
  });

  it('is ready exactly for unbroken runs of nonces, in order, within its limits', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = new TransactionQueue({ count: LIMIT, bytes: 1 << 20 });
        /** Next nonce per account, on the chain. */
        const chain = [0, 0, 0, 0];
        const here = new Map<string, PoolTransaction>();
        let sequence = 0;
        const nameOf = (who: number, nonce: number): string => `${who}/${nonce}`;
        for (const each of steps) {
          const next = chain[each.account]!;
          if (each.kind === 'add' && each.nonce >= next) {
            const { nonce, priority } = each;
            const transaction: PoolTransaction = {
              hash: `0x${sequence}`,
              bytes: new Uint8Array(10),
              priority: BigInt(priority),
              requires: nonce > next ? [nameOf(each.account, nonce - 1)] : [],
              provides: [nameOf(each.account, nonce)],
              validTill: 100,
              propagate: true,
              sequence: sequence++,
            };
            const before = here.get(nameOf(each.account, nonce));
            const admission = queue.add(transaction);
            if (admission.kind === 'refused') {
              if (admission.code === 'pool/too-low-priority')
                expect(before!.priority >= BigInt(priority)).to.equal(true);
            } else {
              expect(before === undefined || before.priority < BigInt(priority)).to.equal(true);
              for (const gone of [...admission.replaced, ...admission.dropped]) here.delete(gone.provides[0]!);
              here.set(nameOf(each.account, nonce), transaction);
            }
          } else if (each.kind === 'remove') {
            const found = here.get(nameOf(each.account, each.nonce));
            if (found) {
              queue.remove(found.hash);
              here.delete(nameOf(each.account, each.nonce));
            }
          } else if (each.kind === 'include') {
            const tag = nameOf(each.account, next);
            chain[each.account] = next + 1;
            const { stale } = queue.satisfied([tag]);
            expect(stale).to.deep.equal([here.get(tag) ?? []].flat());
            here.delete(tag);
            queue.forgetChain();
          }
          // What the queue says equals what a plain model says.
          const ready = new Set<string>();
          for (let who = 0; who < 4; who++) {
            for (let nonce = chain[who]!; here.has(nameOf(who, nonce)); nonce++) ready.add(nameOf(who, nonce));
          }
          const listed = [...queue.ready()].map(({ provides }) => provides[0]!);
          expect(new Set(listed)).to.deep.equal(ready);
          expect(listed).to.have.length(ready.size);
          expect(queue.size).to.include({ ready: ready.size, future: here.size - ready.size });
          expect(here.size).to.be.at.most(LIMIT);
          for (const [at, name] of listed.entries()) {
            const [who, nonce] = name.split('/').map(Number) as [number, number];
            if (nonce > chain[who]!) expect(listed.indexOf(nameOf(who, nonce - 1))).to.be.within(0, at - 1);
          }
        }
      }),
      { numRuns: 400 },
    );
  });
});
