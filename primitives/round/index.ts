/**
 * The vocabulary of a tally round (specification §3 to §9): what the runtime, the node's committee and audit, and clients have to say in the same words. Pure
 * functions of public data; no secrets, no storage, no codecs of extrinsics.
 *
 * ```ts
 * const lanes = lanesOf(rule).map(laneSpecOf);                  // what contributors submit
 * const weights = partWeights(rule, accepted, { direction, aggregate, past }); // how they are scored
 * ```
 */
export * from './commitments.ts';
export * from './confidential.ts';
export * from './factors.ts';
export * from './fit.ts';
export * from './holders.ts';
export * from './lanes.ts';
export * from './limits.ts';
export * from './novelty.ts';
export * from './phases.ts';
export * from './price.ts';
export * from './requests.ts';
export * from './rule.ts';
export * from './score.ts';
export * from './sketch.ts';
