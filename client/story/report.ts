/** What the story writes: one entry for each step, with what was read back from the chain. */
import { z } from 'zod';

const decimal = z.string().regex(/^-?[0-9]+$/);

const check = z.strictObject({
  /** Storage entries and runtime APIs that were read, in the state of the step's block. */
  read: z.array(z.string()),
  expected: z.record(z.string(), z.unknown()),
  found: z.record(z.string(), z.unknown()),
  equal: z.boolean(),
});

const entry = z.strictObject({
  /** 0 is what goes before, 10 the balance sheet. */
  chapter: z.number().int().min(0).max(10),
  step: z.string(),
  who: z.string(),
  what: z.string(),
  /** What the person sees afterwards, in words. */
  sees: z.string(),
  block: z.number().int().positive(),
  blockHash: z.string(),
  /** Hash of the extrinsic; null where a step is no one's extrinsic. */
  extrinsic: z.string().nullable(),
  events: z.array(z.strictObject({ name: z.string(), data: z.record(z.string(), z.unknown()) })),
  check,
});

const line = z.strictObject({
  account: z.string(),
  address: z.string(),
  start: decimal,
  /** What the first step gave it, to begin with, or took. */
  purse: decimal,
  end: decimal,
  /** What the events of all blocks say it got and gave. */
  moved: decimal,
});

/** All accounts at genesis and at the end, in units of 10^-6 TAC. */
export const balanceSheet = z.strictObject({
  block: z.number().int().positive(),
  lines: z.array(line),
  supply: z.strictObject({ start: decimal, end: decimal, minted: decimal, burned: decimal }),
  fees: z.strictObject({ paid: decimal, toAuthors: decimal }),
});
export type BalanceSheet = z.infer<typeof balanceSheet>;

export const storyReport = z.array(entry.extend({ sheet: balanceSheet.optional() }));
export type StoryEntry = z.infer<typeof storyReport>[number];
export type StoryCheck = z.infer<typeof check>;
