// Mocha's spec reporter, which also writes counts and what each file took to the file named by TACIT_TEST_COUNTS, so that test/run.mjs can add them up.
const { writeFileSync } = require('node:fs');
const { relative } = require('node:path');
const process = require('node:process');
const Mocha = require('mocha');

/** Milliseconds that the tests and hooks of each file took: of the clock, and of this process's threads. What a file loads and starts besides is not counted. */
class Meter {
  files = {};
  #at = performance.now();
  #used = process.cpuUsage();

  take(file) {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#used);
    if (file !== undefined) {
      const found = (this.files[relative(process.cwd(), file)] ??= { ms: 0, cpuMs: 0 });
      found.ms += now - this.#at;
      found.cpuMs += (user + system) / 1000;
    }
    [this.#at, this.#used] = [now, process.cpuUsage()];
  }
}

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.meter = new Meter();
    runner.once('start', () => this.meter.take());
    for (const event of ['hook end', 'test end', 'suite end']) runner.on(event, ({ file }) => this.meter.take(file));
  }

  done(failures, finish) {
    const file = process.env.TACIT_TEST_COUNTS;
    if (file) {
      const { passes, pending } = this.stats;
      const counts = { passed: passes, failed: this.stats.failures, pending, files: this.meter.files };
      writeFileSync(file, JSON.stringify(counts));
    }
    finish?.(failures);
  }
};
