/** Curators, evaluations, vouchers, meters, backing and bins. New parameters are added at the end: the place is the number on the wire. */
import { type Parameter, YEAR } from '../parameter.ts';

export const MARKETS_VALUES = {
  CuratorBond: {
    docs: 'The least bond of a curator, in units of 10^-6 TAC.',
    default: 10_000_000n,
    least: 1_000_000n,
    most: 10_000_000_000n,
  },
  EvaluationAge: {
    docs: 'Blocks that an evaluation stands before it counts.',
    default: 300n,
    least: 1n,
    most: 1_000_000n,
  },
  EvaluationPrior: {
    docs: 'The weight of the rating of 50 points that every model begins with, in units of 10^-6 TAC spent irrecoverably.',
    default: 1_000_000n,
    least: 10_000n,
    most: 1_000_000_000_000n,
  },
  EvaluationReward: {
    docs: 'What an evaluation earns at most of the points it was given, in basis points: never more than half of what raters spent, nor than is lost besides bonuses for data.',
    default: 2_500n,
    least: 0n,
    most: 5_000n,
  },
  VoucherWindow: {
    docs: 'How many blocks a gateway has to show its last voucher after a user has closed a channel.',
    default: 7_200n,
    least: 10n,
    most: 302_400n,
  },
  SecretSeat: {
    docs: 'Reserved for a place in a secret vote, and what its ballot weighs; in units of 10^-6 TAC.',
    default: 1_000_000_000n,
    least: 1_000_000n,
    most: 1_000_000_000_000_000n,
  },
  MeterSilence: {
    docs: 'How many blocks a meter reports nothing before who leaves it keeps the uses that are left.',
    default: 302_400n,
    least: 10n,
    most: YEAR,
  },
  BaseShare: {
    docs: 'The part of a period’s issuance that is for data with backing, in basis points; the rest is for data in use.',
    default: 2_000n,
    least: 0n,
    most: 5_000n,
  },
  BaseYield: {
    docs: 'The most that backing of data earns in 365 days, as a part of it, in basis points: few backers do not share all there is.',
    default: 500n,
    least: 0n,
    most: 5_000n,
  },
  BackersShare: {
    docs: 'The part of what backing earns that goes to the backer, in basis points; the rest is earned by the data.',
    default: 5_000n,
    least: 0n,
    most: 10_000n,
  },
  BackingDelay: {
    docs: 'How many blocks backing of data that was withdrawn can still be lost: the time in which a report of it may come.',
    default: 604_800n,
    least: 43_200n,
    most: YEAR,
  },
  ClaimSlash: {
    docs: 'The part of its bond that an attester loses for a claim that is found false, in basis points.',
    default: 2_500n,
    least: 100n,
    most: 5_000n,
  },
  BinLeast: {
    docs: 'How many notes a bin has at least when it is closed after `BinWait`: the fewest that hide a claim, but for notes that have waited for `BinPatience`.',
    default: 64n,
    least: 1n,
    most: 1_024n,
  },
  BinWait: {
    docs: 'How many blocks a bin with `BinLeast` notes waits for more, counted from its first note.',
    default: 43_200n,
    least: 1n,
    most: 1_296_000n,
  },
  BinPatience: {
    docs: 'How many blocks after its first note a bin is closed however few notes it has: nobody’s money waits for others for ever.',
    default: 1_296_000n,
    least: 1n,
    most: YEAR,
  },
} as const satisfies Record<string, Parameter>;
