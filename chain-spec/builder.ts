import { TacitError } from '../primitives/errors.ts';
import { fheParamsFor } from '../primitives/fhe/params.ts';
import { devNames, devValidator } from './dev.ts';
import { type ChainSpecJson, parseChainSpec } from './schema.ts';

const TAC = 1_000_000n;

const DEV_BALANCE = 1_000_000n * TAC;
/**
 * The demo's owner and user have more: a round takes 17,600 TAC of the one and 5,000 of the other, and `npm start` is to be run every day for fifteen years on
 * one chain.
 */
const DEMO_BALANCE = 100_000_000n * TAC;
const DEMO_ACCOUNTS = ['Alice', 'Bob'];

/**
 * The longest that a step of a round, and the set-up of a term, may take, in blocks. A step ends when all have posted; this only bounds how long the silent are
 * waited for. With more validators each does more work, and on one machine they share its cores: seven on two cores were not through in 15 blocks.
 */
const PATIENCE: Readonly<Record<number, { readonly step: number; readonly setup: number }>> = {
  4: { step: 15, setup: 30 },
  7: { step: 90, setup: 90 },
  10: { step: 180, setup: 180 },
};

/**
 * How long what governs the chain takes, in blocks of two seconds. A development chain decides within half a minute, so that it can be tried and tested; a local one
 * within some minutes, so that people can watch it. A chain that says nothing takes weeks.
 */
const PERIODS = {
  dev: {
    GovernanceVoting: '8',
    GovernanceTimeLock: '3',
    GovernanceWindow: '300',
    GovernanceLock: '4',
    TreasuryPeriod: '100',
    UpgradeNotice: '10',
    PanelTerm: '30',
    PanelMotion: '20',
    PanelSuspension: '20',
    DisputeAnswer: '4',
    DisputeGrace: '4',
    DisputeDraw: '20',
    DisputeCommit: '5',
    DisputeReveal: '5',
    DisputeAppeal: '5',
    DisputeKeep: '20',
    DisputeFreeze: '50',
    JurorNotice: '5',
    BinLeast: '3',
    BinWait: '1',
    BinPatience: '300',
  },
  local: {
    GovernanceVoting: '30',
    GovernanceTimeLock: '10',
    GovernanceWindow: '1800',
    GovernanceLock: '30',
    TreasuryPeriod: '1800',
    UpgradeNotice: '30',
    PanelTerm: '300',
    PanelMotion: '60',
    PanelSuspension: '150',
    DisputeAnswer: '30',
    DisputeGrace: '30',
    DisputeDraw: '900',
    DisputeCommit: '45',
    DisputeReveal: '45',
    DisputeAppeal: '45',
    DisputeKeep: '1800',
    DisputeFreeze: '300',
    JurorNotice: '30',
    BinLeast: '3',
    BinWait: '1',
    BinPatience: '300',
  },
} as const;

export interface LocalWish {
  /** How many of the development accounts validate: 1, or 4, 7 or 10, which form a committee of the tally. */
  validators: number;
  /** Id and name of the chain, if not the usual ones. */
  id?: string;
  name?: string;
  bootNodes?: string[];
  /** More accounts, by address, with amounts in units of 10^-6 TAC; they replace the development accounts' where they are the same. */
  balances?: Readonly<Record<string, bigint>>;
  /** Parameters of the chain that differ from those of such a chain, by name. */
  parameters?: Readonly<Record<string, string>>;
}

/** A chain for one's own machine: its validators and its money belong to development accounts, whose keys anybody has. */
export function buildLocalSpec({
  validators,
  id,
  name,
  bootNodes = [],
  balances = {},
  parameters = {},
}: LocalWish): ChainSpecJson {
  if (validators !== 1 && validators !== 4 && validators !== 7 && validators !== 10) {
    throw new TacitError('chain-spec/bad-size', `${validators} validators; 1, 4, 7 or 10 are possible`);
  }
  // What is built is the caller's to change; the development keys stay everybody's.
  const crew = devNames.slice(0, validators).map((dev) => structuredClone(devValidator(`//${dev}`)));
  const money: Record<string, bigint> = {};
  for (const dev of devNames) {
    money[devValidator(`//${dev}`).account] = DEMO_ACCOUNTS.includes(dev) ? DEMO_BALANCE : DEV_BALANCE;
  }
  for (const [address, amount] of Object.entries(balances)) money[address] = amount;
  const single = validators === 1;
  const spec: ChainSpecJson = {
    name: name ?? (single ? 'Tacit Development' : `Tacit Local, ${validators} validators`),
    id: id ?? (single ? 'tacit-dev' : `tacit-local-${validators}`),
    chainType: single ? 'Development' : 'Local',
    properties: { tokenSymbol: 'TAC', tokenDecimals: 6, ss58Format: 42 },
    bootNodes,
    genesis: {
      balances: { accounts: Object.entries(money).map(([address, amount]) => [address, amount.toString()]) },
      session: { bond: (1_000n * TAC).toString(), validators: crew },
      parameters: { ...PERIODS[single ? 'dev' : 'local'], ...parameters },
      // One validator alone keeps no secret from itself: such a chain has no tally.
      ...(single ? {} : tallySections(validators)),
    },
  };
  parseChainSpec(spec);
  return spec;
}

function tallySections(validators: number): Pick<ChainSpecJson['genesis'], 'committee' | 'tally'> {
  const patience = PATIENCE[validators] ?? { step: 180, setup: 180 };
  return {
    committee: {
      paramsId: fheParamsFor(validators).id,
      setupBlocks: patience.setup,
      retryBlocks: 5,
      termRounds: 50,
      slash: (100n * TAC).toString(),
    },
    tally: { stepBlocks: patience.step, lateWindow: 10, leastK: 3, depositBase: TAC.toString(), depositPerByte: '1' },
  };
}
