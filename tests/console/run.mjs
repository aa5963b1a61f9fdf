// The console in a real browser: `node tests/console/run.mjs --pawl BINARY [--screenshots DIR]
// [--only PART] [--python PROGRAM]`. Every page, live updates, a failure found and explained, the
// keyboard alone, hostile data, accessibility, keys, pipelines and repositories, and, with a Python
// that has boto3, the machines of the articles while they run. `--screenshots docs/console` makes
// the documents' pictures. What it did stands in PAWL_COUNTS, as of every stage of the checks.
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkArticles } from './articles.mjs'
import { chromium, client, startServer } from './browser.mjs'
import { Checks, expect } from './check.mjs'
import { checkDelivery } from './delivery_checks.mjs'
import { checkExecutions } from './execution_checks.mjs'
import { checkMachines } from './machine_checks.mjs'
import { checkPages } from './pages.mjs'
import { makeWorld } from './world.mjs'

const options = Object.fromEntries(
  process.argv.slice(2).flatMap((word, at, all) => (at % 2 === 0 ? [[word, all[at + 1]]] : [])),
)
const pawl = options['--pawl'] ?? 'build/release/pawl'
const screenshots = options['--screenshots']

const server = await startServer(pawl)
const api = client(server.url)
const world = await makeWorld(api)
const browser = await chromium.launch({
  executablePath: process.env.PAWL_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
const checks = new Checks(browser, server.url, options['--only'])
const { check, open } = checks

await checkPages(checks, world, screenshots)
await checkExecutions(checks, world)
await checkMachines(checks, world, api)
await checkDelivery(checks, world, api)
await check('where keys are needed they are asked for, once', async () => {
  const file = join(server.data, 'keys')
  writeFileSync(file, 'AKIDEXAMPLE a-secret/with+signs\n')
  const guarded = await startServer(pawl, ['--credentials', file])
  try {
    const page = await open('/_pawl/')
    await page.goto(`${guarded.url}/_pawl/`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByLabel('Access key').fill('AKIDEXAMPLE')
    await page.getByLabel('Secret key').fill('a-secret/with+signs')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('No state machines yet').waitFor()
    await page.reload()
    await page.getByText('No state machines yet').waitFor()
    expect((await page.getByRole('heading', { name: 'Sign in' }).count()) === 0, 'asked again')
    await page.goto(`${guarded.url}/_pawl/buckets`)
    await page.getByText('No buckets yet').waitFor()
    await page.close()
  } finally {
    await guarded.stop()
  }
})

if (options['--python'])
  await checkArticles(checks, { pawl, python: options['--python'], screenshots })

await browser.close()
await server.stop()
if (process.env.PAWL_COUNTS) {
  appendFileSync(process.env.PAWL_COUNTS, `${checks.passed} ${checks.failures.length}\n`)
}
console.log(`console: ${checks.passed} checks passed, ${checks.failures.length} failed`)
process.exit(checks.failures.length === 0 ? 0 : 1)
