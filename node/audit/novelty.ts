/** Check 11, what a round shares and is held against: every item is of whom its claims name, and the past is what rounds of the same models had opened (§9.6). */
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { haveOneForm } from '../../primitives/round/sketch.ts';
import { holdersIn, royalty } from '../../pallets/royalty/index.ts';
import { findRound } from '../../pallets/tally/index.ts';
import { CHECK } from './book.ts';
import { partName, type RoundScene } from './scene.ts';

/** Keeps whose an item is that was enrolled in this block, and sees that it is who its claims name, or its account where the rule asks for no holder. */
export function keepHolder({ book, file, info, block }: RoundScene, index: number): void {
  const item = info.items[index];
  const { store } = royalty.use(block.after);
  const terms = store.rounds.get(info.round.round)?.terms;
  if (item === undefined) return;
  file.holders.set(toHex(item.account), item.holder);
  // A round that ended in this very block has forgotten what was shown.
  if (info.round.endedAt !== undefined || terms === undefined) return;
  const shown = store.statements.get(info.round.round, index);
  const isOpen = terms.holders.tag === 'Accounts';
  const names = isOpen ? [item.account] : holdersIn(block.after, terms, shown?.claims ?? []);
  const isNamed = names.some((name) => sameBytes(name, item.holder));
  book.expect(CHECK.scores, isNamed, `holder of item ${index} of round ${info.round.round}: no claim of its names it`);
  book.same(CHECK.scores, `whether items of round ${info.round.round} share`, !isOpen, info.round.rule.holders);
}

/** A round is held against rounds that had settled, with updates of the same form, of its models, the last first. */
export function checkPast({ book, info, block }: RoundScene): void {
  const { store } = royalty.use(block.after);
  const { round, rule } = info.round;
  const modelsOf = (id: number): bigint[] => store.rounds.get(id)?.models.map(({ model }) => model) ?? [];
  const own = modelsOf(round);
  const ends = rule.past.map((id) => {
    const past = findRound(block.after, id);
    const isLike = past?.phase.tag === 'Settled' && haveOneForm(past.rule, rule);
    const isOwn = modelsOf(id).some((model) => own.includes(model));
    book.expect(CHECK.scores, isLike && isOwn, `round ${round} is held against round ${id}, which is not its past`);
    return past?.endedAt ?? 0;
  });
  const descending = ends.toSorted((a, b) => b - a);
  book.same(CHECK.scores, `order of the past of round ${round}`, descending.join(), ends.join());
}

/** What the scores were held against is what the audit decoded of those rounds. */
export function comparePast({ book, aggregates, info, partOf }: RoundScene): void {
  const { round, rule } = info.round;
  for (const part of rule.parts.keys()) {
    const past = partOf(part)?.past ?? [];
    book.same(CHECK.scores, `aggregates that round ${round} is held against`, rule.past.length, past.length);
    for (const [place, bytes] of past.entries()) {
      const id = rule.past[place] ?? 0;
      const what = `part ${part} of the aggregate of round ${id}, which is past`;
      book.same(CHECK.scores, what, aggregates.get(partName(id, part)), blake2b256(bytes));
    }
  }
}
