/**
 * Who has given the node something to do, from the kind of giver to the single one: the kinds take turns, in each kind the groups, in each group the single ones.
 * A peer is a group of its own; clients of one address are one; clients of this machine are its operator's and count as the node's own.
 */
export type Giver = readonly [kind: 'own' | 'peers' | 'clients', group: string, one: string];

/** The node itself. */
export const OWN: Giver = ['own', 'node', ''];
/** What blocks of a branch that was left have held. */
export const LEFT_BRANCH: Giver = ['own', 'branch', ''];

export const peerGiver = (peer: string): Giver => ['peers', peer, ''];

export interface ShareLimits {
  /** The stock of each kind of giver. */
  readonly most: number;
  /** No group may hold more than this part of what is then left; 1 by default. What is held for long is shared with more if it is small. */
  readonly part?: number;
  /** What whoever holds nothing may have in any case, also beyond the stock: for what lasts a moment, and of givers whose number is bounded. */
  readonly least?: number;
}

/**
 * A stock for each kind of giver, of which a group may hold as much as it leaves to others, or a part of that [a dozen connections of one address had all but one place]. Who holds
 * more than that, since others have come, gets no more.
 */
export class Shares {
  readonly #limits: ShareLimits;
  readonly #held = new Map<string, number>();

  constructor(limits: ShareLimits) {
    this.#limits = limits;
  }

  /** Takes so much if its giver may have it; returns how to give it back. */
  take(giver: Giver, amount: number): (() => void) | undefined {
    const { most, part = 1, least = 0 } = this.#limits;
    const [kind, group] = giver;
    const names = [kind, `${kind} ${group}`, giver.join(' ')] as const;
    const [ofKind, ofGroup, ofOne] = names.map((name) => this.#of(name)) as [number, number, number];
    const left = most - ofKind - amount;
    if (ofGroup + amount > part * left && (ofOne > 0 || amount > least)) return undefined;
    this.#add(names, amount);
    return () => this.#add(names, -amount);
  }

  #of(name: string): number {
    return this.#held.get(name) ?? 0;
  }

  #add(names: readonly string[], amount: number): void {
    for (const name of names) {
      const held = this.#of(name) + amount;
      if (held === 0) this.#held.delete(name);
      else this.#held.set(name, held);
    }
  }
}
