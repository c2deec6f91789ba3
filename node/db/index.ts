/** The node's database: LevelDB, one atomic batch per block, synced at finality. */
export { damaged } from './damage.ts';
export { type KeyValue, openMemory, stopsAtFailure, type Write } from './keyvalue.ts';
export { openLevel } from './level.ts';
export { BlockStore, type NewBlock, type NewFinality } from './store.ts';
