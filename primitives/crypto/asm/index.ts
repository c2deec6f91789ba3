// The crypto kernel: pure functions on linear memory. Who calls owns the memory (see ../kernel.ts); nothing is allocated here.
export { curveConstants, decodePoints } from './curve';
export { multiScalar } from './multi';
export { multiples } from './multiples';
export { chacha } from './chacha';
export { polyBegin, polyBlocks, polyEnd } from './poly1305';
