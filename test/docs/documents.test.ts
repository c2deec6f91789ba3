/** Documents and the references to them: what they name exists, and a person can read them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { NODE_VERSION } from '../../node/assembly/version.ts';
import { TOKEN } from '../../pallets/system/limits.ts';
import { lengthToFee } from '../../pallets/transaction-payment/index.ts';
import { fheParamsFor } from '../../primitives/fhe/params.ts';
import { SPARE_COORDINATES } from '../../primitives/proofs/lane.ts';
import { MAX_SUMMED_VALUES, MAX_UPDATE_PARTS } from '../../primitives/round/limits.ts';
import { postsBytes } from '../../primitives/round/requests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const documents = tracked.filter((file) => file.endsWith('.md'));
const sources = tracked.filter((file) => /\.(ts|mjs|cjs|js|py)$/.test(file));

/** Numbers of all headings `§n` and `§n.m` of the specification. */
const sections = new Set(
  documents
    .filter((file) => file.startsWith('docs/spec/'))
    .flatMap((file) => [...read(file).matchAll(/^#+ §([0-9]+(?:\.[0-9]+)?) /gm)].map(([, number]) => number)),
);

/** Text without fenced code. */
const prose = (text: string): string => text.replaceAll(/^```[^]*?^```/gm, '');

/** Paragraphs and list items; headings and tables stand between them. */
function paragraphs(text: string): string[] {
  return prose(text)
    .replaceAll(/^(?:#+ |\|).*$/gm, '')
    .split(/\n\s*\n|\n(?=\s*(?:[*-]|[0-9]+\.) )/);
}

/** Names that stand for others, or for a file that is not there on purpose. */
const EXAMPLE = /FILE|NAME|^test\/pallets\/tips\/|\/gone\.test\.ts$/;

describe('documents', () => {
  it('every § in sources and documents is a heading of the specification', () => {
    expect(sections.size).to.be.greaterThan(30);
    const lost = [...sources, ...documents].flatMap((file) =>
      [...read(file).matchAll(/§\s?([0-9]+(?:\.[0-9]+)?)/g)]
        .filter(([, number]) => !sections.has(number as string))
        .map(([reference]) => `${file}: ${reference}`),
    );
    expect(lost).to.deep.equal([]);
  });

  it('what the specification marks as not used by the chain is used by nothing that makes or reads blocks', () => {
    const marked = documents.filter(
      (file) => /^docs\/spec\/\d/.test(file) && /\*\*Not used by the chain yet\.\*\*/.test(read(file)),
    );
    const named = marked.flatMap((file) => {
      const paths = [
        ...read(file).matchAll(
          /`(primitives\/(?:proofs\/hidden-[\w-]+|linear|fhe\/(?:evaluation-keys|pass-check)|round\/confidential))(?:\.ts)?`/g,
        ),
      ];
      expect(paths.length, `${file} names the files, or the folder, of what is not used`).to.be.greaterThan(0);
      return paths;
    });
    const users = sources.filter((file) => /^(?:pallets|runtime|node|client)\//.test(file));
    const used = named.flatMap(([, path]) => {
      const imported = new RegExp(`from '[./]+/${path}(?:\\.ts|/[\\w-]+\\.ts)'`);
      return users.filter((file) => imported.test(read(file))).map((file) => `${file}: ${path}`);
    });
    expect(used).to.deep.equal([]);
  });

  it('guides send to sketches only models that no round carries', () => {
    const most = MAX_UPDATE_PARTS * (MAX_SUMMED_VALUES - SPARE_COORDINATES);
    const said = `${most.toLocaleString('en')}`;
    expect(read('docs/contribute.md')).to.include(`up to ${said} coordinates, in ${MAX_UPDATE_PARTS} parts`);
    expect(read('docs/own.md')).to.include(
      `more coordinates than a round carries (${said}, in ${MAX_UPDATE_PARTS} parts)`,
    );
  });

  it('the page for owners says what the posts of a round cost', () => {
    const said = ([4, 10] as const).map((n) =>
      [1, 4, MAX_UPDATE_PARTS].map((count) => {
        const parts = Array.from({ length: count }, () => MAX_SUMMED_VALUES);
        const price = lengthToFee(postsBytes(fheParamsFor(n), { parts, maxItems: 16 }));
        return Math.round(Number(price) / 10 ** TOKEN.decimals);
      }),
    );
    const [[one, four, all] = [], ten = []] = said;
    const [first, second, last] = ten;
    expect(read('docs/own.md')).to.include(
      `with four members ${one} TAC for one, ${four} for four, ${all} for 64; with ten members ${first}, ${second} and ${last}.`,
    );
  });

  it('every link between documents leads somewhere', () => {
    const lost = documents.flatMap((file) =>
      [...prose(read(file)).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => target as string)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(lost).to.deep.equal([]);
  });

  it('files that documents and sources name exist', () => {
    const named =
      /(?<![\w./-])((?:primitives|pallets|runtime|node|client|chain-spec|bench|test|tools|docs)\/[\w./-]*\w\.(?:ts|md|json|mjs))\b/g;
    const lost = [...documents.filter((file) => file !== 'CHANGELOG.md'), ...sources].flatMap((file) =>
      [...read(file).matchAll(named)]
        .map(([path]) => path)
        .filter((path) => !EXAMPLE.test(path) && !tracked.includes(path) && !existsSync(join(root, path)))
        .map((path) => `${file}: ${path}`),
    );
    expect(lost).to.deep.equal([]);
  });

  it('the version is the same wherever it is written', () => {
    const packages = tracked.filter((file) => /^(?:bin|primitives|client\/sdk)?\/?package\.json$/.test(file));
    expect(packages).to.have.length(4);
    const written = new Set([
      NODE_VERSION,
      ...packages.map((file) => (JSON.parse(read(file)) as { version: string }).version),
      ...[...read('client/sdk/README.md').matchAll(/tacit-client-([\d.]+)\.tgz/g)].map(([, version]) => version),
    ]);
    expect([...written]).to.deep.equal([NODE_VERSION]);
  });

  it('every room of the sources stands in the table of docs/architecture.md', () => {
    const table = read('docs/architecture.md');
    const rooms = sources.flatMap((file) => /^((?:primitives|node|client)\/[^/]+)\//.exec(file)?.slice(1) ?? []);
    const known = (room: string): boolean => table.includes(`\`${room}\``) || table.includes(`\`${room}/`);
    expect([...new Set(rooms)].filter((room) => !known(room))).to.deep.equal([]);
  });

  it('every pallet has a README of its own', () => {
    const pallets = new Set(sources.flatMap((file) => /^pallets\/([^/]+)\/index\.ts$/.exec(file)?.slice(1) ?? []));
    expect(pallets.size).to.be.greaterThan(15);
    const others = new Set(['support', '_template']);
    const without = [...pallets].filter(
      (name) => !others.has(name) && !documents.includes(`pallets/${name}/README.md`),
    );
    expect(without).to.deep.equal([]);
  });

  it('no paragraph has more than a hundred words', () => {
    const long = documents.flatMap((file) =>
      paragraphs(read(file))
        .map((text) => ({ text, words: text.split(/\s+/).length }))
        .filter(({ words }) => words > 100)
        .map(({ text, words }) => `${file}: ${words} words: ${text.trim().slice(0, 50)}`),
    );
    expect(long).to.deep.equal([]);
  });
});
