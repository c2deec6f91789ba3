/** Calls of `Disputes`: works with as many holders and open disputes as may be, a full pool, panels of jurors who have one seat each. */
import { balances, reserve } from '../../../pallets/balances/index.ts';
import { commitmentOf, type Dispute, disputes, type Juror, SEATS, type Vote } from '../../../pallets/disputes/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { type Asset, ownership, setTag } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import { mockRuntime, type MockRuntime, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { findRound, tally } from '../../../pallets/tally/index.ts';
import { ruleWithoutScores } from '../../../primitives/round/rule.ts';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';
import { hold, putGrant, putModel } from './dispute-subjects.ts';

const FUNDS = 10n ** 13n;
const UNIT = 100_000_000n;
const BLOCK = 40;
const LATER = 2_000_000;
const [ACTIVE, ALL_JURORS] = [256, 319];
const OPEN = 8;
/** Beacons that are kept, and rounds under way. */
const [KEPT, LIVE] = [64, 8];

const account = (kind: number, n: number): Uint8Array => {
  const bytes = new Uint8Array(32).fill(kind);
  bytes.set(littleEndian(BigInt(n), 8));
  return bytes;
};
const juror = (n: number): Uint8Array => account(2, n);
type Person = Uint8Array;
const PEOPLE = [1, 2, 3, 4, 5].map((n) => account(1, n)) as [Person, Person, Person, Person, Person];
const [OWNER, REPORTER, ANYONE, ELDER, HOLDER] = PEOPLE;
const digest = (n: number): Uint8Array => blake2b256(littleEndian(BigInt(n), 8));
const digests = Array.from({ length: 8 }, (_, n) => digest(n));
const SALT = digest(100);
const { call } = disputes;

interface Scene {
  readonly chain: MockRuntime;
  readonly store: ReturnType<typeof disputes.use>['store'];
  /** What disputes are about, and an older model with the same tensors. */
  readonly model: Asset;
  readonly older: Asset;
}

/** A chain whose pool is full, with two models of sixteen holders each. @param isLarge whether they have as many versions and ancestors as may be */
function scene(isLarge = false): Scene {
  const people = [...PEOPLE, ...Array.from({ length: ALL_JURORS }, (_, n) => juror(n))];
  const pallets = [system, balances, tally, parameters, ownership, licensing, registry, disputes];
  const chain = mockRuntime(pallets, {
    system: { specName: 'weights', specVersion: 1 },
    balances: { accounts: people.map((each) => [each, FUNDS] as const) },
  });
  chain.runToBlock(BLOCK - 2);
  const older: Asset = { tag: 'Model', value: putModel(chain, ELDER, 0, isLarge) };
  chain.runToBlock(BLOCK - 1);
  const model: Asset = { tag: 'Model', value: putModel(chain, OWNER, Number(older.value) + 1, isLarge) };
  chain.runToBlock(BLOCK);
  hold(chain, model, 3);
  hold(chain, older, 4);
  const { ctx } = chain;
  const { store } = disputes.use(ctx);
  const pool = Array.from({ length: ALL_JURORS }, (_, n): Juror => {
    reserve(ctx, juror(n), UNIT * 7n);
    const leaving = n < ALL_JURORS - ACTIVE ? BLOCK : undefined;
    return { account: juror(n), bond: UNIT * 7n, since: 1, panels: 0, leaving };
  });
  store.pool.put(pool);
  return { chain, store, model, older };
}

const bond = (side: 'Reporter' | 'Respondent', level: number) => ({
  side: { tag: side },
  account: side === 'Reporter' ? REPORTER : OWNER,
  amount: 1_000_000n,
  level,
  isSpared: false,
  pay: 0n,
});
const upheld = (level: number): NonNullable<Dispute['ruling']> => ({
  verdict: { tag: 'Upheld' },
  basis: { tag: 'Panel' },
  level,
  block: BLOCK,
});
const about = ({ model, older }: Scene, more: Partial<Dispute>): Dispute => ({
  subject: { tag: 'Asset', value: model },
  kind: { tag: 'Copy' },
  asset: model,
  against: older,
  reporter: REPORTER,
  respondent: OWNER,
  reportedAt: 30,
  phase: { tag: 'Ruled', value: { until: LATER } },
  level: 0,
  ruling: undefined,
  bonds: [bond('Reporter', 0)],
  slash: 0n,
  ...more,
});

