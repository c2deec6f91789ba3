/** The rule of a round as its maker says it. What is left out is the simplest: uses are counted, nobody has public points; and holders that attesters vouch for are paid for what is new. */
import { directionHash } from '../../primitives/round/commitments.ts';
import type { CountRule, RoundRule } from '../../primitives/round/rule.ts';
import type { Sketch } from '../../primitives/round/sketch.ts';
import type { calls } from './generated/chain.ts';

type CreateArgs = Parameters<typeof calls.royalty.createRound>[0];
type ChainRule = CreateArgs['rule'];
type ChainReporter = ChainRule['reporters'][number];

/** Who counts what of each item, and for how many points. */
export interface ReporterPlan extends CountRule {
  /** What is counted: uses of the model, unless it is said. */
  readonly metric?: ChainReporter['metric'];
  /** The model that it is about: the first of the round's, unless it is said. */
  readonly model?: number;
  /** The kind for which the account has to be an admitted attester; none if it is left out. */
  readonly attested?: NonNullable<ChainReporter['attested']>['tag'];
}

/** How scores are held against what was opened before: how many aggregates count, and how many hundredths of the projection onto them are taken out. */
export type NoveltyPlan = NonNullable<ChainRule['novelty']>;

/** The rule of a round over several pools; amounts in units of 10^-6 TAC. What the numbers do: specification §7.3, §9.3. */
export interface JointPlan
  extends Omit<
    RoundRule,
    | 'directions'
    | 'reporters'
    | 'pool'
    | 'base'
    | 'mostStanding'
    | 'mostFactor'
    | 'past'
    | 'discount'
    | 'holders'
    | 'sketch'
  > {
  readonly reporters: readonly ReporterPlan[];
  /** Points of every accepted item. */
  readonly base?: bigint;
  /** Public points for data in a portfolio: so many for a unit of weight, at most so many for an item. */
  readonly curation?: { readonly portfolio: number; readonly points: bigint; readonly most: bigint };
  /** Factors of counts, for items whose data has a valid claim of a kind. */
  readonly factors?: readonly { readonly kind: ClaimKind; readonly factor: number }[];
  /** Whom the round takes: anyone whom {@link holders} lets in, unless it is said. */
  readonly admits?: ChainRule['admits'];
  /** Unless it is said, half of what points along the aggregate opened last is taken out of the weights. */
  readonly novelty?: NoveltyPlan | 'none';
  /** Of whose items one counts: of whom any attester vouches for as one, unless it is said. Without a voucher nobody enrols then. */
  readonly holders?: ChainRule['holders'];
  /** What updates and direction are sketches of; nothing, unless it is said: their coordinates are the model's. Rounds that are held against each other have one seed. */
  readonly sketch?: Sketch;
  /** 32 random bytes under which the direction is committed: secret, and needed again when it is published. */
  readonly salt: Uint8Array;
  /** The validation direction, part by part: only its hashes are sent now. */
  readonly direction: readonly Int8Array[];
}
type ClaimKind = ChainRule['factors'][number]['kind']['tag'];

/** The rule of a round over the pool of one model. */
export interface RoundPlan extends JointPlan {
  /** What the round may pay on top of the stakes. */
  readonly pool: bigint;
}

/** What a round takes of a model's pool. */
export interface PoolPart {
  readonly model: number;
  readonly pool: bigint;
}

const HALF_OF_THE_LAST: NoveltyPlan = { past: 1, discount: 50 };
/**
 * How a round pays, by whom it takes (docs/fairness.md): a plan that names none is `vouched`.
 *
 * ```ts
 * const plan: RoundPlan = { ...ROUND_TEMPLATES.open, parts, normSq, reporters, ... };
 * ```
 */
export const ROUND_TEMPLATES = {
  /** Attesters say who is one holder: many accounts of one get what one account gets. */
  vouched: { novelty: HALF_OF_THE_LAST, holders: { tag: 'Attested', value: undefined } },
  /** Every account with a stake is paid for itself: replays get less, and many accounts get more than one. */
  open: { novelty: HALF_OF_THE_LAST, holders: { tag: 'Accounts' } },
  /** The owner knows everyone who takes part, and nobody does without data: what they have in common counts in full. */
  known: { novelty: 'none', holders: { tag: 'Accounts' } },
} as const satisfies Readonly<Record<string, Required<Pick<JointPlan, 'novelty' | 'holders'>>>>;

/** The arguments of the call that makes a round. @param pools at least one: reporters that name no model are about the first */
export function argsOf(pools: readonly PoolPart[], plan: JointPlan): CreateArgs {
  const { parts, normSq, gamma, base = 0n, curation, factors = [], admits = { tag: 'Anyone' }, sketch } = plan;
  const { novelty, holders } = { ...ROUND_TEMPLATES.vouched, ...plan };
  const { tMin, stake, kMin, maxItems, openBlocks, maxExtensions, direction, salt } = plan;
  const first = BigInt(pools[0]?.model ?? 0);
  const open = { tMin, stake, kMin, maxItems, openBlocks, maxExtensions };
  return {
    models: pools.map(({ model, pool }) => ({ model: BigInt(model), pool })),
    rule: {
      ...open,
      parts: [...parts],
      normSq,
      gamma,
      base,
      admits,
      holders,
      sketch,
      novelty: novelty === 'none' ? undefined : novelty,
      curation: curation && { ...curation, portfolio: BigInt(curation.portfolio) },
      factors: factors.map(({ kind, factor }) => ({ kind: { tag: kind }, factor })),
      reporters: plan.reporters.map((reporter) => reporterOf(reporter, first)),
      directions: direction.map((part, index) => directionHash(index, salt, asBytes(part))),
    },
  };
}

function reporterOf(reporter: ReporterPlan, first: bigint): ChainReporter {
  const { account, total, points, metric = { tag: 'Uses' }, model, attested } = reporter;
  return {
    account,
    total,
    points,
    metric,
    attested: attested && { tag: attested },
    model: model === undefined ? first : BigInt(model),
  };
}

/** A direction as the chain takes it. */
export function asBytes(values: Int8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.length);
}
