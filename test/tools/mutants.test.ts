/** What counts as a guard, and that a guard without a test is told from one with a test. */
import { expect } from 'chai';
import { guardsOf, withoutGuard } from '../mutants/guards.ts';
import { allImports } from '../mutants/imports.ts';
import { isEntered, reachOf } from '../mutants/reach.ts';
import { tryWithout } from '../mutants/trial.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/runner.mjs';

const found = (text: string): string[] => guardsOf('a.ts', text).map(({ kind, text }) => `${kind}: ${text}`);

/** Milliseconds that no run takes. */
const NEVER = 3_600_000;

describe('tools/mutants', () => {
  it('finds what refuses: by throwing, by a value, by a call, and each part of a condition', () => {
    expect(found('function f(a: number) { if (a < 0 || a > 9) throw new Error(); return a; }')).to.deep.equal([
      'throw: if (a < 0 || a > 9) throw new Error();',
      'or: a < 0',
      'or: a > 9',
    ]);
    expect(found("function f(a?: string) { if (!a) return; if (a === 'x') { return undefined; } }")).to.have.length(2);
    expect(found('function f() { ensure(store.has(1), errors.No); this.#checkForm(2); done(); }')).to.deep.equal([
      'call: ensure(store.has(1), errors.No);',
      'call: this.#checkForm(2);',
    ]);
    expect(found('const f = (a: number, b: number) => a > 1 && isGood(b) && !c;')).to.deep.equal([
      'and: a > 1',
      'and: isGood(b)',
      'and: !c',
    ]);
  });

  it('takes nothing for a guard that computes: other branches, other returns, values joined by &&', () => {
    expect(found('function f(a: number) { if (a > 1) throw new Error(); else g(); }')).to.deep.equal([]);
    expect(found('function f(a: number) { if (a > 1) return a; return 2; }')).to.deep.equal([]);
    expect(found('const f = (a?: Found) => a && a.value;')).to.deep.equal([]);
  });

  it('changes nothing but the guard', () => {
    const text = 'f(); if (a) throw b; g();';
    const [guard] = guardsOf('a.ts', text);
    expect(withoutGuard(text, guard!)).to.equal('f(); ; g();');
  });

  it('goes by the innermost block of the coverage', () => {
    const range = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });
    const functions = [{ ranges: [range(0, 100, 1)] }, { ranges: [range(10, 50, 3), range(20, 30, 0)] }];
    expect([5, 15, 25, 35].map((at) => isEntered({ functions }, at))).to.deep.equal([true, true, false, true]);
    expect(isEntered({ functions }, 100)).to.equal(false);
  });

  it('a guard with a test is noticed, one that its tests do not come to is not; nothing changes on the disk', async () => {
    const file = 'primitives/round/novelty.ts';
    const text = readFileSync(join(root, file), 'utf8');
    const guards = guardsOf(file, text);
    const noticed = 'test/primitives/round/novelty.test.ts';
    expect((await tryWithout(guards[0]!, [noticed], NEVER)).status).to.equal('failed');
    expect((await tryWithout(guards[0]!, ['test/primitives/failure.test.ts'], NEVER)).status).to.equal('passed');
    const reached = await Promise.all(
      [noticed, 'test/primitives/round/price.test.ts'].map((one) => reachOf(one, guards)),
    );
    expect(new Set(reached.flatMap((one) => [...(one?.guards ?? [])]))).to.deep.equal(new Set(guards.keys()));
    expect((await reachOf('test/primitives/failure.test.ts', guards))?.guards.size).to.equal(0);
    expect(readFileSync(join(root, file), 'utf8')).to.equal(text);
  });

  it('a test imports what its imports import', () => {
    const seen = allImports('test/primitives/round/novelty.test.ts');
    expect(seen.has('primitives/round/novelty.ts')).to.equal(true);
    expect(seen.has('node/cli/main.ts')).to.equal(false);
  });
});
