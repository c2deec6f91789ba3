/** Checks 9 and 11 of rounds that pay nothing: the shares of their one opening decoded again, and the gates before it (§6.6). */
import { LANES } from '../../primitives/proofs/lane.ts';
import { at, present } from '../../primitives/at.ts';
import { largestSummed, openedValues, sumRequest, VERDICT } from '../../primitives/round/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import type { RoundInfo } from '../evaluation/payloads.ts';
import { CHECK } from './book.ts';
import { type Agreement, agreeing, openedBy } from './judge.ts';
import type { RoundScene } from './scene.ts';

export interface SumOutcome {
  readonly ciphertext: Uint8Array;
  readonly sums: readonly bigint[];
}

const ruleOf = ({ round }: RoundInfo) => present(round.sum, 'what the round sums');
const acceptedOf = ({ submissions }: RoundInfo) => submissions.filter(({ verdict }) => verdict === VERDICT.accepted);

export function judgeSum({ params, context, info, file }: RoundScene): Agreement<SumOutcome> | undefined {
  const rule = ruleOf(info);
  return agreeing(
    params,
    file.posts('Sum', 0),
    ({ ciphertext }) => [ciphertext],
    (group) => {
      const { ciphertext } = at(group, 0).body;
      const request = sumRequest(context, rule, acceptedOf(info).length, ciphertext);
      const shares = group.map(({ member, body }) => ({ member, body: body.shares }));
      const opened = openedBy(params, request, shares, openedValues(rule));
      return opened && { result: { ciphertext, sums: opened.result }, liars: opened.liars };
    },
  );
}

/** Nothing is opened of fewer than `kMin` vectors, each of another account that was admitted; and what is opened can be their sum. */
export function checkGates({ book, info, block }: RoundScene, { sums }: SumOutcome): void {
  const { round } = info;
  const rule = ruleOf(info);
  const accepted = acceptedOf(info);
  const { kMin } = round.rule;
  book.expect(
    CHECK.openings,
    accepted.length >= kMin,
    `a sum of ${accepted.length} vectors was opened, kMin is ${kMin}`,
  );
  const { admitted } = tally.use(block.after).store;
  for (const { account, lane } of accepted) {
    const isAdmitted = lane === rule.lane && admitted.has(round.round, account);
    book.expect(CHECK.openings, isAdmitted, 'a summed vector is not of an admitted account');
  }
  const accounts = new Set(accepted.map(({ account }) => account.join()));
  book.same(CHECK.openings, 'accounts behind the summed vectors', accepted.length, accounts.size);
  const most = largestSummed(rule) * BigInt(accepted.length);
  book.expect(
    CHECK.scores,
    sums.every((value) => value <= most),
    `a sum is above ${most}`,
  );
  if (rule.lane !== LANES.ballot) return;
  const spent = sums.reduce((sum, value) => sum + value, 0n);
  book.same(CHECK.scores, 'all weights of the accepted ballots', rule.most * BigInt(accepted.length), spent);
}

export function compareSum({ book, info }: RoundScene, { ciphertext, sums }: SumOutcome): void {
  const found = info.sum;
  book.passed(CHECK.openings, sums.length);
  book.same(CHECK.openings, `opened sum of round ${info.round.round}`, sums.join(), found?.sums.join());
  book.same(CHECK.openings, 'ciphertext that the sum was opened from', ciphertext, found?.ciphertext);
  book.same(CHECK.openings, 'number of summed vectors', acceptedOf(info).length, found?.contributors);
}
