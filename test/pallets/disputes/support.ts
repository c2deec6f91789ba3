/** A chain on which people own works, judge, and quarrel; windows are short. */
import { balances, checkIssuance, freeOf, reservedOf, reservers } from '../../../pallets/balances/index.ts';
import { curation } from '../../../pallets/curation/index.ts';
import { commitmentOf, type Dispute, disputes, type Verdict } from '../../../pallets/disputes/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { type Asset, createAsset, ownership } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import {
  checkPallets,
  mockRuntime,
  type MockRuntime,
  Origin,
  type RuntimeCall,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';

export const START = 10n ** 12n;
export const DEPOSIT = 1_000_000n;
export const UNIT = 100_000_000n;
export const SEAT = 20_000_000n;
export const FEE = 1_000_000n;
export const WINDOW = 10;

export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const by = (n: number): Origin => Origin.signed(who(n));
export const [OWNER, VICTIM, REPORTER, HEIR, ANYONE] = [1, 2, 3, 4, 5] as const;
export const JURORS: readonly number[] = Array.from({ length: 40 }, (_, i) => 20 + i);
export const MODEL: Asset = { tag: 'Model', value: 1_007n };
export const ORIGINAL: Asset = { tag: 'Model', value: 1_003n };
export const digest = (n: number): Uint8Array => hash32Of('tacit/test/1', n);
export const { call, errors } = disputes;

const pallets = [system, balances, tally, parameters, ownership, licensing, registry, royalty, curation, disputes];
const holdings = { freeOf, reservedOf, reservers };
const SHORT = {
  DisputeAnswer: 10n,
  DisputeGrace: 10n,
  DisputeDraw: 30n,
  DisputeCommit: 10n,
  DisputeReveal: 10n,
  DisputeAppeal: 10n,
  DisputeKeep: 10n,
  DisputeFreeze: 50n,
  JurorNotice: 10n,
};

export interface Court {
  readonly chain: MockRuntime;
  ok(n: number, call: RuntimeCall): void;
  /** Goes on so many blocks. */
  pass(blocks: number): void;
  /** A round's secrets are revealed in this block; it had closed before or in this one. */
  reveal(value: Uint8Array, closedAt?: number): void;
  dispute(id?: bigint): Dispute;
}

/** Chains with two works and jurors, as each begins; made once, for every juror's joining is checked. */
const begun = new Map<string, MockRuntime>();

function beginning(jurors: readonly number[], units: number): MockRuntime {
  const people = [OWNER, VICTIM, REPORTER, HEIR, ANYONE, 6, 7, 8, ...JURORS];
  const chain = mockRuntime(
    pallets,
    {
      system: { specName: 'mock', specVersion: 1 },
      balances: { accounts: people.map((n) => [who(n), START]) },
      parameters: SHORT,
    },
    { invariants: [remembered(checkIssuance), checkPallets(pallets, holdings)] },
  );
  // Works that the registry does not know: most disputes never ask it.
  createAsset(chain.ctx, ORIGINAL, who(VICTIM), DEPOSIT);
  createAsset(chain.ctx, MODEL, who(OWNER), DEPOSIT);
  for (const n of jurors) {
    const outcome = chain.dispatch(by(n), call.joinJurors({ units }));
    if (outcome !== 'ok') throw new Error(`${n} does not join: ${outcome}`);
  }
  chain.runToBlock(chain.ctx.block + 1);
  return chain;
}

/** A chain with two works and `jurors` of one unit each. */
export function court(jurors: readonly number[] = JURORS, units = 1): Court {
  const key = `${units} ${jurors.join()}`;
  const first = begun.get(key) ?? beginning(jurors, units);
  begun.set(key, first);
  const chain = first.copy();
  let rounds = 0;
  return {
    chain,
    ok(n, call) {
      const outcome = chain.dispatch(by(n), call);
      if (outcome !== 'ok') throw new Error(`${call.value.tag} by ${n}: ${outcome}`);
    },
    pass: (blocks) => chain.runToBlock(chain.ctx.block + blocks),
    reveal(value, closedAt = chain.ctx.block) {
      tally.use(chain.ctx).store.beacons.put([{ round: ++rounds, closedAt, block: chain.ctx.block, value }]);
      chain.runToBlock(chain.ctx.block + 1);
    },
    dispute(id = 0n) {
      const found = disputes.use(chain.ctx).store.disputes.get(id);
      if (found === undefined) throw new Error(`no dispute ${id}`);
      return found;
    },
  };
}

export interface Wish {
  kind?: 'Copy' | 'Unlicensed' | 'Misleading' | 'Harmful';
  evidence?: number;
  asset?: Asset;
  against?: Asset | undefined;
}
export function report({ kind = 'Copy', evidence = 1, asset = MODEL, against = ORIGINAL }: Wish = {}): RuntimeCall {
  return call.report({
    subject: { tag: 'Asset', value: asset },
    kind: { tag: kind },
    digests: [digest(evidence)],
    against,
  });
}

export const saltOf = (juror: Uint8Array, level: number): Uint8Array => hash32Of('tacit/salt/1', juror, level);

/** The jurors of the present panel, by their numbers. */
export function panelOf({ chain, dispute }: Court, id = 0n): number[] {
  const { store } = disputes.use(chain.ctx);
  return (store.panels.get(id, dispute(id).level)?.seats ?? []).map(({ juror }) => juror[0]!);
}

/** Answers, if it has to be, and has the panel drawn. */
export function draw(it: Court, id = 0n): void {
  const { phase, respondent } = it.dispute(id);
  if (phase.tag === 'Answer') it.ok(respondent[0]!, call.answer({ id, digests: [digest(9)] }));
  it.reveal(digest(1_000 + it.chain.ctx.block));
  it.ok(ANYONE, call.draw({ id }));
}

export function commitOf(it: Court, n: number, verdict: Verdict, id = 0n): RuntimeCall {
  const { level } = it.dispute(id);
  const salt = saltOf(who(n), level);
  return call.commit({ id, commitment: commitmentOf(it.chain.ctx, { id, level, juror: who(n), verdict, salt }) });
}
export function revealOf(it: Court, n: number, verdict: Verdict, id = 0n): RuntimeCall {
  return call.reveal({ id, verdict: { tag: verdict }, salt: saltOf(who(n), it.dispute(id).level) });
}

/** Draws a panel, lets juror `i` of it vote what `vote` says (nothing: it is silent), and counts. */
export function judge(it: Court, vote: (place: number) => Verdict | undefined, id = 0n): void {
  draw(it, id);
  const jurors = panelOf(it, id);
  const votes = jurors.map((n, place) => ({ n, verdict: vote(place) }));
  for (const { n, verdict } of votes) if (verdict !== undefined) it.ok(n, commitOf(it, n, verdict, id));
  it.pass(WINDOW);
  for (const { n, verdict } of votes) if (verdict !== undefined) it.ok(n, revealOf(it, n, verdict, id));
  it.pass(WINDOW);
  it.ok(ANYONE, call.count({ id }));
}

/** The wealth of an account: free and reserved. */
export function wealth({ chain }: Court, n: number): bigint {
  return freeOf(chain.ctx, who(n)) + reservedOf(chain.ctx, who(n));
}
