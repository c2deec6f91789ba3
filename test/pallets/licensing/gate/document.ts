/**
 * The parts of docs/licences.md that say what stands in the data.
 * `npx --no-install node test/pallets/licensing/gate/document.ts` writes them anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLAUSES, type ClauseName, defaultTable, isWaivable } from '../../../../pallets/licensing/gate/index.ts';
import {
  ALL_OBLIGATIONS,
  ALL_RELATIONS,
  type Condition,
  type LicenceProfile,
  OBLIGATION,
  RELATION_BIT,
  type Rule,
  TRAIT,
} from '../../../../pallets/licensing/table/types.ts';
import { ALL_PURPOSES, ALL_RESTRICTIONS, PURPOSE, RESTRICTION, TIER } from '../../../../pallets/licensing/types.ts';
import type { Verdict } from './verdicts/kinds.ts';
import { verdicts } from './verdicts/index.ts';

export const DOCUMENT = fileURLToPath(new URL('../../../../docs/licences.md', import.meta.url));

const list = (bits: number, of: Readonly<Record<string, number>>): string =>
  Object.entries(of)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => name)
    .join(', ') || '-';
const unless = (bits: number, all: number, of: Readonly<Record<string, number>>, word: string): string =>
  bits === all ? word : list(bits, of);

const KINDS = ['no', 'yes', 'reciprocal', 'by approval'];
const BITS: Readonly<Record<string, readonly [Readonly<Record<string, number>>, number]>> = {
  traits: [TRAIT, 31],
  tiers: [TIER, 31],
  restrictions: [RESTRICTION, ALL_RESTRICTIONS],
  purposes: [PURPOSE, ALL_PURPOSES],
  obligations: [OBLIGATION, ALL_OBLIGATIONS],
};
function condition({ holds, fact }: Condition): string {
  const asked = Object.entries(('value' in fact ? fact.value : undefined) ?? {}) as [string, number][];
  const words = asked.map(([what, bits]) => {
    const [of, all] = BITS[what] ?? [{}, 0];
    return what === 'kind' ? KINDS[bits] : unless(bits, all, of, 'any');
  });
  return `${holds ? '' : 'not '}${fact.tag}${words.length > 0 ? ` (${words.join('; ')})` : ''}`;
}

const clauseRow = ([name, docs]: [string, string]): string =>
  `| \`${name}\` | ${docs} | ${isWaivable(name as ClauseName) ? 'yes' : 'no'} |`;
const ruleRow = ({ clause, relations, when, cure }: Rule, at: number): string =>
  `| ${at + 1} | \`${clause.tag}\` | ${unless(relations, ALL_RELATIONS, RELATION_BIT, 'all')} | ${when.map(condition).join(' and ')} | ${cure} |`;

function derived({ traits, outbound, choices }: LicenceProfile): string {
  if (choices.length > 0) return `either of ${choices.join(', ')}`;
  const listed = outbound.length > 0 ? `; listed: ${outbound.join(', ')}` : '';
  return (traits === 0 ? 'any licence' : list(traits, TRAIT)) + listed;
}
function licenceRow(licence: LicenceProfile): string {
  const { name, source, obligations, tolerates, purposes, restrictions, reach, choices } = licence;
  const cells =
    choices.length > 0
      ? ['', '', '', '', '']
      : [
          list(obligations, OBLIGATION),
          unless(tolerates, ALL_OBLIGATIONS, OBLIGATION, 'anything'),
          unless(purposes, ALL_PURPOSES, PURPOSE, 'all'),
          list(restrictions, RESTRICTION),
          unless(reach, ALL_RELATIONS, RELATION_BIT, 'all'),
        ];
  return `| [${name}](${source}) | ${derived(licence)} | ${cells.join(' | ')} |`;
}

const differing = (verdict: Verdict): string =>
  `| ${verdict.parent} | ${verdict.child} | ${verdict.relation} | [${verdict.isAllowed ? 'allowed' : 'refused'}](${verdict.source}) | ${verdict.differs} |`;
function verdictsPart(): string {
  const pairs = new Set(verdicts.map(({ parent, child }) => `${parent} ${child}`)).size;
  const bySource = Map.groupBy(verdicts, ({ source }) => source);
  const rows = [...bySource].map(([source, of]) => `| ${source} | ${of.length} |`);
  const differences = verdicts.filter(({ differs }) => differs !== undefined);
  return [
    `${verdicts.length} verdicts on ${pairs} ordered pairs, of ${bySource.size} sources; the gate differs from ${differences.length}:`,
    '',
    '| parent | child | relation | source says | why the gate does not |',
    '|---|---|---|---|---|',
    ...differences.map(differing),
    '',
    '| source | verdicts |',
    '|---|---|',
    ...rows,
  ].join('\n');
}

/** The generated parts by the name that stands in the document's marks. */
export function generated(): Readonly<Record<string, string>> {
  const { licences, exceptions, rules } = defaultTable;
  return {
    clauses: [
      '| clause | why the work is refused | may be waived |',
      '|---|---|---|',
      ...Object.entries(CLAUSES).map(clauseRow),
    ].join('\n'),
    rules: ['| | clause | relations | if | cure |', '|---|---|---|---|---|', ...rules.map(ruleRow)].join('\n'),
    licences: [
      `${licences.length} licences:`,
      '',
      '| licence | derived works | asks | others may ask | for | forbids | reaches |',
      '|---|---|---|---|---|---|---|',
      ...licences.map(licenceRow),
    ].join('\n'),
    exceptions: [
      '| exception | of | frees | takes away |',
      '|---|---|---|---|',
      ...exceptions.map(
        ({ name, of, frees, waives, source }) =>
          `| [${name}](${source}) | ${of.join(', ')} | ${list(frees, RELATION_BIT)} | ${list(waives, OBLIGATION)} |`,
      ),
    ].join('\n'),
    verdicts: verdictsPart(),
  };
}

/** The document with its generated parts as they are to be. */
export function written(document: string): string {
  return Object.entries(generated()).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`),
        (_, begin: string, end: string) => `${begin}${part}\n${end}`,
      ),
    document,
  );
}

if (import.meta.main) writeFileSync(DOCUMENT, written(readFileSync(DOCUMENT, 'utf8')));
