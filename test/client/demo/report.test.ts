import { expect } from 'chai';
import {
  isSound,
  quantile,
  renderReport,
  type RoundReport,
  roundReport,
  table,
  tac,
} from '../../../client/demo/report.ts';

const report: RoundReport = {
  parties: [
    {
      name: 'a',
      shapleyPlain: '9007199254740993',
      shapleyOpened: '9007199254740993',
      equal: true,
      amount: '120',
      depositBack: '50',
      paidOut: '90',
      fee: '10',
      hidden: '70',
      ring: 8,
      claimed: true,
    },
    {
      name: 'b',
      shapleyPlain: '-7',
      shapleyOpened: '-7',
      equal: true,
      amount: '-20',
      depositBack: '30',
      paidOut: '10',
      fee: '10',
      hidden: '10',
      ring: 8,
      claimed: true,
    },
  ],
  pool: '104',
  paid: '100',
  fractions: '1',
  dust: '3',
  claims: { paid: '100', fees: '20', hidden: '80', ring: 8 },
  spearmanRetrained: 0.9,
  audit: { ok: true, checks: 12 },
  finality: { p50Ms: 400, p99Ms: 900 },
  timingsMs: { roundKey: 1, encryptAndProve: 2, closeToPayout: 3, total: 4 },
  validators: [{ rpc: 'ws://127.0.0.1:9944' }, { rpc: 'ws://127.0.0.1:9945', killed: true }],
};
const [first, second] = report.parties as [RoundReport['parties'][0], RoundReport['parties'][0]];

describe('client/demo/report', () => {
  it('accepts the report of the issue and nothing near it', () => {
    expect(roundReport.parse(JSON.parse(JSON.stringify(report)))).to.deep.equal(report);
    const broken: Record<string, unknown>[] = [
      { ...report, pool: 104 },
      { ...report, dust: '3.5' },
      { ...report, spearmanRetrained: 1.2 },
      { ...report, extra: true },
      { ...report, parties: [{ ...first, amount: '0x78' }] },
      { ...report, parties: [{ ...first, claimed: 'yes' }] },
      { ...report, finality: { p50Ms: -1, p99Ms: 0 } },
    ];
    for (const json of broken) expect(roundReport.safeParse(json).success, JSON.stringify(json)).to.equal(false);
    for (const field of Object.keys(report)) {
      const without: Record<string, unknown> = { ...report };
      delete without[field];
      expect(roundReport.safeParse(without).success, field).to.equal(false);
    }
  });

  it('is sound only if every score is right, everyone is paid and the money adds up', () => {
    expect(isSound(report)).to.equal(true);
    expect(isSound({ ...report, audit: null })).to.equal(true);
    expect(isSound({ ...report, parties: [{ ...first, equal: false }, second] })).to.equal(false);
    expect(isSound({ ...report, parties: [first, { ...second, claimed: false }] })).to.equal(false);
    expect(isSound({ ...report, dust: '4' })).to.equal(false);
    expect(isSound({ ...report, paid: '101', pool: '105' })).to.equal(false);
    // what notes hold of fractions is less than a unit each
    expect(isSound({ ...report, fractions: '2', dust: '2' })).to.equal(false);
    expect(isSound({ ...report, fractions: '-1', dust: '5' })).to.equal(false);
    // what came out of a note and what is hidden is what it held
    const hides = { ...first, hidden: '71' };
    expect(isSound({ ...report, parties: [hides, second] })).to.equal(false);
    expect(isSound({ ...report, parties: [hides, second], claims: { ...report.claims, hidden: '81' } })).to.equal(
      false,
    );
    expect(isSound({ ...report, claims: { ...report.claims, fees: '21' } })).to.equal(false);
    expect(isSound({ ...report, audit: { ok: false, checks: 12 } })).to.equal(false);
  });

  it('prints money, quantiles and columns as they are', () => {
    expect(tac(1_234_567n)).to.equal('1.234567');
    expect(tac(-1n)).to.equal('-0.000001');
    expect([quantile([], 0.5), quantile([3, 1, 2], 0.5), quantile([3, 1, 2], 0.99)]).to.deep.equal([0, 2, 3]);
    expect(
      table(
        ['name', 'n'],
        [
          ['a', '-10'],
          ['bcdef', '7'],
        ],
      ),
    ).to.equal('name   n\n-----  ---\na      -10\nbcdef    7');
    const text = renderReport({ ...report, parties: [first, { ...second, shapleyOpened: null, equal: false }] }, [
      'ordinary',
      'noise',
    ]);
    expect(text).to.include('9007199254740993').and.to.include('not opened').and.to.include('pool 0.000104 TAC');
    expect(text).to.include('notes 0.000200 TAC = claimed 0.000100 + fees 0.000020 + hidden 0.000080, in rings of 8');
  });
});
