// Mocha's spec reporter, which also writes the counts to the file named by TACIT_TEST_COUNTS, so that test/run.mjs can add them up.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class CountingReporter extends Mocha.reporters.Spec {
  done(failures, finish) {
    const file = process.env.TACIT_TEST_COUNTS;
    if (file) {
      const { passes, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: this.stats.failures, pending }));
    }
    finish?.(failures);
  }
};
