/** 8: a copycat is reported, answers, loses before a panel, appeals, and loses again. Panels are drawn by reveals of rounds, which nobody can foresee. */
import { randomBytes } from 'node:crypto';
import { concatBytes, littleEndian, utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { JURORS, type Name, type Person, TAC } from '../people.ts';
import { type Done, field, type Pairs, type Stage } from '../stage.ts';
import { digestOf, parameterIn } from '../terms.ts';
import type { View } from '../view.ts';

const CHAPTER = 8;
const UNITS = 2;
/** The vote that a report is right, in a commitment. */
const UPHELD: Uint8Array = Uint8Array.of(0);
/** Seats of the first panel and of the one after an appeal. */
const SEATS = [3, 7] as const;

interface Info {
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
interface Standing {
  readonly tags: readonly string[];
  readonly revoked: boolean;
  readonly frozenUntil: number | null;
}

/** The dispute about a model that is a copy of another. */
export class Copycat {
  readonly #stage: Stage;
  readonly #original: number;
  #copy = 0;
  #id = 0;
  #answered = 0;
  #appealed = 0;

  constructor(stage: Stage, original: number) {
    this.#stage = stage;
    this.#original = original;
  }

  /** Jurors put up bonds: before any report that they are to judge. */
  static async bondJurors(stage: Stage): Promise<void> {
    await Promise.all(JURORS.map((name) => joinJurors(stage, name)));
  }

  /** Until a panel is called for. */
  async disputed(): Promise<void> {
    await this.#register();
    await this.#report();
    this.#answered = (await this.#answer()).block;
  }

  /** Until the copycat has lost and called for a larger panel. */
  async lostOnce(): Promise<void> {
    await this.#judged(0, this.#answered);
    this.#appealed = (await this.#appeal()).block;
  }

  /** Until it is over. */
  async lostForGood(): Promise<void> {
    const until = await this.#judged(1, this.#appealed);
    await this.#stage.ledger.height(until - 1);
    await this.#conclude();
  }

  async #register(): Promise<void> {
    const who = this.#stage.people.Cato;
    const release = {
      fingerprint: digestOf('weights', 'copy'),
      architecture: digestOf('architecture'),
      tensors: null,
      card: null,
      changelog: null,
    };
    const semver = { major: 1, minor: 0, patch: 0, pre: '' };
    const done = await this.#stage.act({
      chapter: CHAPTER,
      step: 'copy-registered',
      who,
      what: 'changes a byte of Theo’s weights and registers them as a model of his own',
      call: this.#stage.tx('registry', 'registerModel', release, 'main', semver, null, []),
      check: async (view, done) => {
        const id = field<number>(done, 'registry.ModelRegistered', 'id');
        const title = (await view.ask('ownershipApi', 'title', { Model: id })) as { owner: string };
        return { owner: [title.owner, who.address], parents: [await view.ask('registryApi', 'parents', id), []] };
      },
      sees: (done) => `it is $Model ${field<number>(done, 'registry.ModelRegistered', 'id')}`,
    });
    this.#copy = field(done, 'registry.ModelRegistered', 'id');
  }

  async #report(): Promise<void> {
    const { people } = this.#stage;
    const [subject, against] = [{ Asset: { Model: this.#copy } }, { Model: this.#original }];
    const done = await this.#stage.act({
      chapter: CHAPTER,
      step: 'reports',
      who: people.Theo,
      what: 'reports the copy',
      call: this.#stage.tx('disputes', 'report', subject, 'Copy', [digestOf('evidence', 'theo')], against),
      check: async (view, done) => ({
        respondent: [field(done, 'disputes.Reported', 'respondent'), people.Cato.address],
        ...(await this.#standing(view, { tags: ['Disputed'], revoked: false, frozenUntil: null })),
      }),
      sees: () => 'a bond of 60 TAC is at stake; the copy is called disputed, and nothing else happens to it',
    });
    this.#id = field(done, 'disputes.Reported', 'id');
  }

  async #answer(): Promise<Done> {
    return this.#stage.act({
      chapter: CHAPTER,
      step: 'answers',
      who: this.#stage.people.Cato,
      what: 'contradicts',
      call: this.#stage.tx('disputes', 'answer', this.#id, [digestOf('evidence', 'cato')]),
      check: async (view) => ({ phase: [phaseOf(await this.#info(view)), 'draw'] }),
      sees: () => 'three jurors will judge, drawn by what the next round reveals',
    });
  }

  /** A panel is drawn, commits, opens its votes, and they are counted. @returns the first block in which there is no appeal any more */
  async #judged(level: 0 | 1, calledFor: number): Promise<number> {
    const jurors = await this.#drawn(level, calledFor);
    const salts = new Map(jurors.map((juror) => [juror, toHex(new Uint8Array(randomBytes(32)))]));
    await Promise.all(jurors.map((juror) => this.#commits(level, juror, salts.get(juror) ?? '')));
    const { commitUntil } = await this.#sitting();
    await this.#stage.ledger.height(commitUntil - 1);
    await Promise.all(jurors.map((juror) => this.#reveals(level, juror, salts.get(juror) ?? '')));
    return this.#counted(level);
  }

  async #drawn(level: 0 | 1, calledFor: number): Promise<Person[]> {
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
        const { panels } = await this.#info(view);
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
    const { dispute } = await this.#info(await this.#stage.view(hash));
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
    const id = littleEndian(BigInt(this.#id), 8);
    const { genesis } = this.#stage.chain;
    const words = [utf8('tacit/vote/1'), genesis, id, Uint8Array.of(level), pair.publicKey, UPHELD, fromHex(salt)];
    return toHex(blake2b256(concatBytes(...words)));
  }

  async #reveals(level: number, juror: Person, salt: string): Promise<void> {
    await this.#stage.act({
      chapter: CHAPTER,
      step: `reveals-${level}-${juror.name}`,
      who: juror,
      what: 'opens the vote',
      call: this.#stage.tx('disputes', 'reveal', this.#id, 'Upheld', salt),
      check: async (view) => {
        const { panels } = await this.#info(view);
        const seat = panels[level]?.seats.find((each) => each.juror === juror.address);
        return { vote: [seat?.vote, { cast: 'Upheld' }] };
      },
      sees: () => 'it is a copy',
    });
  }

  async #counted(level: 0 | 1): Promise<number> {
    const after = [
      { tags: ['Disputed', 'Copy'], revoked: false, frozenUntil: 0xff_ff_ff_ff },
      { tags: ['Disputed', 'Copy'], revoked: true, frozenUntil: 0xff_ff_ff_ff },
    ][level] as Standing;
    let until = 0;
    await this.#stage.act({
      chapter: CHAPTER,
      step: `counts-${level}`,
      who: this.#stage.people.Zoe,
      what: 'has the votes counted',
      call: this.#stage.tx('disputes', 'count', this.#id),
      check: async (view) => {
        const { dispute } = await this.#info(view);
        until = dispute.phase['ruled']?.['until'] ?? 0;
        return { verdict: [dispute.ruling?.verdict, 'Upheld'], ...(await this.#standing(view, after)) };
      },
      sees: () => (level === 0 ? 'the report is upheld: the copy is frozen' : 'upheld again: the copy is revoked'),
    });
    return until;
  }

  async #appeal(): Promise<Done> {
    return this.#stage.act({
      chapter: CHAPTER,
      step: 'appeals',
      who: this.#stage.people.Cato,
      what: 'appeals for 140 TAC',
      call: this.#stage.tx('disputes', 'appeal', this.#id, [digestOf('evidence', 'appeal')]),
      check: async (view) => {
        const info = await this.#info(view);
        return { phase: [phaseOf(info), 'draw'], level: [info.dispute.level, 1] };
      },
      sees: () => 'seven others will judge',
    });
  }

  /** Cato has put up 60 and 140 TAC, and the jurors who judged share them by their seats. */
  async #conclude(): Promise<void> {
    const { people, tx } = { people: this.#stage.people, tx: this.#stage.tx('disputes', 'conclude', this.#id) };
    await this.#stage.act({
      chapter: CHAPTER,
      step: 'concludes',
      who: people.Zoe,
      what: 'closes the dispute',
      call: tx,
      check: async (view, done) => {
        const { record } = await this.#info(view);
        const seat = BigInt(await parameterIn(view, 'DisputeSeat'));
        const paid = done.events.filter(({ name }) => name === 'disputes.JurorPaid');
        const sum = paid.reduce((all, { data }) => all + BigInt(data['amount'] as number), 0n);
        return {
          outcome: [record?.outcome, 'Upheld'],
          jurorsGot: [`${sum}`, `${seat * BigInt(SEATS[0] + SEATS[1])}`],
          atStake: [`${(await view.money(people.Cato.address)).reserved}`, `${await this.#titleDeposit(view)}`],
          ...(await this.#standing(view, { tags: ['Copy'], revoked: true, frozenUntil: null })),
        };
      },
      sees: (_, found) => `upheld; the jurors share ${BigInt(String(found['jurorsGot'])) / TAC} TAC of Cato’s`,
    });
  }

  async #titleDeposit(view: View): Promise<bigint> {
    const title = (await view.ask('ownershipApi', 'title', { Model: this.#copy })) as { deposit: number };
    return BigInt(title.deposit);
  }

  async #info(view: View): Promise<Info> {
    return (await view.ask('disputesApi', 'dispute', this.#id)) as Info;
  }

  async #standing(view: View, expected: Standing): Promise<Pairs> {
    const { tags, revoked, frozenUntil } = (await view.ask('ownershipApi', 'standing', {
      Model: this.#copy,
    })) as Standing;
    return { standing: [{ tags, revoked, frozenUntil }, expected] };
  }
}

const phaseOf = ({ dispute }: Info): string | undefined => Object.keys(dispute.phase)[0];
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
