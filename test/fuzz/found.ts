/** The declarations of the product that read bytes or texts, found in its sources: whoever adds one has to fuzz it, or say why not. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOMS = 'primitives,pallets,runtime,node,chain-spec,client/{sdk,cli}';
const GENERATED = /\/(?:generated|dist[^/]*|asm|build|node_modules)\//;
/** What bytes and texts are read with. */
const READS =
  /\b(?:decodeUntrusted|decodeAll|decodeResidues|decodePlain|parseFile|openText|shaped)[(<]|\.codec\.dec\(|\bJSON\.parse\(|\bnew (?:ByteReader|Reader)\(|[sS]afeParse\(|\.get(?:Int|Uint|BigUint|Float)\d+\(/;
/** Names of functions that read, and what they are given. */
const READER =
  /^export (?:async )?function ((?:decode|parse|read|from|load|open|trustRoot|unpack|unsnappy|unseal)\w*)(?:<[^(]*>)?\(/;
const GIVEN = /\b\w+\??: (?:readonly )?(?:Uint8Array|string|unknown)\b/;
const DECLARATION = /^(?:export )?(?:default )?(?:async )?(?:abstract )?(?:function\*?|class|const) (\w+)/;

/** The head of a declaration, which may go over several lines. */
function headAt(lines: readonly string[], from: number): string {
  let head = lines[from] ?? '';
  for (let next = from + 1; !/[{;]\s*$/.test(head) && next < from + 15; next++) head += lines[next] ?? '';
  return head;
}

function decodersIn(file: string, text: string): string[] {
  const found = new Set<string>();
  const lines = text.split('\n');
  let name = 'top';
  for (const [at, line] of lines.entries()) {
    name = DECLARATION.exec(line)?.[1] ?? name;
    if (/^\s*(?:\*|\/\/|\/\*)/.test(line)) continue;
    const reader = READER.exec(line)?.[1];
    if (READS.test(line) || (reader !== undefined && GIVEN.test(headAt(lines, at)))) found.add(`${file}#${name}`);
  }
  return [...found];
}

/** Every declaration that reads, as `file#declaration`. */
export function decoders(): string[] {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const files = globSync(`{${ROOMS}}/**/*.ts`, { cwd: root }).filter((file) => !GENERATED.test(file));
  return files.flatMap((file) => decodersIn(file, readFileSync(`${root}/${file}`, 'utf8'))).toSorted();
}
