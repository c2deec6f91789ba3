/** How much room openings leave: for each parameter set and kind of opening the worst noise, the flood over it, and what the modulus bears (specification §1.5, §6.3). */
import {
  CONFIDENTIAL_PARAMS,
  distanceBits,
  type FheParams,
  fheParams,
  KEY_TEST_VALUES,
  openedNoiseLimit,
  noiseBound,
  payoutNormLimit,
  SECURE_PARAMS,
} from '../../primitives/fhe/params.ts';
import { MAX_ITEMS, MAX_PLACES, MAX_SUMMED_VALUES } from '../../primitives/round/limits.ts';

/** One kind of opening under one parameter set, at its largest. */
export interface NoiseRow {
  readonly paramsId: string;
  readonly kind: string;
  /** Values that are opened. */
  readonly values: number;
  /** Sum of the 2-norms of the functionals over fresh ciphertexts. */
  readonly weightNorm: bigint;
  /** Worst noise before flooding, whoever chose seeds and keys; flood of all subsets; both and the roundings; what decodes, `Q/(2t)`. */
  readonly noise: bigint;
  readonly flood: bigint;
  readonly together: bigint;
  readonly limit: bigint;
  /** Statistical distance of the opened values from ones that show no noise: at most 2^-this. */
  readonly hidden: number;
}

type Kind = readonly [kind: string, values: number, weightNorm: bigint];

/** What a round opens, by its largest numbers of values and weight norms. What a round opens under payout is held to the largest weight norm, what is summed to `lambda` bits. */
function kindsOf({ f, maxWeightNorm, confidential }: FheParams): Kind[] {
  const test: Kind = ['test encryptions of a round key', KEY_TEST_VALUES * (f + 1), 1n];
  const payouts: Kind = ['payouts', MAX_ITEMS, payoutNormLimit(maxWeightNorm, MAX_ITEMS)];
  // products show so much noise that a total takes as much as the payouts' limit leaves
  if (confidential) return [test, ['total of all scores', 1, maxWeightNorm], payouts];
  return [
    test,
    ['sum of updates', MAX_SUMMED_VALUES, BigInt(MAX_ITEMS)],
    ['points of all counts', 1, maxWeightNorm],
    payouts,
    ['sum of ballots or reports', MAX_SUMMED_VALUES, BigInt(MAX_PLACES)],
  ];
}

/** All of them, for every parameter set that a chain may use, and for those of confidential mode. */
export function noiseTable(): NoiseRow[] {
  return [...SECURE_PARAMS, ...CONFIDENTIAL_PARAMS].flatMap((paramsId) => {
    const params = fheParams(paramsId);
    const limit = params.q / (2n * params.t);
    return kindsOf(params).map(([kind, values, weightNorm]) => ({
      paramsId,
      kind,
      values,
      weightNorm,
      noise: noiseBound(params, weightNorm),
      flood: BigInt(params.subsets.length) << BigInt(params.floodBits),
      together: openedNoiseLimit(params, weightNorm),
      limit,
      hidden: distanceBits(params, [{ values, weightNorm }]),
    }));
  });
}

/** log2, to a tenth. */
export function bitsOf(value: bigint): string {
  const length = value.toString(2).length;
  const shift = BigInt(Math.max(0, length - 50));
  return (Math.log2(Number(value >> shift)) + Number(shift)).toFixed(1);
}
