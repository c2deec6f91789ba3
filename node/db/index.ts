/** The node's database: LevelDB, one atomic batch per block, synced at finality. */
export { damaged } from './damage.ts';
export { type KeyValue, openLevel, openMemory, type Write } from './keyvalue.ts';
export { BlockStore, type NewBlock, type NewFinality } from './store.ts';
