// One check after the other, pages that write down what they complain about, and what axe finds.
import { readFileSync } from 'node:fs'
import { AXE } from './browser.mjs'

const axe = readFileSync(AXE, 'utf8')

export function expect(condition, words) {
  if (!condition) throw new Error(words)
}

export class Checks {
  passed = 0
  failures = []

  // `only`: a part of the name; what does not have it is left out.
  constructor(browser, url, only) {
    this.browser = browser
    this.url = url
    this.only = only
  }

  check = async (name, run) => {
    if (this.only && !name.includes(this.only)) return
    const began = Date.now()
    try {
      await run()
      this.passed += 1
      console.log(`ok      ${name} (${Date.now() - began} ms)`)
    } catch (error) {
      this.failures.push(name)
      console.log(`FAILED  ${name}\n        ${String(error.stack ?? error).slice(0, 2000)}`)
    }
    for (const context of this.browser.contexts()) await context.close().catch(() => undefined)
  }

  // The page notes errors of scripts, and what its policy has refused.
  open = async (path, more = {}) => {
    const page = await this.browser.newPage({ viewport: { width: 1360, height: 860 }, ...more })
    page.setDefaultTimeout(15_000)
    page.complaints = []
    page.on('pageerror', (error) => page.complaints.push(error.message))
    page.on('console', (message) => {
      const refused = /Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())
      if (refused) page.complaints.push(message.text())
    })
    await page.goto(this.url + path)
    return page
  }
}

// Colours and places as they stay.
export const settled = (page) =>
  page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime ?? 0))
    await Promise.allSettled(ending.map((one) => one.finished))
  })

// The serious findings of axe, which runs outside the page's policy; of all rules or of some.
export async function seriousFindings(page, rules = undefined) {
  await settled(page)
  await page.evaluate(axe)
  const options = rules ? { runOnly: rules } : {}
  const found = await page.evaluate((wanted) => globalThis.axe.run(document, wanted), options)
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

// Asks until it is so, for a generous while.
export async function until(words, ask, seconds = 30) {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer) return answer
    expect(Date.now() < end, `not within ${seconds} seconds: ${words}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
