/** Comparing with what is stored in a file: a difference is shown line by line, with the command that accepts it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Of a difference, this many lines are shown. */
const SHOWN = 60;

/** The lines that differ, with `-` as stored and `+` as found: those left after the common beginning and end. */
export function differenceOf(stored: string, found: string): string {
  const [old, now] = [stored.split('\n'), found.split('\n')];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const lines = [
    ...old.slice(Math.max(0, head - 3), head).map((line) => `  ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `- ${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+ ${line}`),
  ];
  const more = lines.length > SHOWN ? [`... and ${lines.length - SHOWN} lines more`] : [];
  return [`from line ${head + 1}:`, ...lines.slice(0, SHOWN), ...more].join('\n');
}

/** @throws with the difference and the remedy, if the file does not hold `found` as it is written (JSON, indented by two) */
export function expectStored(file: URL, found: unknown, remedy: string): void {
  const stored = readFileSync(file, 'utf8').trimEnd();
  const text = JSON.stringify(found, undefined, 2);
  if (text === stored) return;
  const name = fileURLToPath(file);
  throw new Error(`${name} differs, ${differenceOf(stored, text)}\n\nIf this was meant: ${remedy}`);
}
