/** A committee that notes what its posts and the ends of its blocks take. */
import { committee, type SetupPost } from '../../pallets/committee/index.ts';
import { Origin, type RuntimeCall } from '../../pallets/support/index.ts';
import { findRound, sizeOfPost, tally, type TallyPost } from '../../pallets/tally/index.ts';
import { postersOf } from '../../pallets/tally/judging.ts';
import { stepFor } from '../../pallets/tally/steps/index.ts';
import { at } from '../../primitives/at.ts';
import { quorum } from '../../primitives/fhe/params.ts';
import { type RoundPhase, TALLY_STEPS } from '../../primitives/round/phases.ts';
import { phaseOf, type TestChain, TestCommittee } from '../../test/support/committee.ts';
import { type Cost, costOf, microsOfEnd, wholeMicros } from './measure.ts';

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
  /** Microseconds of the longest judging of each phase, keys included: with a post, or at the end of a block that it began in. */
  readonly ends = new Map<RoundPhase, number>();
  /** Microseconds of the last post that decided a step. */
  #deciding = 0;
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
      const what = tally.call.post({ post, signature });
      // What comes after the step was decided is in no block.
      if (!('valid' in this.test.chain.validate(what, 'inBlock'))) return super.dispatch(post, signature);
      if (this.#mayDecide(post)) {
        this.#deciding = wholeMicros(this.cost(Origin.none, what));
        this.#noteEnd(post.body.tag, this.#deciding);
      } else this.noteSized(`Tally.post${post.body.tag}`, sizeOfPost(post.body), Origin.none, what);
    } else this.note(Origin.none, committee.call.post({ post, signature }));
    return super.dispatch(post, signature);
  }

  /** Whether the step of a post is judged with it: what that takes is counted with the ends of blocks, by phase. */
  #mayDecide({ round: id, attempt, body }: TallyPost): boolean {
    const pallet = tally.use(this.test.chain.ctx);
    const round = findRound(this.test.chain.ctx, id);
    if (round === undefined || !stepFor(body.tag).isJudgedAtOnce) return false;
    const { params } = this.test;
    // Every subset has a member among any f+1.
    const needed = body.tag === 'Reveal' ? params.f + 1 : quorum(params);
    return postersOf(pallet, round, body.tag, attempt).length + 1 >= needed;
  }

  #noteEnd(phase: RoundPhase, micros: number): void {
    this.ends.set(phase, Math.max(micros, this.ends.get(phase) ?? 0));
  }

  /** As the committee's own, but for the look at every end of a block. */
  override runUntil(done: () => boolean, limit = 400): void {
    const { chain } = this.test;
    const last = chain.ctx.block + limit;
    while (!done()) {
      if (chain.ctx.block >= last) throw new Error('the committee did not get there');
      this.act();
      const micros = microsOfEnd(chain.composition, chain.ctx);
      const { live, ended } = tally.use(chain.ctx).store;
      for (const id of live.get()) this.#noteEnd(phaseOf(this.test, id) as RoundPhase, micros);
      // A round that a post has settled pays at the end of the block: the post weighs that as well.
      for (const id of ended.get()) {
        const { finished, endedAt } = findRound(chain.ctx, id) ?? {};
        const last = finished?.at(-1);
        if (last && endedAt === chain.ctx.block) this.#noteEnd(at(TALLY_STEPS, last.step), this.#deciding + micros);
      }
      chain.runToBlock(chain.ctx.block + 1);
    }
  }
}
