import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const ROOT = join(import.meta.dirname, '../../..');
/** Folders whose code hashes, derives or signs. */
const FOLDERS = ['primitives', 'pallets', 'runtime', 'node', 'client'];

/** Labels used in more than one place, on purpose: for the same thing with the same parts. */
const SHARED: Readonly<Record<string, string>> = {
  'tacit/generator/1': 'independent generators, told apart by their part',
  'tacit/absent-member/1': 'the audit makes the point of an absent member by itself',
};

/** Every label in code, comments left out, with the files where it stands. */
function labels(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const folder of FOLDERS) {
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const code = readFileSync(join(ROOT, folder, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
      for (const [, label] of code.matchAll(/['"`](tacit\/[^'"`]+)['"`]/g)) {
        found.set(label as string, [...(found.get(label as string) ?? []), `${folder}/${file}`]);
      }
    }
  }
  return found;
}

describe('labels of hashes, derivations and signed texts', () => {
  const all = labels();

  it('stand for one purpose each: two uses of one label would need one meaning', () => {
    expect(all.size).to.be.greaterThan(50);
    const twice = [...all].filter(([label, files]) => files.length > 1 && !Object.hasOwn(SHARED, label));
    expect(twice).to.deep.equal([]);
  });

  it('have a purpose and a version', () => {
    for (const label of all.keys()) expect(label).to.match(/^tacit\/[a-z0-9${}/-]+\/\d+$/);
  });

  it('are not shared without need', () => {
    for (const label of Object.keys(SHARED)) expect(all.get(label)?.length, label).to.be.greaterThan(1);
  });
});
