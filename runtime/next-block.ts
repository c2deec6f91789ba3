import { sameBytes } from '../primitives/crypto/bytes.ts';
import type { Context, Host, StateReader } from '../pallets/support/index.ts';

/** Makes the context of the block after the one with hash `at`. */
type After = (state: StateReader, at: Uint8Array, host: Host) => Context;

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
  readonly #after: After;
  #kept: Kept | undefined;

  constructor(after: After) {
    this.#after = after;
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
      ctx: this.#after(state, at, {
        get believes() {
          return kept.host.believes;
        },
        verify: (task) => kept.host.verify(task),
        report: (error) => kept.host.report?.(error),
      }),
    };
    this.#kept = kept;
    return kept;
  }
}
