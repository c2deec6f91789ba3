/** Signature and proof checks off the event loop. */
export { VerifyPool } from './pool.ts';
export { verifyTask } from './verify.ts';
