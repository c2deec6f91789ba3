import type { Equivocation } from '../../../primitives/grandpa/index.ts';
import type { ToyNode } from './toy-node.ts';

/** Sees the equivocations a node catches. */
export class EquivocationWatch {
  readonly proofs: Equivocation[] = [];
  #caught: (() => void) | undefined;

  constructor(node: ToyNode) {
    node.onEquivocation = (equivocation) => {
      this.proofs.push(equivocation);
      this.#caught?.();
    };
  }

  /** Repeats `attempt` until an equivocation is caught: rounds are short, an attempt may hit the gap between two. */
  async until(attempt: () => Promise<void>, limit = 800): Promise<void> {
    for (let tries = 0; tries < limit && this.proofs.length === 0; tries++) {
      const caught = new Promise<void>((resolve) => {
        this.#caught = resolve;
      });
      await attempt();
      await Promise.race([caught, new Promise((resolve) => setTimeout(resolve, 60))]);
    }
  }
}
