/** What an extrinsic makes, of calls within calls: nodes and the audit look for submissions there. */
import { expect } from 'chai';
import { multiAccount } from '../../pallets/multisig/index.ts';
import type { RuntimeCall } from '../../pallets/support/index.ts';
import { compareBytes } from '../../primitives/crypto/bytes.ts';
import type { Ty } from '../../primitives/scale/index.ts';
import { encodeBare, runtime } from '../../runtime/index.ts';
import { dev, TestChain } from './chain.ts';

const [alice, bob] = [dev('Alice'), dev('Bob')];
const remark = (byte: number): RuntimeCall => ({
  tag: 'System',
  value: { tag: 'remark', value: { remark: Uint8Array.of(byte) } },
});
const of = (pallet: string, call: string, value: object): RuntimeCall => ({ tag: pallet, value: { tag: call, value } });

/** Whether values of a type hold calls; `seen` ends recursion. */
function holdsCalls(ty: Ty<unknown>, seen = new Set<unknown>()): boolean {
  if (ty.path.at(-1) === 'RuntimeCall') return true;
  const def = ty.def();
  if (seen.has(ty)) return false;
  seen.add(ty);
  switch (def.tag) {
    case 'alias':
    case 'sequence':
    case 'array':
    case 'compact':
      return holdsCalls(def.of, seen);
    case 'tuple':
      return def.of.some((each) => holdsCalls(each, seen));
    case 'composite':
      return def.fields.some(({ type }) => holdsCalls(type, seen));
    case 'variant':
      return def.variants.some(({ fields }) => fields.some(({ type }) => holdsCalls(type, seen)));
    case 'primitive':
      return false;
  }
}

describe('runtime: calls within calls', () => {
  it('every call that takes calls tells which it makes, and no other does', () => {
    const all = runtime.composition.pallets.flatMap(({ name, calls }) =>
      [...calls.values()].map((call) => ({ call: `${name}.${call.name}`, ...call })),
    );
    const taking = all.filter(({ args }) => Object.values(args).some((ty) => holdsCalls(ty)));
    const telling = all.filter(({ holds }) => holds !== undefined);
    expect(telling.map(({ call }) => call)).to.deep.equal(taking.map(({ call }) => call));
    expect(taking.map(({ call }) => call)).to.include.members(['Utility.batch', 'Multisig.asMulti']);
  });

  it('finds them at any depth, in their order, each with the account that makes it', () => {
    const inner = multiAccount([alice.publicKey, bob.publicKey].toSorted(compareBytes), 2);
    const outer = multiAccount([inner, bob.publicKey].toSorted(compareBytes), 1);
    const rest = { maybeTimepoint: undefined, maxWeight: { refTime: 1n, proofSize: 0n } };
    const nested = of('Multisig', 'asMulti', {
      threshold: 2,
      otherSignatories: [bob.publicKey],
      ...rest,
      call: of('Utility', 'forceBatch', {
        calls: [
          remark(2),
          of('Multisig', 'asMultiThreshold_1', { otherSignatories: [bob.publicKey], call: remark(3) }),
          remark(4),
        ],
      }),
    });
    const chain = new TestChain();
    const bytes = chain.signed(alice, of('Utility', 'batchAll', { calls: [remark(1), nested, remark(5)] }), 0);
    const names = [alice.publicKey, inner, outer, inner, alice.publicKey];
    expect(runtime.callsIn(bytes)).to.deep.equal(names.map((signer, i) => ({ signer, call: remark(i + 1) })));
  });

  it('finds none that an unsigned extrinsic would make in the name of others', () => {
    const once = of('Multisig', 'asMultiThreshold_1', { otherSignatories: [bob.publicKey], call: remark(3) });
    expect(runtime.callsIn(encodeBare(runtime.callTy, once))).to.deep.equal([]);
    expect(runtime.callsIn(encodeBare(runtime.callTy, remark(1)))).to.deep.equal([
      { signer: undefined, call: remark(1) },
    ]);
  });
});
