/**
 * Every call of every pallet, from what it declares alone: by every wrong caller, with arguments at the edges of their types and with others' ids, in many states.
 * A new pallet or call is tried without a line here.
 */
import { expect } from 'chai';
import { ROUND_CALLS } from '../../bench/weights/rounds.ts';
import { scenarios } from '../../bench/weights/scenarios/index.ts';
import { template } from '../../pallets/_template/index.ts';
import { mockRuntime, type RuntimeCall } from '../../pallets/support/index.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { type Ty, Writer } from '../../primitives/scale/index.ts';
import { runtime } from '../../runtime/index.ts';
import { attack } from './hostile/attack.ts';
import { least } from './hostile/edges.ts';
import { FAULTS, faulty, faultyPallets } from './hostile/faulty.ts';
import { atBound, writeLoose } from './hostile/loose.ts';
import { type Finding, Probe } from './hostile/probe.ts';
import { type Scene, sceneOf } from './hostile/scene.ts';
import { busyScene, freshScenes, roundScenes, type Success, successScenes } from './hostile/scenes.ts';
import { seeds } from './hostile/seeds.ts';

/** Calls that are shown to succeed somewhere: the weights' own test asks for all. */
const SHOWN = new Set([...scenarios.map(({ call }) => call), ...ROUND_CALLS]);

/** Calls that write before their last check, and why: what they wrote is taken back as they fail. */
const MINTS_FIRST = 'the title is made, and then what is known of the asset is checked and added';
const WRITES_FIRST: Readonly<Record<string, string>> = {
  'Registry.registerData': MINTS_FIRST,
  'Registry.registerModel': MINTS_FIRST,
  'Registry.releaseVersion': 'a tensor root is looked at as the version is put',
};

/** Calls drawn of each call in each state, besides those at the edges. */
const DRAWS = 16;
/** Edges of its arguments in each state; where the call is known to succeed all are tried. */
const EDGES = 12;

/** Each finding once, the first few of them. */
function shown(findings: readonly Finding[]): string {
  const lines = new Set(findings.map(({ kind, call, what }) => `${kind}: ${call}: ${what}`));
  return [...lines].slice(0, 20).join('\n');
}

/** How often calls had an outcome, over several probes. */
class Tally {
  made = 0;
  ok = 0;
  readonly succeeded = new Set<string>();
  readonly findings: Finding[] = [];

  add({ outcomes, findings }: Probe): void {
    this.findings.push(...findings);
    for (const [call, counts] of outcomes) {
      for (const [outcome, count] of counts) {
        this.made += count;
        if (outcome !== 'ok') continue;
        this.ok += count;
        this.succeeded.add(call);
      }
    }
  }
}

describe('runtime: hostile calls', function () {
  this.timeout(1_200_000 * seeds.length);
  let scenes: Scene[];
  let successes: readonly Success[];
  before(() => {
    scenes = [...freshScenes(), ...roundScenes()];
    scenes.push(busyScene(scenes.at(-1)!, seeds[0]!));
    successes = successScenes();
  });

  it('are made on states that hold what pallets say of them', function () {
    expect(scenes.flatMap((scene) => new Probe(scene).unsound ?? [])).to.deep.equal([]);
    // Scenarios of weights may put into the state what no call would; money is not compared there.
    const made = successes.filter(({ scene }) => new Probe(scene).unsound !== undefined);
    expect(made.length, 'scenarios that hold').to.be.below(successes.length / 4);
    this.test!.title += `, but for ${made.length} of ${successes.length} scenarios`;
  });

  for (const seed of seeds) {
    it(`change nothing where they fail and break nothing where they succeed (seed ${seed})`, function () {
      const tally = new Tally();
      for (const scene of scenes) tally.add(attack(scene, { seed, draws: DRAWS, edges: EDGES }));
      for (const { scene, prepared } of successes) {
        const { tag, value } = prepared.call;
        tally.add(attack(scene, { seed, draws: DRAWS, only: `${tag}.${value.tag}` }));
      }
      const isListed = ({ kind, call }: Finding): boolean => kind === 'order' && call in WRITES_FIRST;
      expect(shown(tally.findings.filter((finding) => !isListed(finding)))).to.equal('');
      const all = runtime.composition.pallets.flatMap(({ name, calls }) =>
        [...calls.keys()].map((call) => `${name}.${call}`),
      );
      const never = all.filter((call) => SHOWN.has(call) && !tally.succeeded.has(call));
      expect(never, 'calls that never succeeded: nothing is known of what they break').to.deep.equal([]);
      this.test!.title += `: ${tally.ok} of ${tally.made} succeed`;
    });
  }

  it('carry no more than their types allow, by what is written and by what is read', () => {
    let bounds = 0;
    for (const { callTy, pallets } of [runtime.composition, compositionOfTemplate()]) {
      for (const pallet of pallets) {
        for (const call of pallet.calls.values()) bounds += checkBounds(callTy, pallet.name, call.name, call.args);
      }
    }
    expect(bounds).to.be.above(40);
  });
});

