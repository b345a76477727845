import {
  DefaultReporter,
  type SerializedError,
  type TestModule,
  type TestResult,
  type TestRunEndReason,
} from 'vitest/node'
import type { UserConsoleLog } from 'vitest'

/** A test that cannot run prints a line that begins with `SKIPPED: `. */
const skipped = /^SKIPPED: (.+)$/gm

/** The part of istanbul's coverage map that the reporter uses. */
interface CoverageMap {
  getCoverageSummary(): Record<'statements' | 'branches', { readonly pct: number }>
}

/**
 * Reports failures, the number of tests, and, in one list at the end, what was skipped and why. A green run prints nothing else,
 * except for one line of coverage if it is measured.
 */
export class QuietReporter extends DefaultReporter {
  readonly #skipped = new Set<string>()

  protected override printTestModule(testModule: TestModule): void {
    if (testModule.state() === 'failed') super.printTestModule(testModule)
  }

  override onUserConsoleLog(log: UserConsoleLog, state?: TestResult['state']): void {
    for (const [, what = ''] of log.content.matchAll(skipped)) this.#skipped.add(what)
    if (state === 'failed') super.onUserConsoleLog(log, state)
  }

  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, errors, reason)
    if (this.#skipped.size === 0) return
    this.log('Skipped:')
    for (const what of [...this.#skipped].toSorted((one, other) => one.localeCompare(other)))
      this.log(`  ${what}`)
  }

  onCoverage(coverage: unknown): void {
    const { statements, branches } = (coverage as CoverageMap).getCoverageSummary()
    this.log(`Coverage of lib: ${statements.pct} % of statements, ${branches.pct} % of branches`)
  }
}
