import { expect } from 'chai';
import { VerifyPool } from '../../../node/workers/index.ts';
import { verifyTask, verifyTasks } from '../../../node/workers/verify.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { encodeHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { hiddenClaimTask, verifyHiddenClaimTasks } from '../../../primitives/proofs/hidden-task.ts';
import { at } from '../../../primitives/at.ts';
import { claimOf, roundNote, type Scene, sceneOf } from './support/hidden.ts';
import { random } from './support/notes.ts';

describe('primitives/proofs/hidden-task', () => {
  const scenes = [0, 1].map(() => sceneOf([roundNote(900_000n, false), roundNote(700_000n, true)], 3, 5));
  const taskOf = (scene: Scene, place: number, amount: bigint): Uint8Array[] => {
    const { terms, proof } = claimOf(scene, place, amount, place === 1 ? [3n] : []);
    return hiddenClaimTask(encodeHiddenBin(scene.bin), terms, proof);
  };
  const good = scenes.flatMap((scene) => [taskOf(scene, 0, 500_000n), taskOf(scene, 1, 200_000n)]);
  const flipped = (task: readonly Uint8Array[], part: number, byte = at(task, part).length - 1): Uint8Array[] =>
    task.map((bytes, i) => (i === part ? bytes.with(byte, at([...bytes], byte) ^ 1) : bytes));

  it('claims hold there, whichever are asked together', () => {
    expect(verifyHiddenClaimTasks(good)).to.deep.equal([true, true, true, true]);
    expect(good.map((task) => verifyHiddenClaimTasks([task]))).to.deep.equal([[true], [true], [true], [true]]);
    expect(verifyHiddenClaimTasks([])).to.deep.equal([]);
  });

  it('one that does not hold fails alone, whatever of it is wrong', () => {
    const wrong = [
      flipped(at(good, 0), 2),
      flipped(at(good, 0), 1),
      // A count that the bytes do not have, and a key that is no point.
      flipped(at(good, 0), 0, 54),
      flipped(at(good, 0), 0, 55 + 31),
      // The claim of one bin on the other.
      [at(at(good, 2), 0), ...at(good, 0).slice(1)],
      at(good, 0).slice(0, 2),
      [...at(good, 0), new Uint8Array(1)],
      at(good, 0).with(1, new Uint8Array(0)),
      at(good, 0).with(1, concatBytes(at(at(good, 0), 1), random(128))),
      at(good, 0).with(0, new Uint8Array(0)),
      [],
    ];
    wrong.forEach((task, i) => {
      expect(verifyHiddenClaimTasks([at(good, 1), task, at(good, 3)]), `${i}`).to.deep.equal([true, false, true]);
      expect(verifyTask({ kind: 'hidden-claim', parts: task }), `${i}`).to.equal(false);
    });
  });

  it('keeps few bins open, and answers the same of those that it has closed again', () => {
    const many = Array.from({ length: 12 }, () => taskOf(sceneOf([roundNote(900_000n, true)], 3, 2), 0, 50_000n));
    for (let turn = 0; turn < 2; turn++)
      expect(many.map((task) => verifyHiddenClaimTasks([task])[0])).to.not.include(false);
    expect(verifyHiddenClaimTasks([...many, ...good]).every(Boolean)).to.equal(true);
  });

  it('a thread answers claims among other tasks, each in its place', () => {
    const claim = (parts: Uint8Array[]) => ({ kind: 'hidden-claim' as const, parts });
    const signature = { kind: 'sr25519' as const, parts: [random(32), random(3), random(64)] };
    const tasks = [claim(at(good, 0)), signature, claim(flipped(at(good, 1), 2)), claim(at(good, 2)), claim([])];
    expect(verifyTasks(tasks)).to.deep.equal([true, false, false, true, false]);
    expect(verifyTasks([signature, claim(at(good, 1))])).to.deep.equal([false, true]);
  });

  it('of many claims on one bin, asked of threads at once, exactly those that are false are refused', async () => {
    const pool = new VerifyPool({ threads: 1 });
    try {
      const [scene] = scenes as [Scene, Scene];
      // One note, spent again and again: a thread does not look at tags.
      const parts = Array.from({ length: 20 }, () => taskOf(scene, 0, 50_000n));
      const asked = parts.map((one, i) => ({
        kind: 'hidden-claim' as const,
        parts: i === 7 || i === 18 ? flipped(one, 2) : one,
      }));
      const answers = await pool.verify(asked);
      expect(answers.flatMap((holds, i) => (holds ? [] : [i]))).to.deep.equal([7, 18]);
      // What was found together is what the runtime is told for each, without another check.
      expect(asked.map((task) => pool.verify(task))).to.deep.equal(answers);
      expect(pool.misses).to.equal(0);
    } finally {
      await pool.close();
    }
  });
});
