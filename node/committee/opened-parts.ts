/**
 * What is public of the parts of rounds whose `U` stands. The thread is told once of each round: what a step decodes to is unique and a direction is the committed one, so it can
 * be nothing else later (specification §6.7). Half a million values make some megabytes: they are not sent with every view.
 */
import { type PartInfo, partInfo, type Round } from '../../pallets/tally/types.ts';
import { tuple, u8, u32 } from '../../primitives/scale/index.ts';

/** A runtime API at some state. */
type Call = (method: string, input: Uint8Array) => Uint8Array;

/** Of one round, `partInfo` of every part. */
export interface RoundParts {
  readonly round: number;
  readonly parts: readonly Uint8Array[];
}

const place = tuple(u32, u8);

/** `partInfo` of one part, encoded; undefined if it is not opened in this state. */
function askFor(call: Call, round: number, part: number): Uint8Array | undefined {
  const answer = call('TallyApi_part', place.codec.enc([round, part]));
  // An option is one byte, and its value if it is there.
  return answer[0] === 0 ? undefined : answer.slice(1);
}

export class OpenedParts {
  readonly #told = new Set<number>();

  /** All parts of a round, if all are opened in a state and were not told before. */
  take({ round, rule }: Pick<Round, 'round' | 'rule'>, call: Call): RoundParts[] {
    const last = rule.parts.length - 1;
    // The last part is opened last.
    if (last < 0 || this.#told.has(round) || askFor(call, round, last) === undefined) return [];
    return [{ round, parts: [...rule.parts.keys()].flatMap((part) => askFor(call, round, part) ?? []) }];
  }

  /** These were told. What is taken and then not told, for a state could not be read, is taken again. */
  told(parts: readonly RoundParts[]): void {
    for (const { round } of parts) this.#told.add(round);
  }

  /** Forgets rounds that are not under way. */
  keepOnly(live: readonly number[]): void {
    for (const round of this.#told) if (!live.includes(round)) this.#told.delete(round);
  }

  /** A thread that has just started was told of none. */
  forget(): void {
    this.#told.clear();
  }
}

/** How a thread keeps them: encoded, read one at a time. */
export class KeptParts {
  readonly #parts = new Map<number, readonly Uint8Array[]>();

  add({ round, parts }: RoundParts): void {
    this.#parts.set(round, parts);
  }

  keepOnly(live: readonly number[]): void {
    for (const round of this.#parts.keys()) if (!live.includes(round)) this.#parts.delete(round);
  }

  readonly partOf = (round: number, part: number): PartInfo | undefined => {
    const bytes = this.#parts.get(round)?.[part];
    return bytes && partInfo.codec.dec(bytes);
  };
}
