/** Where calls are tried: on fresh chains, in every phase of a round, and where each call is known to succeed. */
import { slotClaim } from '../../../pallets/aura/index.ts';
import { Context, DispatchFailure, type HeldCall, type Origin, Overlay } from '../../../pallets/support/index.ts';
import { buildLocalSpec, builtinSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { runtime } from '../../../runtime/index.ts';
import { scenarios } from '../../../bench/weights/scenarios/index.ts';
import type { Prepared } from '../../../bench/weights/measure.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { asBytes, SALT } from '../../support/committee.ts';
import { TestChain as RoundChain } from '../../node/audit/chain.ts';
import { beginRound, claimOf, contribute, PARTIES, sealed, submit, USERS } from '../../node/audit/round.ts';
import { TestChain } from '../chain.ts';
import { Blocks } from './blocks.ts';
import { type Scene, sceneOf } from './scene.ts';

/** The second block of a chain as its specification makes it. */
export function freshScenes(): Scene[] {
  const specs = { dev: builtinSpec('dev')!, local: parseChainSpec(buildLocalSpec({ validators: 4 })) };
  return Object.entries(specs).map(([name, spec]) => {
    const chain = new TestChain(spec);
    chain.block();
    return sceneOf(`fresh ${name}`, runtime.composition, chain.begin().ctx);
  });
}

/** The block after the last one of a chain, its inherents not applied yet. */
export function nextBlock(chain: RoundChain): Context {
  const { header, hash, state } = chain.head;
  const start = { parentHash: fromHex(hash), number: header.number + 1, digest: [slotClaim(SLOT_OF_ALL)] };
  const ctx = new Context(runtime.composition, new Overlay(state), start, { verify: () => true });
  runtime.composition.initialize(ctx);
  return ctx;
}
/** Later than the slot of any block that tests make. */
const SLOT_OF_ALL = 900_000_000n;

/** A round from its beginning to its claims on the whole runtime, and every call that was made on the way. Made once: who tries something works on copies. */
export function roundScenes(): readonly Scene[] {
  rounds ??= playedRound();
  return rounds;
}
let rounds: readonly Scene[] | undefined;

function playedRound(): Scene[] {
  const chain = new RoundChain({ users: USERS });
  const taken: [name: string, ctx: Context][] = [];
  const take = (name: string): unknown => taken.push([name, nextBlock(chain)]);
  take('before the first term');
  chain.runToActive();
  const direction = beginRound(chain);
  // For another round.
  chain.call('user', royalty.call.fund({ model: 0n, amount: 2_000_000_000n }));
  chain.block();
  take('a round without keys');
  chain.runToPhase(1, 'Open');
  take('an open round');
  for (const name of PARTIES) contribute(chain, name);
  chain.block();
  take('a round that lacks a report');
  submit(chain, 'reporter', LANES.usage, 0, sealed(chain, 'reporter', LANES.usage, 0, COUNTS));
  chain.block();
  chain.runToPhase(1, 'Direction');
  take('a round that waits for its direction');
  direction.forEach((part, index) => {
    chain.unsigned(tally.call.publishDirection({ round: 1, part: index, salt: SALT, direction: asBytes(part) }));
  });
  chain.runToPhase(1, 'Settled');
  take('a settled round');
  chain.block();
  PARTIES.slice(0, 2).forEach((name, place) => {
    chain.unsigned(claimOf(chain, name, place));
    chain.block();
  });
  take('a claimed round');
  const history = callsOf(chain);
  return taken.map(([name, ctx]) => sceneOf(name, runtime.composition, ctx, history));
}
/** A chain on which much has been done: what was drawn and succeeded. Made once of a scene and a seed. */
export function busyScene(from: Scene, seed: number): Scene {
  if (busy === undefined || busy.from !== from || busy.seed !== seed)
    busy = { from, seed, scene: madeBusy(from, seed) };
  return busy.scene;
}
let busy: { readonly from: Scene; readonly seed: number; readonly scene: Scene } | undefined;

function madeBusy(from: Scene, seed: number): Scene {
  const blocks = new Blocks(from);
  for (let i = 0; i < BUSY_CALLS; i++) {
    blocks.call(seed + i, true);
    if (i % CALLS_IN_BLOCK === 0) blocks.end();
  }
  return blocks.scene('a busy chain');
}
const [BUSY_CALLS, CALLS_IN_BLOCK] = [250, 25];

/** What the reporter tells of eight places. */
const COUNTS = [20, 5, 25, 0, 0, 0, 0, 0];

function callsOf({ blocks }: RoundChain): HeldCall[] {
  const calls = blocks.flatMap(({ body }) => body.flatMap((bytes) => [...runtime.callsIn(bytes)]));
  return calls.filter(({ call }) => call.tag !== 'Timestamp');
}

/** A call that succeeds where it is. */
export interface Success {
  readonly scene: Scene;
  readonly prepared: Prepared;
}

/** Nobody signs what nobody or the chain itself asks for. */
function signerOf(origin: Origin): Uint8Array | undefined {
  try {
    return origin.signed();
  } catch (error) {
    if (error instanceof DispatchFailure) return undefined;
    throw error;
  }
}

/** The state of each scenario of the weights, in which its call succeeds, with little to do. Made once, as those of a round. */
export function successScenes(): readonly Success[] {
  successes ??= preparedCalls();
  return successes;
}
let successes: readonly Success[] | undefined;

function preparedCalls(): Success[] {
  return scenarios.map(({ call, size, prepare }) => {
    const prepared = prepare(size === undefined ? 0 : Math.min(size.to, size.from + 2));
    const { composition, ctx, origin } = prepared;
    const history = [{ signer: signerOf(origin), call: prepared.call }];
    return { scene: sceneOf(`ready for ${call}`, composition, ctx, history), prepared };
  });
}