/** The dispute that the call is about, and others about the asset beside it that the reporter has won. */
function put(made: Scene, more: Partial<Dispute>, others = OPEN - 1): void {
  const { chain, store, model } = made;
  const dispute = about(made, more);
  const besides = Array.from({ length: others }, () => about(made, { kind: { tag: 'Harmful' }, ruling: upheld(0) }));
  for (const [n, each] of [dispute, ...besides].entries()) {
    store.disputes.put(BigInt(n), each);
    for (const { account, amount } of each.bonds) reserve(chain.ctx, account, amount);
  }
  store.next.put(BigInt(others + 1));
  store.entries.put(0n, [{ by: REPORTER, block: BLOCK, digests }]);
  store.parties.put(0n, [REPORTER, OWNER, ...Array.from({ length: 32 }, (_, n) => account(9, n))]);
  const isOpen = dispute.phase.tag !== 'Closed';
  store.reports.put(REPORTER, others + Number(isOpen));
  const open = Array.from({ length: others + 1 }, (_, n) => BigInt(n)).slice(isOpen && !isOfGrant(dispute) ? 0 : 1);
  if (open.length === 0) return;
  setTag(chain.ctx, model, 'Disputed', true);
  store.holds.put(model, { open, found: [], tags: [{ tag: 'Disputed' }], freeze: undefined, revoked: false });
}
const isOfGrant = ({ subject }: Dispute): boolean => subject.tag === 'Grant';

type Round = NonNullable<ReturnType<typeof findRound>>;
const ballots = { lane: 3, values: 32, most: 100n, places: 32, bounds: [] };
/** A round of ballots that has closed. */
const CLOSED: Omit<Round, 'round'> = {
  term: 1,
  sequence: 1,
  paramsId: 'tacit-test-256-n4',
  consumer: 43,
  opens: [{ tag: 'Sum' }],
  rule: ruleWithoutScores({ kMin: 3, openBlocks: 10, maxExtensions: 0 }) as Round['rule'],
  sum: ballots,
  lanes: [],
  phase: { tag: 'Reveal' },
  attempt: 0,
  deadline: LATER,
  out: [],
  silent: [],
  extensions: 0,
  items: 0,
  holders: 0,
  admitted: 32,
  submissions: 32,
  closedAt: LATER,
  roomyBlocks: 0,
  beacon: undefined,
  checked: false,
  accepted: [],
  countsNorm: 0n,
  finished: [],
  failure: undefined,
  failedIn: undefined,
  endedAt: undefined,
};

/** So many rounds are under way as may be, all of them closed. */
function closedRounds({ chain }: Scene, first: number): void {
  const { store } = tally.use(chain.ctx);
  const rounds = Array.from({ length: LIVE }, (_, n) => first + n);
  for (const round of rounds) store.rounds.put(round, { ...CLOSED, round });
  store.live.put(rounds);
}

/** A full panel of a level: its jurors have one seat each. */
function seat({ store }: Scene, level: number, vote: (n: number) => Vote): void {
  const first = SEATS.slice(0, level).reduce<number>((sum, seats) => sum + seats, 0) + 100;
  const seats = Array.from({ length: SEATS[level]! }, (_, n) => ({ juror: juror(first + n), seats: 1, vote: vote(n) }));
  store.panels.put(0n, level, { seats, isTied: false, silent: UNIT / 5n, wrong: UNIT / 20n });
  for (const { juror } of seats) store.seats.put(juror, 0n, level);
  const sits = (who: Uint8Array): boolean => seats.some((each) => each.juror.join() === who.join());
  store.pool.mutate((pool) => pool.map((each) => (sits(each.account) ? { ...each, panels: 1 } : each)));
}
const cast = (n: number): Vote => ({ tag: 'Cast', value: { tag: n % 2 === 0 ? 'Upheld' : 'Dismissed' } });
const committed = ({ chain }: Scene, who: Uint8Array): Vote => ({
  tag: 'Committed',
  value: commitmentOf(chain.ctx, { id: 0n, level: 2, juror: who, verdict: 'Upheld', salt: SALT }),
});
/** The first juror of the largest panel. */
const FOREMAN = juror(110);
const voting = (commitUntil: number, until: number): Partial<Dispute> => ({
  level: 2,
  phase: { tag: 'Vote', value: { commitUntil, until } },
  ruling: upheld(1),
});
const waiting = (until: number, level: number): Partial<Dispute> => ({
  level,
  phase: { tag: 'Draw', value: { frozen: 35, firstBeacon: 0, until } },
  ruling: upheld(level - 1),
});
const answering = (until: number): Partial<Dispute> => ({
  phase: { tag: 'Answer', value: { lateFrom: until, until } },
});

function prepared({ chain }: Scene, who: Uint8Array, made: RuntimeCall): Prepared {
  const { composition, ctx } = chain;
  return { composition, ctx, origin: Origin.signed(who), call: made };
}
const id = 0n;
const scenario = (name: string, prepare: () => Prepared): Scenario => ({ call: `Disputes.${name}`, prepare });

/** A panel of the highest level that sits. */
function sitting(dispute: Partial<Dispute>, vote: (scene: Scene, n: number) => Vote): Scene {
  const made = scene();
  put(made, dispute);
  seat(made, 2, (n) => vote(made, n));
  return made;
}
/** A scene with this dispute. */
function withDispute(dispute: Partial<Dispute>, others?: number): Scene {
  const made = scene();
  put(made, dispute, others);
  return made;
}

