/** Provers: the same claim here and in a thread, errors with their codes, given up when asked. */
import { expect } from 'chai';
import { proveInThread } from '../../../client/sdk/node/prove.ts';
import { type ClaimInput, proveHere, type Prover } from '../../../client/sdk/prove.ts';
import { type Ears, proverBy } from '../../../client/sdk/threads.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { commit, J0, times } from '../../../primitives/crypto/ristretto.ts';
import { type HiddenBin, openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { verifyHiddenClaim } from '../../../primitives/proofs/hidden-check.ts';

const key = 77n;
const opening = { amount: 16n * 900_000n, twin: 0 as const, blinding: 5n };
const own = { key: times(J0, key).toBytes(), commitment: commit(opening.amount, opening.blinding).toBytes() };
const other = { key: times(J0, 3n).toBytes(), commitment: commit(1n, 9n).toBytes() };
const bin: HiddenBin = {
  genesis: hash32Of('genesis'),
  modulus: (1n << 50n) - 27n,
  grains: 16n,
  index: 4,
  digits: 3,
  notes: [other, own],
};
const terms = { amount: 500_000n, fee: 10_000n, destination: hash32Of('somebody') };
const change = [{ key: times(J0, 8n).toBytes(), amount: 16n * 400_000n, blinding: 11n }];
const input: ClaimInput = { bin, root: openHiddenBin(bin).root, terms, witness: { place: 1, key, opening }, change };
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? error,
  );

describe('client/sdk/prove', () => {
  for (const [name, prove] of Object.entries({ proveHere, proveInThread })) {
    it(`${name}: a claim that holds, for this bin and no other`, async () => {
      const { terms: proved, proof } = await prove(input);
      expect(proved).to.deep.include(terms);
      const open = openHiddenBin(bin);
      expect(verifyHiddenClaim({ bin: open, terms: proved, proof })).to.equal(true);
      const elsewhere = openHiddenBin({ ...bin, index: 5 });
      expect(verifyHiddenClaim({ bin: elsewhere, terms: proved, proof })).to.equal(false);
    });

    it(`${name}: an error has its code, whoever throws it`, async () => {
      expect(await codeOf(prove({ ...input, root: hash32Of('another') }))).to.equal('sdk/wrong-bin');
      expect(await codeOf(prove({ ...input, change: [] }))).to.equal('hidden/outputs');
      const more = [{ ...change[0]!, amount: 1n }];
      expect(await codeOf(prove({ ...input, change: more }))).to.equal('hidden/unbalanced');
    });

    it(`${name}: not begun if it is given up before`, async () => {
      expect(await codeOf(prove(input, { signal: AbortSignal.abort('enough') }))).to.equal('enough');
    });
  }

  it('a thread is ended when its work is done, given up, or it fails', async () => {
    const puppet = (): { prove: Prover; ears: () => Ears; ended: () => number } => {
      let ears: Ears | undefined;
      let ended = 0;
      const prove = proverBy((_, given) => {
        ears = given;
        return () => void ended++;
      });
      return { prove, ears: () => ears as Ears, ended: () => ended };
    };
    const done = puppet();
    const proving = done.prove(input);
    const proved = { terms: { ...terms, outputs: [] }, proof: new Uint8Array(1) };
    done.ears().said({ proved });
    expect([await proving, done.ended()]).to.deep.equal([proved, 1]);

    const stopped = puppet();
    const controller = new AbortController();
    const never = codeOf(stopped.prove(input, { signal: controller.signal }));
    controller.abort('enough');
    expect([await never, stopped.ended()]).to.deep.equal(['enough', 1]);

    const failed = puppet();
    const failing = codeOf(failed.prove(input));
    failed.ears().ended('has ended with 1');
    expect([await failing, failed.ended()]).to.deep.equal(['sdk/thread-ended', 1]);
  });
});
