/** Comparing with what is stored in a file: a difference is shown line by line, with the command that accepts it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Of a difference, this many lines are shown. */
const SHOWN = 60;
/** And this many before each of its parts. */
const BEFORE = 3;

/** `[i][j]`: how many lines `old` from line i and `now` from line j have in common, in order. */
function commonLines(old: readonly string[], now: readonly string[]): Uint32Array[] {
  const common = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const kept = Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
      common[i]![j] = old[i] === now[j] ? common[i + 1]![j + 1]! + 1 : kept;
    }
  }
  return common;
}

/** The lines that differ, with `-` as stored and `+` as found, each group after the last lines before it that are the same. */
export function differenceOf(stored: string, found: string): string {
  const [old, now] = [stored.split('\n'), found.split('\n')];
  const common = commonLines(old, now);
  const lines: string[] = [];
  let first: number | undefined;
  let [i, j] = [0, 0];
  /** Lines of `old` before this one have been shown. */
  let shown = 0;
  const tell = (line: string): void => {
    first ??= i + 1;
    lines.push(...old.slice(Math.max(shown, i - BEFORE), i).map((same) => `  ${same}`), line);
    shown = i;
  };
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) [i, j] = [i + 1, j + 1];
    else if (j === now.length || (i < old.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      tell(`- ${old[i]}`);
      shown = ++i;
    } else tell(`+ ${now[j++]}`);
  }
  const more = lines.length > SHOWN ? [`... and ${lines.length - SHOWN} lines more`] : [];
  return [`from line ${first ?? 1}:`, ...lines.slice(0, SHOWN), ...more].join('\n');
}

/** @throws with the difference and the remedy, if the file does not hold `found` as it is written (JSON, indented by two) */
export function expectStored(file: URL, found: unknown, remedy: string): void {
  const stored = readFileSync(file, 'utf8').trimEnd();
  const text = JSON.stringify(found, undefined, 2);
  if (text === stored) return;
  const name = fileURLToPath(file);
  throw new Error(`${name} differs, ${differenceOf(stored, text)}\n\nIf this was meant: ${remedy}`);
}
