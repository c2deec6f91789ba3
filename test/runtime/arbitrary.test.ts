import { expect } from 'chai';
import * as fc from 'fast-check';
import { template } from '../../pallets/_template/index.ts';
import { balances } from '../../pallets/balances/index.ts';
import { mockRuntime } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { arbitraryOf } from './arbitrary.ts';

describe('test/runtime: arbitrary values', () => {
  it('are those that a codec gives back, of calls without arguments too', () => {
    const { callTy } = mockRuntime([system, balances, template]).composition;
    const seen = new Set<string>();
    fc.assert(
      fc.property(arbitraryOf(callTy), (call) => {
        let bytes: Uint8Array;
        try {
          bytes = callTy.codec.enc(call as never);
        } catch (error) {
          if (isTacitError(error)) return;
          throw error;
        }
        const read = callTy.codec.dec(bytes);
        expect(read).to.deep.equal(call);
        seen.add(`${read.tag}.${read.value.tag}`);
      }),
      { numRuns: 300 },
    );
    expect([...seen]).to.include('Template.tearUp');
  });
});