export const disputeScenarios: readonly Scenario[] = [
  scenario('report', () => {
    const made = withDispute({ ruling: upheld(0) }, OPEN - 2);
    const { model, older: against } = made;
    const subject = { tag: 'Asset' as const, value: model };
    return prepared(made, ANYONE, call.report({ subject, kind: { tag: 'Unlicensed' }, digests, against }));
  }),
  scenario('answer', () => prepared(withDispute(answering(LATER)), OWNER, call.answer({ id, digests }))),
  scenario('ruleByFacts', () => {
    const made = scene(true);
    put(made, answering(LATER));
    return prepared(made, ANYONE, call.ruleByFacts({ id }));
  }),
  scenario('ruleSilence', () => prepared(withDispute(answering(1)), ANYONE, call.ruleSilence({ id }))),
  scenario('draw', () => {
    const made = withDispute(waiting(LATER, 2));
    for (const level of [0, 1]) seat(made, level, cast);
    // As many beacons as are kept, and the most rounds whose beacon may still come, which closed later.
    for (let n = 0; n < KEPT; n++) made.store.beacons.put(n, { round: n, closedAt: BLOCK, value: digest(n) });
    made.store.nextBeacon.put(KEPT);
    closedRounds(made, KEPT);
    return prepared(made, ANYONE, call.draw({ id }));
  }),
  scenario('commit', () => {
    // All others have committed.
    const others = (made: Scene, n: number): Vote => committed(made, juror(110 + n));
    const made = sitting(voting(LATER, LATER), (each, n) => (n === 0 ? { tag: 'Awaited' } : others(each, n)));
    return prepared(made, FOREMAN, call.commit({ id, commitment: digest(1) }));
  }),
  scenario('reveal', () => {
    const made = sitting(voting(1, LATER), (each, n) => committed(each, juror(110 + n)));
    return prepared(made, FOREMAN, call.reveal({ id, verdict: { tag: 'Upheld' }, salt: SALT }));
  }),
  scenario('denounce', () => {
    const made = sitting(voting(LATER, LATER), (each, n) => committed(each, juror(110 + n)));
    return prepared(made, ANYONE, call.denounce({ id, juror: FOREMAN, verdict: { tag: 'Upheld' }, salt: SALT }));
  }),
  scenario('count', () => {
    const made = sitting(voting(1, 1), (_, n) => cast(n));
    return prepared(made, ANYONE, call.count({ id }));
  }),
  scenario('appeal', () => prepared(withDispute({ ruling: upheld(0) }), OWNER, call.appeal({ id, digests }))),
  scenario('lapse', () => {
    const made = withDispute({ ...waiting(1, 1), bonds: [bond('Reporter', 0), bond('Respondent', 1)] });
    return prepared(made, ANYONE, call.lapse({ id }));
  }),
  scenario('conclude', () => {
    const made = scene();
    putGrant(made.chain, made.model, OWNER, HOLDER);
    const levels = [0, 1, 2].map((level) => ({ ...bond('Respondent', level), account: HOLDER }));
    const about = {
      subject: { tag: 'Grant' as const, value: 0n },
      kind: { tag: 'Misuse' as const },
      respondent: HOLDER,
    };
    const bonds = [bond('Reporter', 0), ...levels];
    put(made, { ...about, phase: { tag: 'Ruled', value: { until: 1 } }, level: 2, ruling: upheld(2), bonds });
    made.store.ofGrant.put(0n, 0n);
    for (const level of [0, 1, 2]) seat(made, level, cast);
    return prepared(made, ANYONE, call.conclude({ id }));
  }),
  scenario('prune', () => {
    const made = withDispute({ level: 2, bonds: [], phase: { tag: 'Closed', value: { at: 1 } } });
    for (const level of [0, 1, 2]) seat(made, level, cast);
    made.store.seats.clear();
    made.store.parties.clear();
    made.store.pool.mutate((pool) => pool.map((each) => ({ ...each, panels: 0 })));
    const { bonds: _, asset: _a, against: _b, phase: _p, level: _l, ruling: _r, slash: _s, ...kept } = about(made, {});
    made.store.records.put(0n, { ...kept, closedAt: 1, outcome: { tag: 'Upheld' }, digest: digest(0) });
    parameters.use(made.chain.ctx).store.values.put({ tag: 'DisputeKeep' }, 2n);
    return prepared(made, ANYONE, call.prune({ id }));
  }),
  scenario('joinJurors', () => prepared(scene(), ANYONE, call.joinJurors({ units: 8 }))),
  scenario('leaveJurors', () => prepared(scene(), juror(ALL_JURORS - 1), call.leaveJurors({}))),
  scenario('releaseJuror', () => {
    const made = scene();
    made.store.pool.mutate((pool) => pool.map((each, n) => (n === 0 ? { ...each, leaving: 1 } : each)));
    parameters.use(made.chain.ctx).store.values.put({ tag: 'JurorNotice' }, 2n);
    return prepared(made, ANYONE, call.releaseJuror({ juror: juror(0) }));
  }),
];
