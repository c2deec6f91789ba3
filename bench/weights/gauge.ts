/** A committee that notes what its posts and the ends of its blocks take. */
import { committee, type SetupPost } from '../../pallets/committee/index.ts';
import { Origin, type RuntimeCall } from '../../pallets/support/index.ts';
import { sizeOfPost, tally, type TallyPost } from '../../pallets/tally/index.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import { phaseOf, type TestChain, TestCommittee } from '../../test/support/committee.ts';
import { type Cost, costOf, microsOfEnd } from './measure.ts';

/** Of two costs the larger figures. */
export function largest(now: Cost, before: Cost | undefined): Cost {
  return {
    reads: Math.max(now.reads, before?.reads ?? 0),
    writes: Math.max(now.writes, before?.writes ?? 0),
    micros: Math.max(now.micros, before?.micros ?? 0),
  };
}

/** Of several measurements of one thing it keeps the largest figures. */
export class Gauge extends TestCommittee {
  /** By `Pallet.call`. */
  readonly calls = new Map<string, Cost>();
  /** By `Pallet.call` and size, for calls whose cost follows their size. */
  readonly sized = new Map<string, Map<number, Cost>>();
  /** Microseconds of the longest end of a block that began in each phase. */
  readonly ends = new Map<RoundPhase, number>();
  readonly #budget: number;

  constructor(test: TestChain, budget: number) {
    super(test);
    this.#budget = budget;
  }

  cost(origin: Origin, what: RuntimeCall): Cost {
    const { composition, ctx } = this.test.chain;
    return costOf({ composition, ctx, origin, call: what }, this.#budget);
  }

  note(origin: Origin, what: RuntimeCall): void {
    const name = `${what.tag}.${what.value.tag}`;
    this.calls.set(name, largest(this.cost(origin, what), this.calls.get(name)));
  }

  noteSized(name: string, size: number, origin: Origin, what: RuntimeCall): void {
    const sizes = this.sized.get(name) ?? new Map<number, Cost>();
    sizes.set(size, largest(this.cost(origin, what), sizes.get(size)));
    this.sized.set(name, sizes);
  }

  override dispatch(post: TallyPost | SetupPost, signature: Uint8Array): string {
    if ('round' in post) {
      const name = `Tally.post${post.body.tag}`;
      this.noteSized(name, sizeOfPost(post.body), Origin.none, tally.call.post({ post, signature }));
    } else this.note(Origin.none, committee.call.post({ post, signature }));
    return super.dispatch(post, signature);
  }

  /** As the committee's own, but for the look at every end of a block. */
  override runUntil(done: () => boolean, limit = 400): void {
    const { chain } = this.test;
    const last = chain.ctx.block + limit;
    while (!done()) {
      if (chain.ctx.block >= last) throw new Error('the committee did not get there');
      this.act();
      const micros = microsOfEnd(chain.composition, chain.ctx);
      for (const id of tally.use(chain.ctx).store.live.get()) {
        const phase = phaseOf(this.test, id) as RoundPhase;
        this.ends.set(phase, Math.max(micros, this.ends.get(phase) ?? 0));
      }
      chain.runToBlock(chain.ctx.block + 1);
    }
  }
}
