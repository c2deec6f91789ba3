/** Whatever is called, by whom and in which order: money is conserved, what pallets say of their state holds, and the state grows only for money. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { scenarios } from '../../bench/weights/scenarios/index.ts';
import { runtime } from '../../runtime/index.ts';
import { Blocks, type Done } from './hostile/blocks.ts';
import { Probe } from './hostile/probe.ts';
import type { Scene } from './hostile/scene.ts';
import { busyScene, freshScenes, roundScenes, successScenes } from './hostile/scenes.ts';
import { seeds } from './hostile/seeds.ts';

/** Calls that may add entries to the state for nothing, and what bounds them. */
const FREE: Readonly<Record<string, string>> = {
  'Session.setKeys': 'validators only, of whom there are at most 64',
  'Committee.post': 'members only, one post of a kind in each attempt at a term',
  'Tally.post': 'members only, one post of a step, forgotten after the round, whose owner has paid for it',
  'Tally.publishDirection':
    'what a round is committed to, once for each part; forgotten after the round, whose owner has paid for it',
  'Royalty.setContributorsShare': 'one entry for each model, which has its deposit',
  'Royalty.distribute': 'entries for the owners and parents of an asset, of whom it names a bounded number',
  'Royalty.stateStanding': 'enrolled accounts only, eight data and claims of each; forgotten with the round',
  'Parameters.setParameter': 'by proposals only, one entry for each name of the table',
  'Grandpa.reportEquivocation': 'one entry for each voter of a set',
};
/** Calls that these sequences never make. */
const NEVER: Readonly<Record<string, string>> = {
  Timestamp: 'its call stands at the head of every block, and nowhere else',
  Vouchers:
    'they want a grant that is paid by use, which is seldom drawn; hostile.test.ts makes them where they succeed',
  Usage:
    'its meters want terms and a gateway that fit, its periods an owner with several reporters; hostile.test.ts makes them where they succeed',
};

/** Calls of those made elsewhere that are made again at one time. */
const REPLAYED = 12;

type Step =
  | { readonly seed: number; readonly isToSucceed: boolean }
  | { readonly blocks: number }
  | { readonly replay: number };
const seed = fc.integer({ min: 0, max: 2 ** 31 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ seed, isToSucceed: fc.constant(true) }) },
  { weight: 3, arbitrary: fc.record({ seed, isToSucceed: fc.constant(false) }) },
  { weight: 2, arbitrary: fc.record({ blocks: fc.constantFrom(1, 1, 2, 12) }) },
  { weight: 1, arbitrary: fc.record({ replay: fc.nat() }) },
);

interface Bill {
  made: number;
  ok: number;
  entries: number;
  bytes: number;
  paid: bigint;
  /** The most bytes that one of them added without a unit. */
  free: number;
}

class Bills {
  readonly byCall = new Map<string, Bill>();

  add({ call, outcome, growth }: Done): void {
    const name = `${call.tag}.${call.value.tag}`;
    const bill = this.byCall.get(name) ?? { made: 0, ok: 0, entries: 0, bytes: 0, paid: 0n, free: 0 };
    this.byCall.set(name, bill);
    bill.made++;
    if (outcome !== 'ok') return;
    bill.ok++;
    bill.entries += growth.entries;
    bill.bytes += growth.bytes;
    bill.paid += growth.paid;
    if (growth.entries > 0 && growth.paid <= 0n) bill.free = Math.max(bill.free, growth.bytes);
  }

  /** `Balances 12 of 30, ...`: calls that succeeded and that were made. */
  get byPallet(): Map<string, { ok: number; made: number }> {
    const sums = new Map(
      runtime.composition.pallets.filter(({ calls }) => calls.size > 0).map(({ name }) => [name, { ok: 0, made: 0 }]),
    );
    for (const [name, { ok, made }] of this.byCall) {
      const sum = sums.get(name.slice(0, name.indexOf('.')))!;
      sum.ok += ok;
      sum.made += made;
    }
    return sums;
  }
}

const RUNS = 60;
/** Rounds, and a chain on which much has been done. */
const FIRST = 10;

describe('runtime: any sequence of calls', function () {
  this.timeout(1_200_000 * seeds.length);
  const bills = new Bills();
  let scenes: Scene[];
  before(() => {
    const rounds = roundScenes();
    const here = successScenes().filter(({ scene }) => scene.composition === runtime.composition);
    const ready = here.filter(({ scene }) => new Probe(scene).unsound === undefined);
    const busy = busyScene(rounds.at(-1)!, seeds[0]!);
    scenes = [...rounds, busy, busy, busy, ...freshScenes(), ...ready.map(({ scene }) => scene)];
  });

  function play(start: number, steps: readonly Step[]): void {
    // Those that come first are taken as often as all others together.
    const place = start % 2 === 0 ? start % FIRST : start % scenes.length;
    const blocks = new Blocks(scenes[place]!);
    for (const each of steps) {
      if ('blocks' in each) for (let i = 0; i < each.blocks; i++) blocks.end();
      else if ('replay' in each) for (const done of blocks.replay(each.replay, REPLAYED)) bills.add(done);
      else bills.add(blocks.call(each.seed, each.isToSucceed));
    }
    blocks.finish();
  }

  it('conserves money, keeps what pallets say of their state, and is followed by the audit', function () {
    // Whatever else is drawn, what the committee did from the beginning on is done again.
    play(0, [{ replay: 0 }, { blocks: 1 }, { replay: REPLAYED }]);
    fc.assert(fc.property(fc.nat(), fc.array(step, { minLength: 10, maxLength: 60 }), play), {
      numRuns: RUNS * seeds.length,
    });
    const told = [...bills.byPallet].map(([name, { ok, made }]) => `${name} ${ok}/${made}`);
    this.test!.title += `: ${told.join(', ')}`;
  });

  it('has every pallet do something', () => {
    const shown = new Set(scenarios.map(({ call }) => call.slice(0, call.indexOf('.'))));
    const isIdle = (name: string, ok: number): boolean => ok === 0 && shown.has(name) && !(name in NEVER);
    const idle = [...bills.byPallet].filter(([name, { ok }]) => isIdle(name, ok)).map(([name]) => name);
    expect(idle).to.deep.equal([]);
  });

  it('adds nothing to the state that nobody pays for', function () {
    const free = [...bills.byCall].filter(([, bill]) => bill.free > 0);
    const told = free.map(([name, bill]) => `${name} ${bill.free} bytes`);
    expect(told.filter((_, i) => !(free[i]![0] in FREE))).to.deep.equal([]);
    this.test!.title += `, but for ${told.join(', ')}`;
  });
});
