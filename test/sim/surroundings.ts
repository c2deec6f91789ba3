/** What a simulated node has around it. */
import type { BlockRef, Justification, SignedMessage } from '../../primitives/grandpa/index.ts';
import type { CommitPacket, VotePacket } from '../../node/consensus/grandpa/types.ts';
import type { Clock } from './clock.ts';
import type { Fault } from './faults.ts';
import type { Invariants } from './invariants.ts';
import type { Scenario } from './scenarios.ts';
import type { World } from './world.ts';

export type Message =
  | { readonly tag: 'vote'; readonly packet: VotePacket; readonly attempt: number }
  | { readonly tag: 'commit'; readonly packet: CommitPacket };

/** What a node asks of the network. */
export interface Surroundings<Node> {
  readonly scenario: Scenario;
  readonly fault: Fault | undefined;
  readonly clock: Clock;
  readonly world: World;
  readonly invariants: Invariants;
  gossip(from: Node, message: Message, except?: number): void;
  exchangeViews(node: Node): void;
  askCatchUp(node: Node, peer: string, round: bigint): void;
  want(node: Node, block: BlockRef): void;
  /** A liar's other precommit of this round, if there is one. */
  otherVote(justification: Justification): SignedMessage | undefined;
}
