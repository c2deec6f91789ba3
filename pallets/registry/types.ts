/** What is registered: codecs are the declaration, TypeScript types follow from them. */
export { dataId, modelId, portfolioId } from '../ownership/types.ts';
export * from './types/attesters.ts';
export * from './types/data.ts';
export * from './types/evidence.ts';
export * from './types/lineage.ts';
export * from './types/model.ts';
