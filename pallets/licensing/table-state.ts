/** The table in the state. Only the chain itself replaces it. */
import { type Context, ensure } from '../support/index.ts';
import { defaultTable, type Table, tableHash, validateTable } from './gate/index.ts';
import { type Licensing, state } from './state.ts';

export const tableOf = (ctx: Context): Table => state.use(ctx).store.table.get() ?? defaultTable;

function put({ store }: Licensing, table: Table): Uint8Array {
  const hash = tableHash(table);
  store.table.put(table);
  store.tableHash.put(hash);
  return hash;
}

export function seedTable(licensing: Licensing): undefined {
  put(licensing, defaultTable);
}

/** What was decided stays decided: links of works that exist are not asked again. */
export function setTable(licensing: Licensing, table: Table): undefined {
  ensure(validateTable(table), licensing.errors.BadTable);
  licensing.events.TableSet({ hash: put(licensing, table) });
}
