import { expect } from 'chai';
import * as fc from 'fast-check';
import { isTacitError } from '../../../primitives/errors.ts';
import { fromLatin1, latin1, MemoryState, Overlay } from '../../../pallets/support/index.ts';

const key = fc.constantFrom('a', 'ab', 'abc', 'b', 'ba', '\u00ff', '\u00ffa', '');
type Step =
  | { do: 'put'; key: string; value: number }
  | { do: 'remove'; key: string }
  | { do: 'begin' }
  | { do: 'commit' }
  | { do: 'rollback' };
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('put' as const), key, value: fc.integer({ min: 0, max: 255 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), key }) },
  fc.constant({ do: 'begin' as const }),
  fc.constant({ do: 'commit' as const }),
  fc.constant({ do: 'rollback' as const }),
);

describe('pallets/support: the overlay', () => {
  it('is a map with transactions, over any state below', () => {
    fc.assert(
      fc.property(
        fc.dictionary(key, fc.integer({ min: 0, max: 255 })),
        fc.array(step, { maxLength: 40 }),
        (base, steps) => {
          const state = new MemoryState();
          state.apply(new Map(Object.entries(base).map(([k, v]) => [k, Uint8Array.of(v)])));
          const overlay = new Overlay(state);
          let model = new Map(Object.entries(base));
          const saved: Map<string, number>[] = [];
          for (const action of steps) {
            if (action.do === 'put') {
              overlay.put(action.key, Uint8Array.of(action.value));
              model.set(action.key, action.value);
            } else if (action.do === 'remove') {
              overlay.remove(action.key);
              model.delete(action.key);
            } else if (action.do === 'begin') {
              overlay.begin();
              saved.push(new Map(model));
            } else if (saved.length > 0) {
              const before = saved.pop()!;
              if (action.do === 'commit') overlay.commit();
              else {
                overlay.rollback();
                model = before;
              }
            } else {
              expect(() => (action.do === 'commit' ? overlay.commit() : overlay.rollback())).to.throw();
            }
            for (const prefix of ['', 'a', 'ab', '\u00ff']) {
              const expected = [...model].filter(([k]) => k.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
              expect(overlay.entries(prefix).map(([k, v]) => [k, v[0]])).to.deep.equal(expected);
              for (const most of [0, 1, 2, 9])
                expect(overlay.entries(prefix, most).map(([k, v]) => [k, v[0]])).to.deep.equal(expected.slice(0, most));
            }
            for (const k of ['a', 'abc', '\u00ff']) expect(overlay.get(k)?.[0]).to.equal(model.get(k));
          }
          while (saved.pop()) overlay.commit();
          state.apply(overlay.changes());
          expect(state.entries(new Uint8Array()).map(([k, v]) => [latin1(k), v[0]])).to.deep.equal(
            [...model].sort(([a], [b]) => (a < b ? -1 : 1)),
          );
        },
      ),
    );
  });

  it('reads no more of the state below than the first entries that are asked for, and those before them that are gone', () => {
    const state = new MemoryState();
    state.apply(new Map(Array.from({ length: 20 }, (_, i) => [latin1(Uint8Array.of(i)), Uint8Array.of(i)])));
    const read: number[] = [];
    const overlay = new Overlay({
      get: (name) => state.get(name),
      *entries(prefix) {
        for (const [name, value] of state.entries(prefix)) {
          read.push(name[0] ?? -1);
          yield [name, value];
        }
      },
    });
    overlay.remove(latin1(Uint8Array.of(1)));
    expect(overlay.entries('', 3).map(([, value]) => value[0])).to.deep.equal([0, 2, 3]);
    expect(read).to.deep.equal([0, 1, 2, 3]);
  });

  it('does not hand out changes while a layer is open', () => {
    const overlay = new Overlay(new MemoryState());
    overlay.begin();
    expect(() => overlay.changes())
      .to.throw()
      .that.satisfies((error: unknown) => isTacitError(error, 'state/open-layer'));
  });

  it('latin1 keeps bytes and their order', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(fromLatin1(latin1(bytes))).to.deep.equal(bytes);
      }),
    );
  });
});
