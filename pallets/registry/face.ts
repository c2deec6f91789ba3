/** What other pallets and clients’ tests use of the registry. */
export { registeredAt } from './apis.ts';
export { attesterBond, bindAttester, isAdmittedFor, openDisputesOf, slashAttester } from './attesters.ts';
export { claimEnd, claimOf, isValidAt, restoreClaim, strikeClaim } from './claims.ts';
export { commitmentOf, contentKey } from './commitments.ts';
export { dataOf, dataTakenBy } from './data.ts';
export { evidenceOf, sharedTensorsOf } from './evidence.ts';
export * from './fees.ts';
export { type ParentLink, parentsOf } from './lineage.ts';
export { modelByFingerprint, modelOf } from './models.ts';
export { mintPortfolio, portfolioOf } from './portfolios.ts';
export { COMMIT_AGE, COMMIT_LIFE, EVIDENCE_HOLD } from './state.ts';
export * from './types.ts';
export { versionOf, versionTakenBy } from './versions.ts';
