/** The compatibility gate: a table of licences and rules as data, and the decision by it. Pure functions. */
export { defaultTable } from '../table/default.ts';
export { tableHash } from '../table/hash.ts';
export { type LicenceProfile, MAX_TABLE_BYTES, type Table, table } from '../table/types.ts';
export { CLAUSE_NAMES, CLAUSES, type ClauseName, clause } from './clauses.ts';
export { type Conflict, decide, isWaivable } from './decide.ts';
export { profileOf } from './profile.ts';
export { faultOf, validateTable } from './validate.ts';
