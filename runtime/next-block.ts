import { sameBytes } from '../primitives/crypto/bytes.ts';
import type { BlockStart, Context, Host, StateReader } from '../pallets/support/index.ts';
import { noteParent, system } from '../pallets/system/index.ts';

type Open = (state: StateReader, header: BlockStart, host: Host) => Context;

/** Uses after which a context is made anew: what it has read of the state stays in memory. */
const MAX_USES = 4096;

interface Kept {
  readonly state: StateReader;
  readonly at: Uint8Array;
  readonly ctx: Context;
  /** Who answers for the host of `ctx` at the moment. */
  host: Host;
  uses: number;
}

/** The block that would follow a state, to judge extrinsics in. Most are judged on one and the same state: what all of them read is read once. */
export class NextBlock {
  readonly #open: Open;
  #kept: Kept | undefined;

  constructor(open: Open) {
    this.#open = open;
  }

  /** Runs `judge` in the block after the one whose hash is `at`; whatever it writes is gone afterwards. */
  run<T>(state: StateReader, at: Uint8Array, host: Host, judge: (ctx: Context) => T): T {
    const kept = this.#at(state, at, host);
    const { storage } = kept.ctx;
    storage.begin();
    try {
      return judge(kept.ctx);
    } finally {
      storage.rollback();
    }
  }

  /** A context of that block for one use. */
  fresh(state: StateReader, at: Uint8Array, host: Host): Context {
    const number = system.use(this.#open(state, { parentHash: at, number: 0, digest: [] }, host)).store.number.get();
    const next = this.#open(state, { parentHash: at, number: number + 1, digest: [] }, host);
    noteParent(next);
    return next;
  }

  #at(state: StateReader, at: Uint8Array, host: Host): Kept {
    const known = this.#kept;
    if (known && known.state === state && known.uses < MAX_USES && sameBytes(known.at, at)) {
      known.host = host;
      known.uses++;
      return known;
    }
    const kept: Kept = {
      state,
      at,
      host,
      uses: 1,
      ctx: this.fresh(state, at, {
        verify: (task) => kept.host.verify(task),
        report: (error) => kept.host.report?.(error),
      }),
    };
    this.#kept = kept;
    return kept;
  }
}
