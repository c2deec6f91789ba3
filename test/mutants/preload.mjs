// Loaded before the tests of a mutant, in every thread: gives the changed text of the one file that TACIT_MUTANT names.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import process from 'node:process';

const at = process.env.TACIT_MUTANT;
if (at !== undefined) {
  const { url, source } = JSON.parse(readFileSync(at, 'utf8'));
  registerHooks({
    load(wanted, context, next) {
      const loaded = next(wanted, context);
      return wanted === url ? { ...loaded, source } : loaded;
    },
  });
}
