// The curve kernel: pure functions on linear memory. Who calls owns the memory (see ../curve-kernel.ts); nothing is allocated here.
export { curveConstants, decodePoints } from './curve';
export { multiScalar } from './multi';
