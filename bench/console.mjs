// What the console's pages take, by the browser's own clock: `node bench/console.mjs PAWL RUNS`.
// From the begin of the navigation to what one came for being there; the least of three.
import { chromium, client, ROLE, startServer } from '../tests/console/browser.mjs'

const [pawl, runs = '10000'] = process.argv.slice(2)
const server = await startServer(pawl)
const api = client(server.url)

const create = async (name, definition) => {
  const input = { name, roleArn: ROLE, definition: JSON.stringify(definition) }
  return (await api.states('CreateStateMachine', input)).stateMachineArn
}

// 4 events a round: close to the 25,000 that a history may have.
const LOOP = {
  StartAt: 'Count',
  States: {
    Count: {
      Type: 'Pass',
      Parameters: { 'n.$': 'States.MathAdd($.n, 1)' },
      Next: 'Enough?',
    },
    'Enough?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericLessThan: 6245, Next: 'Count' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
}

const pass = await create('many', {
  StartAt: 'P',
  States: { P: { Type: 'Pass', End: true } },
})
let left = Number(runs)
await Promise.all(
  Array.from({ length: 32 }, async () => {
    while (left > 0) {
      left -= 1
      await api.states('StartExecution', { stateMachineArn: pass, input: '{}' })
    }
  }),
)
const long = (
  await api.states('StartExecution', {
    stateMachineArn: await create('long', LOOP),
    input: '{"n": 0}',
  })
).executionArn
let status = 'RUNNING'
while (status === 'RUNNING') {
  await new Promise((resolve) => setTimeout(resolve, 100))
  status = (await api.states('DescribeExecution', { executionArn: long })).status
}
if (status !== 'SUCCEEDED') throw new Error(`the long execution is ${status}`)

const browser = await chromium.launch({
  executablePath: process.env.PAWL_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})

// Milliseconds until `ready` is at least so large in the page; with nothing kept from before.
async function measure(path, ready, enough) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } })
  const page = await context.newPage()
  await page.goto(server.url + path, { waitUntil: 'commit' })
  await page.waitForFunction(ready, enough, { polling: 'raf', timeout: 30_000 })
  const took = await page.evaluate(() => performance.now())
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((one) => one.name.includes('/assets/'))
      .reduce((sum, one) => sum + one.encodedBodySize, 0),
  )
  await context.close()
  return { took, bytes }
}

const PLACES = {
  first_page: ['/_pawl/', (enough) => document.querySelectorAll('.count').length >= enough, 2],
  executions: [
    `/_pawl/machines/${pass}`,
    (enough) => document.querySelectorAll('.table-row.opens').length >= enough,
    10,
  ],
  long_run: [
    `/_pawl/executions/${long}`,
    (enough) =>
      document.querySelector('.g-taken') &&
      Number(document.querySelector('.tab-count')?.textContent) >= enough,
    24_900,
  ],
}

const line = { row: 'console', executions: Number(runs) }
for (const [name, [path, ready, enough]] of Object.entries(PLACES)) {
  const tries = []
  for (let count = 0; count < 3; count += 1) tries.push(await measure(path, ready, enough))
  line[`${name}_ms`] = Math.round(Math.min(...tries.map((one) => one.took)))
  line[`${name}_kb`] = Math.round(tries[0].bytes / 1000)
}
console.log(JSON.stringify(line))
await browser.close()
await server.stop()
