import { TacitError } from '../primitives/errors.ts';
import { fheParamsFor } from '../primitives/fhe/params.ts';
import { devNames, devValidator } from './dev.ts';
import { type ChainSpecJson, parseChainSpec } from './schema.ts';

const TAC = 1_000_000n;

export interface LocalWish {
  /** How many of the development accounts validate: 1, or 4, 7 or 10, which form a committee of the tally. */
  validators: number;
  /** Id and name of the chain, if not the usual ones. */
  id?: string;
  name?: string;
  bootNodes?: string[];
  /** More accounts, by address, with amounts in units of 10^-6 TAC; they replace the development accounts' where they are the same. */
  balances?: Readonly<Record<string, bigint>>;
}

/** A chain for one's own machine: its validators and its money belong to development accounts, whose keys anybody has. */
export function buildLocalSpec({ validators, id, name, bootNodes = [], balances = {} }: LocalWish): ChainSpecJson {
  if (validators !== 1 && validators !== 4 && validators !== 7 && validators !== 10) {
    throw new TacitError('chain-spec/bad-size', `${validators} validators; 1, 4, 7 or 10 are possible`);
  }
  const crew = devNames.slice(0, validators).map((dev) => devValidator(`//${dev}`));
  const money: Record<string, bigint> = {};
  for (const dev of devNames) money[devValidator(`//${dev}`).account] = 1_000_000n * TAC;
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
      // One validator alone keeps no secret from itself: such a chain has no tally.
      ...(single ? {} : tallySections(validators)),
    },
  };
  parseChainSpec(spec);
  return spec;
}

function tallySections(validators: number): Pick<ChainSpecJson['genesis'], 'committee' | 'tally'> {
  return {
    committee: {
      paramsId: fheParamsFor(validators).id,
      setupBlocks: 30,
      retryBlocks: 5,
      termRounds: 50,
      slash: (100n * TAC).toString(),
    },
    tally: { stepBlocks: 15, lateWindow: 10, leastK: 3, depositBase: TAC.toString(), depositPerByte: '1' },
  };
}
