// The ring kernel: pure functions on linear memory. Who calls owns the memory (see ../kernel.ts); nothing is allocated here.
export { ntt, intt } from './ntt';
export {
  add, sub, mulMont, scale, scaleAdd, dotMont, dotMontTwice, dotSmall, productCoefficient, reverse, fromSmall, firstDifference, firstUnreduced,
} from './vector';
export { pack, unpack } from './pack';
export { addSmall, addWords, addRemainders, joinHalves, checkedPart } from './shares';
export { centredBinomial, ternary, reduce128, flood, encodeRemainder, encodeResidue } from './sample';
export {
  plainAdd, plainSub, plainScaleAdd, plainValues, plainDot, plainColumns, plainRange, plainSquares,
} from './plain';
export { cubicMul, cubicReciprocals, cubicWeigh, cubicDot, cubicRange, cubicSquares } from './cubic';
