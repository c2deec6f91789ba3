/** Seeds of generated tests: the same in every run, others by `TACIT_TEST_SEED`, more by `TACIT_HOSTILE_SEEDS`. */
const wanted = process.env.TACIT_TEST_SEED ?? '20260725';
const first = wanted === 'random' ? Date.now() : Number(wanted);

export const seeds: readonly number[] = Array.from(
  { length: Number(process.env.TACIT_HOSTILE_SEEDS ?? '1') },
  (_, i) => (first + i) >>> 0,
);
