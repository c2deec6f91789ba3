/** Comparing with what is stored in a file: a difference is shown line by line, with the command that accepts it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Of a difference, this many lines are shown. */
const SHOWN = 60;

/** Lines before a difference that are shown with it. */
const BEFORE = 3;

/** By position in both texts, how many lines a longest common rest has. */
function commonRests(old: readonly string[], now: readonly string[]): Uint32Array[] {
  const rests = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = old.length - 1; i >= 0; i--) {
    const [row, below] = [rests[i]!, rests[i + 1]!];
    for (let j = now.length - 1; j >= 0; j--) {
      row[j] = old[i] === now[j] ? below[j + 1]! + 1 : Math.max(below[j]!, row[j + 1]!);
    }
  }
  return rests;
}

/** The lines that differ, with `-` as stored and `+` as found, and a few before each place. */
export function differenceOf(stored: string, found: string): string {
  const [old, now] = [stored.split('\n'), found.split('\n')];
  const rests = commonRests(old, now);
  const lines: string[] = [];
  for (let i = 0, j = 0, seen = 0; i < old.length || j < now.length; ) {
    if (i < old.length && old[i] === now[j]) {
      i++;
      j++;
      continue;
    }
    if (i > seen || lines.length === 0) {
      lines.push(`from line ${i + 1}:`, ...old.slice(Math.max(seen, i - BEFORE), i).map((line) => `  ${line}`));
    }
    const isGone = i < old.length && (j >= now.length || rests[i + 1]![j]! >= rests[i]![j + 1]!);
    lines.push(isGone ? `- ${old[i++]}` : `+ ${now[j++]}`);
    seen = i;
  }
  const more = lines.length > SHOWN ? [`... and ${lines.length - SHOWN} lines more`] : [];
  return [...lines.slice(0, SHOWN), ...more].join('\n');
}

/** @throws with the difference and the remedy, if the file does not hold `found` as it is written (JSON, indented by two) */
export function expectStored(file: URL, found: unknown, remedy: string): void {
  const stored = readFileSync(file, 'utf8').trimEnd();
  const text = JSON.stringify(found, undefined, 2);
  if (text === stored) return;
  const name = fileURLToPath(file);
  throw new Error(`${name} differs, ${differenceOf(stored, text)}\n\nIf this was meant: ${remedy}`);
}
