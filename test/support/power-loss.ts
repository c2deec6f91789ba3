import { type KeyValue, openMemory, type Write } from '../../node/db/index.ts';

/** A store whose unsynced writes are gone when the power fails. Like LevelDB's log: a synced write takes those before it along. */
export class PowerLossStore {
  readonly kv: KeyValue;
  #durable: (readonly Write[])[] = [];
  #volatile: (readonly Write[])[] = [];

  constructor() {
    const memory = openMemory();
    this.kv = {
      ...memory,
      write: async (batch, sync) => {
        await memory.write(batch, sync);
        this.#volatile.push(batch);
        if (!sync) return;
        this.#durable.push(...this.#volatile);
        this.#volatile = [];
      },
    };
  }

  /** What the disk would hold if the power failed now. */
  async afterPowerLoss(): Promise<KeyValue> {
    const kv = openMemory();
    const kept = this.#durable.slice();
    for (const batch of kept) await kv.write(batch, true);
    return kv;
  }
}
