/** 8: jurors. They put up bonds; a panel of them is drawn by what a round reveals, commits to its votes, and opens them. */
import { randomBytes } from 'node:crypto';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { voteCommitment } from '../../../primitives/votes.ts';
import { JURORS, type Name, type Person } from '../people.ts';
import { type Done, field, type Stage } from '../stage.ts';
import { parameterIn } from '../terms.ts';
import type { View } from '../view.ts';

const CHAPTER = 8;
const UNITS = 2;
/** Seats of the first panel and of the one after an appeal. */
export const SEATS = [3, 7] as const;
export type Level = 0 | 1;

/** What `DisputesApi_dispute` says. */
export interface Dispute {
  readonly dispute: {
    phase: Record<string, Record<string, number>>;
    ruling: { verdict: string } | null;
    level: number;
  };
  readonly panels: readonly {
    readonly seats: readonly { readonly juror: string; readonly seats: number; readonly vote: unknown }[];
  }[];
  readonly record: { readonly outcome: string } | null;
}

export async function disputeIn(view: View, id: number): Promise<Dispute> {
  return (await view.ask('disputesApi', 'dispute', id)) as Dispute;
}

/** Jurors put up bonds: before any report that they are to judge. */
export async function bondJurors(stage: Stage): Promise<void> {
  await Promise.all(JURORS.map((name) => joinJurors(stage, name)));
}

/** The panels of one dispute. */
export class Jury {
  readonly #stage: Stage;
  readonly #id: number;

  constructor(stage: Stage, id: number) {
    this.#stage = stage;
    this.#id = id;
  }

  /** A panel is drawn, commits, and opens its votes. @param calledFor the block in which it was called for */
  async votes(level: Level, calledFor: number): Promise<void> {
    const jurors = await this.#drawn(level, calledFor);
    const salts = new Map(jurors.map((juror) => [juror, toHex(new Uint8Array(randomBytes(32)))]));
    await Promise.all(jurors.map((juror) => this.#commits(level, juror, salts.get(juror) ?? '')));
    const { commitUntil } = await this.#sitting();
    await this.#stage.ledger.height(commitUntil - 1);
    await Promise.all(jurors.map((juror) => this.#reveals(level, juror, salts.get(juror) ?? '')));
  }

  async #drawn(level: Level, calledFor: number): Promise<Person[]> {
    const { ledger, people } = this.#stage;
    await ledger.until(
      'a beacon for the panel',
      ({ events, number }) => events.find(({ name }) => number > calledFor && name === 'disputes.BeaconNoted'),
      calledFor,
    );
    const done = await this.#stage.act({
      chapter: CHAPTER,
      step: `draws-panel-${level}`,
      who: people.Zoe,
      what: 'has the panel drawn',
      call: this.#stage.tx('disputes', 'draw', this.#id),
      check: async (view, done) => {
        const { panels } = await disputeIn(view, this.#id);
        const seats = (panels[level]?.seats ?? []).reduce((sum, seat) => sum + seat.seats, 0);
        const names = this.#names(done);
        const earlier = (panels[0]?.seats ?? []).map(({ juror }) => juror);
        const again = level === 1 ? names.filter((name) => earlier.includes(this.#person(name).address)) : [];
        return {
          seats: [seats, SEATS[level]],
          strangers: [names.filter((name) => !isJuror(name)), []],
          again: [again, []],
        };
      },
      sees: (done) => `${SEATS[level]} seats: ${[...new Set(this.#names(done))].join(', ')}`,
    });
    return [...new Set(this.#names(done))].map((name) => this.#person(name));
  }

  #person(name: string): Person {
    return this.#stage.people[name as Name];
  }

  /** Names of the jurors that an event has drawn, one for each seat. */
  #names(done: Done): string[] {
    const all = Object.values(this.#stage.people);
    const named = (address: string): string => all.find((person) => person.address === address)?.name ?? address;
    return field<string[]>(done, 'disputes.PanelDrawn', 'jurors').map(named);
  }

  async #sitting(): Promise<{ commitUntil: number; until: number }> {
    const { ledger } = this.#stage;
    const { hash } = await ledger.height(ledger.top);
    const { dispute } = await disputeIn(await this.#stage.view(hash), this.#id);
    return dispute.phase['vote'] as { commitUntil: number; until: number };
  }

  async #commits(level: number, juror: Person, salt: string): Promise<void> {
    const commitment = this.#commitment(level, juror, salt);
    await this.#stage.act({
      chapter: CHAPTER,
      step: `commits-${level}-${juror.name}`,
      who: juror,
      what: 'commits to a vote',
      call: this.#stage.tx('disputes', 'commit', this.#id, commitment),
      check: async (view) => ({ task: [await taskOf(view, juror), 'reveal'] }),
      sees: () => 'opens it when the time for commitments is over',
    });
  }

  /** As docs/dispute.md says. `DisputesApi_commitment` tells the same, and the vote to whoever runs the node. */
  #commitment(level: number, { pair }: Person, salt: string): string {
    const { genesis } = this.#stage.chain;
    const vote = {
      dispute: BigInt(this.#id),
      level,
      juror: pair.publicKey,
      verdict: 'Upheld',
      salt: fromHex(salt),
    } as const;
    return toHex(voteCommitment({ genesis, ...vote }));
  }

  async #reveals(level: number, juror: Person, salt: string): Promise<void> {
    await this.#stage.act({
      chapter: CHAPTER,
      step: `reveals-${level}-${juror.name}`,
      who: juror,
      what: 'opens the vote',
      call: this.#stage.tx('disputes', 'reveal', this.#id, 'Upheld', salt),
      check: async (view) => {
        const { panels } = await disputeIn(view, this.#id);
        const seat = panels[level]?.seats.find((each) => each.juror === juror.address);
        return { vote: [seat?.vote, { cast: 'Upheld' }] };
      },
      sees: () => 'it is a copy',
    });
  }
}

const isJuror = (name: string): boolean => (JURORS as readonly string[]).includes(name);

async function taskOf(view: View, { address }: Person): Promise<string | undefined> {
  const { duties } = (await view.ask('disputesApi', 'juror', address)) as { duties: { task: object }[] };
  return Object.keys(duties[0]?.task ?? {})[0];
}

async function joinJurors(stage: Stage, name: (typeof JURORS)[number]): Promise<void> {
  const who = stage.people[name];
  await stage.act({
    chapter: CHAPTER,
    step: `juror-${name}`,
    who,
    what: 'becomes a juror',
    call: stage.tx('disputes', 'joinJurors', UNITS),
    check: async (view) => {
      const juror = (await view.ask('disputesApi', 'juror', who.address)) as { units: number; isBound: boolean };
      const unit = BigInt(await parameterIn(view, 'JurorUnit'));
      return {
        units: [juror.units, UNITS],
        isBound: [juror.isBound, false],
        bond: [`${(await view.money(who.address)).reserved}`, `${unit * BigInt(UNITS)}`],
      };
    },
    sees: () => `${UNITS} units at stake`,
  });
}
