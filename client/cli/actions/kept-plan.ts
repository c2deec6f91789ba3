import type { ClaimOptions } from '../../sdk/claim.ts';
import type { Planned } from '../../sdk/claim-plan.ts';
import { nameOf } from '../../sdk/notes/index.ts';

/** A plan on the disk, which says of a claim before it is sent that the network may have heard of it: whatever ends the process, the note is claimed on these terms from then on. */
export class KeptPlan {
  readonly #write: (plan: readonly Planned[]) => Promise<void>;
  readonly #tried = new Set<string>();
  #plan: readonly Planned[];

  constructor(plan: readonly Planned[], write: (plan: readonly Planned[]) => Promise<void>) {
    this.#plan = plan;
    this.#write = write;
  }

  keep(plan: readonly Planned[]): Promise<void> {
    this.#plan = plan.map((one) => (this.#tried.has(nameOf(one)) ? { ...one, tried: true } : one));
    return this.#write(this.#plan);
  }

  /** What is to be done at each step of a claim: it is kept before anybody hears of it. */
  stepsOf(one: Planned): NonNullable<ClaimOptions['onStep']> {
    return (step) => (step === 'sends' ? this.send(one) : undefined);
  }

  /** A claim is about to be sent, of a note that the plan has or not. */
  send(one: Planned): Promise<void> {
    this.#tried.add(nameOf(one));
    return this.keep([...this.#without(one), one]);
  }

  /** A claim has been made. */
  made(one: Planned): Promise<void> {
    return this.keep(this.#without(one));
  }

  #without(one: Planned): Planned[] {
    return this.#plan.filter((other) => nameOf(other) !== nameOf(one));
  }
}
