/** A committee of four under the parameters of confidential mode: its members' keys, and what they post of the evaluation keys. Made once for a process. */
import { Prg } from '../../primitives/crypto/prg.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { encryptPlain, prepareKey } from '../../primitives/fhe/encrypt.ts';
import {
  type EvaluationKeys,
  evaluationKeys,
  type FirstPass,
  firstPassOf,
  passPosting,
  type Posting,
} from '../../primitives/fhe/evaluation-keys.ts';
import { keyAssignment, keyPosting, publicKey } from '../../primitives/fhe/keys.ts';
import { fheParams, type RoundContext, subsetsWith } from '../../primitives/fhe/params.ts';
import { SealEvaluator } from '../../primitives/fhe/seal.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import { random } from './committee.ts';

export const params = fheParams('tacit-16384-n4');
export const context: RoundContext = {
  genesis: hash32Of('tacit/bench/1', 'genesis'),
  term: 1,
  round: 1,
  paramsId: params.id,
};
export const assignment: readonly number[] = keyAssignment(params);
export const members: readonly number[] = Array.from({ length: params.n }, (_, j) => j);

export function keysOf(member: number): Map<number, Uint8Array> {
  return new Map(subsetsWith(params, member).map((subset) => [subset, hash32Of('tacit/bench/1', 'K', subset)]));
}

/** What all members post in a pass. */
function postingsOf(first?: FirstPass): Map<number, Posting> {
  return new Map(
    members.flatMap((member) => {
      const posting = passPosting(params, context, member, keysOf(member), first, assignment);
      return posting ? [[member, posting] as const] : [];
    }),
  );
}

/** Both passes of a committee. */
export interface Passes {
  readonly firsts: ReadonlyMap<number, Posting>;
  readonly first: FirstPass;
  readonly seconds: ReadonlyMap<number, Posting>;
}

let passes: Passes | undefined;

export function madePasses(): Passes {
  if (passes === undefined) {
    const firsts = postingsOf();
    const first = firstPassOf(params, firsts, assignment);
    passes = { firsts, first, seconds: postingsOf(first) };
  }
  return passes;
}

function madeKeys(): EvaluationKeys {
  const { first, seconds } = madePasses();
  return evaluationKeys(params, context, first, seconds, assignment);
}

/** An evaluator under the committee's keys, and two ciphertexts of the round. */
export interface Evaluation {
  readonly evaluator: ReturnType<SealEvaluator['under']>;
  readonly update: Ciphertext;
  readonly weights: Ciphertext;
}

let evaluation: Promise<Evaluation> | undefined;

export function madeEvaluation(): Promise<Evaluation> {
  evaluation ??= (async () => {
    const seal = await SealEvaluator.create(params);
    const sums = new Map(
      members.flatMap((member) => {
        const posting = keyPosting(params, context, member, keysOf(member), assignment);
        return posting ? [[member, posting] as const] : [];
      }),
    );
    const key = prepareKey(params, publicKey(params, context, sums, assignment));
    const encrypted = (): Ciphertext => {
      const plain = BigUint64Array.from({ length: params.degree / 2 }, (_, i) => BigInt(i % 128));
      return encryptPlain(params, key, plain, new Prg(hash32Of('tacit/bench/1', random(32))));
    };
    return { evaluator: seal.under(seal.loadKeys(madeKeys())), update: encrypted(), weights: encrypted() };
  })();
  return evaluation;
}
