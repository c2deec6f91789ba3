/** 8: a copycat is reported, answers, loses before a panel, appeals, and loses again. Panels are drawn by reveals of rounds, which nobody can foresee. */
import { TAC } from '../people.ts';
import { type Done, field, type Pairs, type Stage } from '../stage.ts';
import { digestOf, parameterIn } from '../terms.ts';
import type { View } from '../view.ts';
import { type Dispute, disputeIn, Jury, type Level, SEATS } from './jury.ts';

const CHAPTER = 8;

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
      check: async (view) => ({ phase: [phaseOf(await disputeIn(view, this.#id)), 'draw'] }),
      sees: () => 'three jurors will judge, drawn by what the next round reveals',
    });
  }

  /** A panel votes, and is counted. @returns the first block in which there is no appeal any more */
  async #judged(level: Level, calledFor: number): Promise<number> {
    await new Jury(this.#stage, this.#id).votes(level, calledFor);
    return this.#counted(level);
  }

  async #counted(level: Level): Promise<number> {
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
        const { dispute } = await disputeIn(view, this.#id);
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
        const info = await disputeIn(view, this.#id);
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
        const { record } = await disputeIn(view, this.#id);
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

  async #standing(view: View, expected: Standing): Promise<Pairs> {
    const { tags, revoked, frozenUntil } = (await view.ask('ownershipApi', 'standing', {
      Model: this.#copy,
    })) as Standing;
    return { standing: [{ tags, revoked, frozenUntil }, expected] };
  }
}

const phaseOf = ({ dispute }: Dispute): string | undefined => Object.keys(dispute.phase)[0];