const compositionOfTemplate = () => mockRuntime([...faultyPallets, template]).composition;

/** Every bounded length of a call's arguments: as long as may be it is taken, one longer it is refused. */
function checkBounds(
  callTy: Ty<RuntimeCall>,
  pallet: string,
  name: string,
  args: Readonly<Record<string, Ty<unknown>>>,
): number {
  let bounds = 0;
  const base = Object.fromEntries(Object.entries(args).map(([field, ty]) => [field, least(ty)]));
  const callWith = (field: string, value: unknown): RuntimeCall => {
    return { tag: pallet, value: { tag: name, value: { ...base, [field]: value } } };
  };
  for (const [field, ty] of Object.entries(args)) {
    for (const value of atBound(ty, 0)) {
      const call = callWith(field, value);
      expect(callTy.codec.dec(loosely(callTy, call)), `${pallet}.${name}.${field}`).to.deep.equal(call);
      bounds++;
    }
    for (const value of atBound(ty, 1)) {
      const call = callWith(field, value);
      expectRefused(() => callTy.codec.enc(call), `${pallet}.${name}.${field} is written too long`);
      expectRefused(() => callTy.codec.dec(loosely(callTy, call)), `${pallet}.${name}.${field} is read too long`);
    }
  }
  return bounds;
}

function loosely(ty: Ty<unknown>, value: unknown): Uint8Array {
  const writer = new Writer();
  writeLoose(writer, ty, value);
  return writer.finish();
}

function expectRefused(body: () => unknown, what: string): void {
  let thrown: unknown;
  try {
    body();
  } catch (error) {
    thrown = error;
  }
  expect(isTacitError(thrown), `${what}: ${String(thrown)}`).to.equal(true);
}

describe('runtime: the search for faults', () => {
  function findingsIn(only: string | undefined): Finding[] {
    const accounts = [1, 2, 3].map((n) => [new Uint8Array(32).fill(n), 10n ** 9n] as const);
    const { composition, ctx } = mockRuntime([...faultyPallets, template], { balances: { accounts } });
    const scene = sceneOf('faulty', composition, ctx);
    return [...attack(scene, { seed: 1, draws: DRAWS, ...(only !== undefined && { only }) }).findings];
  }

  it('tries every call of a pallet that it has never heard of', () => {
    expect(Object.keys(FAULTS)).to.deep.equal([...faulty.calls.keys()]);
    const found = new Set(findingsIn(undefined).map(({ call }) => call));
    expect([...found].toSorted()).to.deep.equal(
      Object.keys(FAULTS)
        .map((call) => `Faulty.${call}`)
        .toSorted(),
    );
  });

  for (const [call, kind] of Object.entries(FAULTS)) {
    it(`finds a call that ${faulty.calls.get(call)!.docs.toLowerCase().replace('.', '')}: ${kind}`, () => {
      expect(findingsIn(`Faulty.${call}`).map((finding) => finding.kind)).to.include(kind);
    });
  }

  it('finds nothing in a pallet without faults', () => {
    for (const call of template.calls.keys()) expect(findingsIn(`Template.${call}`)).to.deep.equal([]);
  });
});
