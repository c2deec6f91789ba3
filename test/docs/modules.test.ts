/** docs/modules.md: what it names exists, and no call of the runtime is left out. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runtime } from '../../runtime/index.ts';
import { shapeOf } from '../runtime/shape.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const page = read('docs/modules.md');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| ability'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .map(([, ability = '', by = '', shown = '']) => ({ ability, by, shown }));

const { pallets, apis } = shapeOf(runtime) as {
  pallets: Record<string, { calls: object; events: object; storage: string[]; constants: string[] }>;
  apis: Record<string, string[]>;
};
/** `0 name` or `Name: type`, as the shape of the runtime writes them. */
const nameIn = (text: string): string => text.replace(/^\d+ /, '').split(':')[0] as string;
const camel = (pallet: string): string => `${pallet[0]?.toLowerCase()}${pallet.slice(1)}`;

const calls = new Set<string>();
const items = new Set<string>();
for (const [numbered, { calls: own, events, storage, constants }] of Object.entries(pallets)) {
  const pallet = nameIn(numbered);
  for (const name of Object.keys(own)) calls.add(`${camel(pallet)}.${nameIn(name)}`);
  for (const name of [...Object.keys(events), ...storage, ...constants]) items.add(`${pallet}.${nameIn(name)}`);
}
const methods = new Set(
  Object.entries(apis).flatMap(([api, own]) => own.map((method) => `${api}_${method.split('(')[0]}`)),
);

/** What stands in backquotes, without arguments. */
const named = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.split('(')[0]!);

/** Titles of a file of tests; what a template fills in is `…`. */
function titlesIn(file: string): Set<string> {
  const found = read(file).matchAll(/\bit\(\s*(?:'((?:\\.|[^'\\])*)'|"([^"]*)"|`((?:\\.|[^`\\])*)`)/g);
  return new Set(
    [...found].map(([, single, double, template]) =>
      (single ?? double ?? template ?? '').replaceAll("\\'", "'").replaceAll(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '…'),
    ),
  );
}

describe('docs/modules.md', () => {
  it('has rows of three cells, and each says by what, or that it is not there', () => {
    expect(rows.length).to.be.above(100);
    for (const { ability, by, shown } of rows) {
      expect(by.length, ability).to.be.above(0);
      const isMissing = /^\*\*(Not there|In part)\*\*/.test(by);
      expect(isMissing || shown !== '—', `${ability}: no test`).to.equal(true);
    }
  });

  it('names calls, methods and items that there are', () => {
    const all = rows.flatMap(({ ability, by }) => named(`${ability} ${by}`));
    const lost = all.filter((name) => {
      if (/^[A-Z]\w+Api_/.test(name)) return !methods.has(name);
      if (/^[A-Z]\w+\.[A-Z]\w+$/.test(name)) return !items.has(name);
      return /^[a-z]\w+\.[a-z_0-9]+$/.test(name) && name !== 'figures.md' && !name.endsWith('.ts') && !calls.has(name);
    });
    expect(lost).to.deep.equal([]);
    expect(all.filter((name) => calls.has(name)).length).to.be.above(100);
  });

  it('leaves out no call of the runtime', () => {
    const all = new Set(rows.flatMap(({ by }) => named(by)));
    expect(calls.size).to.be.above(140);
    expect([...calls].filter((call) => !all.has(call))).to.deep.equal([]);
  });

  it('names tests that there are, by their titles', () => {
    const lost = rows.flatMap(({ shown }) =>
      [...shown.matchAll(/`([^`]+)` ((?:“[^”]*”(?:, )?)+)/g)].flatMap(([, path, titles = '']) => {
        const file = `test/${path}.test.ts`;
        if (!existsSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)))) return [file];
        const known = titlesIn(file);
        return [...titles.matchAll(/“([^”]*)”/g)].flatMap(([, title = '']) =>
          known.has(title) ? [] : [`${file}: ${title}`],
        );
      }),
    );
    expect(lost).to.deep.equal([]);
    // nothing of the third cells is passed over by the pattern above
    for (const { ability, shown } of rows) {
      const rest = shown
        .replaceAll(/`[^`]+` (?:“[^”]*”(?:, )?)+(?:; )?/g, '')
        .replace('—', '')
        .trim();
      expect(rest, ability).to.equal('');
    }
  });
});
