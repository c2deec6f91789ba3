import { expect } from 'chai';
import * as fc from 'fast-check';
import { buildLocalSpec, parseChainSpec } from '../../chain-spec/index.ts';
import { template } from '../../pallets/_template/index.ts';
import { balances, checkIssuance } from '../../pallets/balances/index.ts';
import { mockRuntime, type RuntimeCall } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { collected } from '../../pallets/transaction-payment/index.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { encodeBare, runtime } from '../../runtime/index.ts';
import { arbitraryOf } from './arbitrary.ts';
import { dev, TestChain } from './chain.ts';

const spec = parseChainSpec(buildLocalSpec({ validators: 4 }));
const eve = dev('Eve');
// Signatures are taken as they come: what is behind them must stand on its own.
const signer = { publicKey: eve.publicKey, sign: () => new Uint8Array(64) } as unknown as typeof eve;

function open(): { chain: TestChain; faults: unknown[] } {
  const chain = new TestChain(spec);
  const faults: unknown[] = [];
  chain.host.verify = () => true;
  chain.host.report = (error) => faults.push(error);
  chain.block();
  return { chain, faults };
}
const encodable = (encode: () => Uint8Array): Uint8Array | undefined => {
  try {
    return encode();
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
};

describe('runtime: any input', () => {
  it('any call with any arguments, signed or bare, succeeds, fails or is refused: it never throws, and money is conserved', () => {
    const { chain, faults } = open();
    let run = chain.begin();
    for (const inherent of run.inherents(0n)) run.apply(inherent);
    let nonce = 0;
    const seen = new Set<string>();
    fc.assert(
      fc.property(arbitraryOf(runtime.callTy), fc.boolean(), (call, signed) => {
        const typed = call as RuntimeCall;
        const bytes = encodable(() =>
          signed ? chain.signed(signer, typed, nonce) : encodeBare(runtime.callTy, typed),
        );
        if (!bytes) return;
        // By their bytes: a call without arguments is drawn without a value, and decoded with an empty one.
        const { codec } = runtime.callTy;
        expect(codec.enc(runtime.decode(bytes).call)).to.deep.equal(codec.enc(typed));
        const before = run.ctx.changes().size;
        let outcome = run.apply(bytes);
        // The block is full, or the signer has given away all it had.
        const isBroke = typeof outcome !== 'string' && 'invalid' in outcome && outcome.invalid.tag === 'Payment';
        if (outcome === 'exhausted' || isBroke) {
          run = chain.begin();
          for (const inherent of run.inherents(0n)) run.apply(inherent);
          nonce = 0;
          outcome = 'exhausted';
        } else if (outcome === 'ok') {
          if (signed) nonce++;
          seen.add(`${typed.tag}.${typed.value.tag}`);
        } else {
          expect(run.ctx.changes().size).to.equal(before);
        }
        expect(faults, `${typed.tag}.${typed.value.tag}`).to.deep.equal([]);
        runtime.validate(chain.state, chain.hash, 'external', bytes, chain.host);
        runtime.tasks(chain.state, chain.hash, bytes);
        checkIssuance(run.ctx, collected(run.ctx));
      }),
      { numRuns: 1500 },
    );
    // The random calls are not all refused at the door.
    expect(seen.size, [...seen].join(' ')).to.be.greaterThan(10);
    run.finish();
  });

  it('calls of the pallet that is there to be copied come back as they were made, those without arguments too', () => {
    const { callTy } = mockRuntime([system, balances, template]).composition;
    const made = fc.sample(arbitraryOf(callTy), { numRuns: 200, seed: 1 }) as RuntimeCall[];
    const encoded = made.map((call) => ({ call, bytes: encodable(() => callTy.codec.enc(call)) }));
    for (const { call, bytes } of encoded) if (bytes) expect(callTy.codec.dec(bytes)).to.deep.equal(call);
    expect(made.some(({ tag, value }) => tag === 'Template' && value.tag === 'tearUp')).to.equal(true);
  });

  it('extrinsics with flipped, cut or added bytes are refused or mean what they say', () => {
    const { chain, faults } = open();
    const run = chain.begin();
    for (const inherent of run.inherents(0n)) run.apply(inherent);
    fc.assert(
      fc.property(
        arbitraryOf(runtime.callTy),
        fc.nat(),
        fc.integer({ min: 0, max: 255 }),
        fc.integer({ min: 0, max: 3 }),
        (call, at, byte, how) => {
          const bytes = encodable(() => chain.signed(signer, call as RuntimeCall, 0));
          if (!bytes) return;
          const place = at % bytes.length;
          const damaged =
            how === 0
              ? bytes.with(place, byte)
              : how === 1
                ? bytes.slice(0, place)
                : how === 2
                  ? Uint8Array.from([...bytes, byte])
                  : Uint8Array.from([...bytes.subarray(0, place), byte, ...bytes.subarray(place)]);
          const outcome = run.apply(damaged);
          if (how === 1 || how === 2) expect(outcome).to.have.property('invalid');
          expect(faults).to.deep.equal([]);
        },
      ),
      { numRuns: 1500 },
    );
    run.finish();
  });

  it('runtime APIs answer or refuse any input with a code', () => {
    const { chain } = open();
    const methods = Object.entries(
      runtime.composition.pallets.reduce(
        (all, pallet) => ({ ...all, ...pallet.apis }),
        {} as Record<string, { methods: Record<string, unknown> }>,
      ),
    );
    const names = [
      ...methods.flatMap(([api, { methods: each }]) =>
        Object.keys(each).map((name) => `${api}_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`),
      ),
      'TaggedTransactionQueue_validate_transaction',
      'BlockBuilder_apply_extrinsic',
      'TransactionPaymentApi_query_info',
      'Metadata_metadata_at_version',
    ];
    expect(names).to.include('RegistryApi_model');
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constant(new Uint8Array(8)), fc.constant(new Uint8Array(4))),
        (name, input) => {
          try {
            expect(runtime.call(chain.state, chain.hash, name, input, chain.host)).to.be.instanceOf(Uint8Array);
          } catch (error) {
            expect(isTacitError(error), `${name}: ${String(error)}`).to.equal(true);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});
