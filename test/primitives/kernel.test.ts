import { expect } from 'chai';
import { kernel as ringKernel } from '../../primitives/fhe/kernel.ts';
import ringModule from '../../primitives/fhe/asm/build/kernel.mjs';
import cryptoModule from '../../primitives/crypto/asm/build/kernel.mjs';
import { Kernel, type Ptr } from '../../primitives/kernel.ts';

describe('primitives/kernel', () => {
  for (const [name, module] of [
    ['ring', ringModule],
    ['crypto', cryptoModule],
  ] as const) {
    it(`${name}: a frame's room is wiped and used again, what was there before stays`, () => {
      const kernel = new Kernel<object>(module);
      const kept = kernel.allocPermanent(32);
      kernel.writeBytes(kept, new Uint8Array(32).fill(3));
      const secret = new Uint8Array(100_000).fill(9);
      const [outer, inner]: Ptr[] = kernel.frame(() => {
        const at = kernel.putBytes(secret);
        return [at, kernel.frame(() => kernel.putBytes(secret))];
      }) as [Ptr, Ptr];
      expect(outer).to.equal(kept + 32);
      expect(inner).to.equal(outer + 100_000);
      for (const at of [outer, inner]) expect(kernel.readBytes(at, 100_000).every((byte) => byte === 0)).to.equal(true);
      expect(kernel.readBytes(kept, 32)).to.deep.equal(new Uint8Array(32).fill(3));
      expect(kernel.frame(() => kernel.alloc(1))).to.equal(outer);
    });

    it(`${name}: a computation that throws leaves nothing behind`, () => {
      const kernel = new Kernel<object>(module);
      let at = 0;
      const failing = (): void =>
        kernel.frame(() => {
          at = kernel.putBytes(new Uint8Array(64).fill(9));
          throw new RangeError('stopped');
        });
      expect(failing).to.throw(RangeError);
      expect(kernel.readBytes(at, 64)).to.deep.equal(new Uint8Array(64));
    });
  }

  it('tables are not made inside a frame, and memory has a bound', () => {
    const kernel = new Kernel<object>(ringModule);
    expect(() => kernel.frame(() => kernel.allocPermanent(16)))
      .to.throw()
      .with.property('code', 'kernel/frame');
    expect(() => kernel.frame(() => kernel.alloc(2 ** 31)))
      .to.throw()
      .with.property('code', 'kernel/memory');
  });

  it('a thread has one ring kernel', () => {
    expect(ringKernel()).to.equal(ringKernel());
  });
});
