/**
 * What members compute for the first time after a close takes them up to half as long again as later (ADR 052): no machine code is there for it. So it is rehearsed while a
 * round is open, on made-up numbers and keys: nothing of the round, no secret, nothing that is kept or posted.
 */
import { at } from '../../primitives/at.ts';
import { functionalOf, openingShare } from '../../primitives/fhe/open.ts';
import { publicA } from '../../primitives/fhe/keys.ts';
import { type FheParams, fheParams, type RoundContext, subsetsWith } from '../../primitives/fhe/params.ts';
import type { Ciphertext, OpeningRequest } from '../../primitives/fhe/types.ts';
import { ciphertextHash, encodeResidues } from '../../primitives/fhe/wire.ts';
import { laneTables } from '../../primitives/linear/member.ts';
import type { LaneSpec } from '../../primitives/proofs/lane.ts';
import { laneSpecOf } from '../../primitives/round/index.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import type { RoundInfo } from '../evaluation/payloads.ts';

/** Values that are opened: enough to warm the loops, few enough for ten members, each of whose subsets adds to every one. */
const VALUES = 1024;
/** Scores: after so many their time falls no more. */
const SCORES = 3;
const MEMBER = 0;
const NOTHING = new Uint8Array(32);

/** One of each kind of work, a piece at a time. */
function* rehearse(params: FheParams, evaluator: Evaluator, spec: LaneSpec): Generator<void> {
  // No chain begins with this block.
  const context: RoundContext = { genesis: NOTHING, term: 0, round: 0, paramsId: params.id };
  const keys = new Map(subsetsWith(params, MEMBER).map((subset) => [subset, NOTHING]));
  const words = params.dataPrimes.length * params.degree;
  const poly = BigUint64Array.from({ length: words }, (_, i) => BigInt(i));
  const ciphertext: Ciphertext = { c0: poly, c1: poly };
  const a = publicA(params, context);
  laneTables(params, context, { publicKey: { a, b: a }, sealKeys: [], maskKeys: [] }, NOTHING, spec);
  yield;
  const sum = evaluator.sum([ciphertext, ciphertext]);
  const request: OpeningRequest = {
    context,
    step: 'rehearsal',
    attempt: 0,
    sources: [ciphertextHash(params, sum)],
    slots: [{ source: 0, from: 0, count: Math.min(VALUES, params.degree), scale: 1n, weightNorm: 1n }],
  };
  yield;
  encodeResidues(params.dataPrimes, openingShare(params, request, MEMBER, keys, [sum]));
  yield;
  const weights = Int32Array.from({ length: params.degree }, (_, i) => (i % 41) - 20);
  for (let score = 0; score < SCORES; score++) {
    const product = evaluator.weightedSum([{ ciphertext, weights }]);
    ciphertextHash(params, product);
    functionalOf(params, context, MEMBER, keys)(product, 0, 1);
    yield;
  }
}

export class Rehearsals {
  readonly #evaluator: (paramsId: string) => Evaluator;
  /** By parameter set, what is left of its rehearsal. */
  readonly #begun = new Map<string, Generator<void>>();

  constructor(evaluator: (paramsId: string) => Evaluator) {
    this.#evaluator = evaluator;
  }

  /** Does one piece, some ten milliseconds (a quarter of a second for ten members), of what the steps of open rounds will need; false if all of it has been rehearsed. */
  next(rounds: readonly RoundInfo[]): boolean {
    return rounds.some(({ round: { phase, paramsId, lanes } }) => {
      if (phase.tag !== 'Open') return false;
      const pieces =
        this.#begun.get(paramsId) ?? rehearse(fheParams(paramsId), this.#evaluator(paramsId), laneSpecOf(at(lanes, 0)));
      this.#begun.set(paramsId, pieces);
      return pieces.next().done !== true;
    });
  }
}
