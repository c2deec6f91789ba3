import { CHECK_WEIGHT } from '../../pallets/support/index.ts';
import { MAX_BLOCK_WEIGHT } from '../../pallets/system/limits.ts';
import type { Trie } from '../../primitives/trie/index.ts';
import type { ChainRuntime } from '../base/runtime.ts';
import { slices } from '../base/serial.ts';
import type { Verifier } from '../base/types.ts';

/** Extrinsics before the one that is executed whose checks are under way: enough to keep the threads busy. */
const LEAD = 256;
/** Milliseconds after which the event loop has its turn. */
const SLICE_MS = 6;

/** A block's state and its hash. */
export interface StateOf {
  readonly hash: Uint8Array;
  readonly state: Trie;
}

/**
 * The costly checks of a block's extrinsics, made by the workers a stretch before the execution asks for them, so that both go on at the same time. No more is
 * checked than a block may weigh: the author of one with more in it [eight megabytes of made-up claims] must not keep the threads busy with it for minutes.
 */
export class Ahead {
  readonly #body: readonly Uint8Array[];
  readonly #runtime: ChainRuntime;
  readonly #parent: StateOf;
  readonly #verifier: Verifier;
  readonly #answers: (Promise<unknown> | undefined)[] = [];
  #weight = 0n;

  constructor(body: readonly Uint8Array[], runtime: ChainRuntime, parent: StateOf, verifier: Verifier) {
    this.#body = body;
    this.#runtime = runtime;
    this.#parent = parent;
    this.#verifier = verifier;
  }

  /** Begins the checks up to some way after extrinsic `index`, and resolves when those of `index` are done. */
  ready(index: number): Promise<unknown> | undefined {
    const end = Math.min(this.#body.length, index + LEAD);
    while (this.#answers.length < end) this.#answers.push(this.#begin(this.#body[this.#answers.length]!));
    const answer = this.#answers[index];
    this.#answers[index] = undefined;
    return answer;
  }

  /** Resolves when all checks are done: for an execution that cannot wait in between. */
  async all(): Promise<void> {
    const pause = slices(SLICE_MS);
    for (const index of this.#body.keys()) {
      await pause();
      await this.ready(index);
    }
  }

  #begin(extrinsic: Uint8Array): Promise<unknown> | undefined {
    if (this.#weight > MAX_BLOCK_WEIGHT) return undefined;
    const tasks = this.#runtime.tasks(this.#parent.state, this.#parent.hash, extrinsic);
    if (tasks.length === 0) return undefined;
    for (const { kind } of tasks) this.#weight += CHECK_WEIGHT[kind];
    const answer = this.#verifier.verify(tasks);
    // If the execution ends before it comes to this extrinsic, nobody waits for the answer.
    answer.catch(() => undefined);
    return answer;
  }
}
