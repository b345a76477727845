import {
  DefaultReporter,
  type SerializedError,
  type TestModule,
  type TestResult,
  type TestRunEndReason,
} from 'vitest/node'
import type { UserConsoleLog } from 'vitest'

/** A test that cannot run says so in a line that begins with this. */
const skipped = /^SKIPPED: (.+)$/gm

/** The part of istanbul's coverage map that is shown. */
interface CoverageMap {
  getCoverageSummary(): Record<'statements' | 'branches', { readonly pct: number }>
}

/**
 * Tells the result of a run: what failed, how many tests passed, and at the end, in one list, what was skipped and why. A green run
 * prints nothing else. With coverage it ends with one line of that.
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
