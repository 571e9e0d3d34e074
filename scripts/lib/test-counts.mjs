// What a test run amounts to, from vitest's JSON report and exit code.

/**
 * A file that failed without a failed test (it did not load, or its set-up failed) counts as one failure, and so
 * does a run that failed for a reason outside all tests.
 */
export function countResults(report, exitCode) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const file of report.testResults) {
    const statuses = file.assertionResults.map(({ status }) => status);
    const failed = statuses.filter((status) => status === 'failed').length;
    const passed = statuses.filter((status) => status === 'passed').length;
    counts.passed += passed;
    counts.failed += file.status === 'failed' ? Math.max(1, failed) : failed;
    counts.skipped += statuses.length - passed - failed;
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/** Nothing executed is not a success either. */
export function isSuccess(counts, skipsFail) {
  return counts.failed === 0 && counts.passed > 0 && !(skipsFail && counts.skipped > 0);
}

export function renderCounts({ passed, failed, skipped }) {
  const skips = skipped === 0 ? '' : `, ${skipped} skipped`;
  return `${passed} passed, ${failed} failed${skips}`;
}

/** With the titles of the groups around each test: a group that misses something says so in its title. */
export function skippedTitles(report) {
  return report.testResults
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => status !== 'failed' && status !== 'passed')
    .map(({ ancestorTitles = [], title }) => [...ancestorTitles, title].join(' > '));
}
