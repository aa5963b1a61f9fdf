// What the console's pages take, by the browser's own clock: `node bench/console.mjs PAWL LOAD
// RUNS`, LOAD being the generator. From the begin of the navigation to what one came for being
// there; the least of three. Of what is scrolled the slowest frame but one in twenty, in the middle
// of three. What the lists behind the pages take is measured beside, from the call to its answer's
// end.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { chromium, client, ROLE, startServer } from '../tests/console/browser.mjs'

const [pawl, load, runs = '10000'] = process.argv.slice(2)
const server = await startServer(pawl, ['--history-events-max', '100000'])
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

// Two of them fail, long ago.
const ODD = [777, Math.round(Number(runs) / 4)]
const many = await create('many', {
  StartAt: 'Odd?',
  States: {
    'Odd?': {
      Type: 'Choice',
      Choices: ODD.map((n) => ({ Variable: '$.n', NumericEquals: n, Next: 'Refuse' })),
      Default: 'Fine',
    },
    Fine: { Type: 'Pass', End: true },
    Refuse: { Type: 'Fail', Error: 'Odd' },
  },
})
const attribute = { name: 'n', path: '$.n', source: 'input' }
await api.pawl('search/declare', { stateMachineArn: many, attributes: [attribute] })
// Each item is 5 events inline: more than AWS's history holds.
const MAP = (mode) => ({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: mode,
        StartAt: 'One',
        States: { One: { Type: 'Pass', End: true } },
      },
      End: true,
    },
  },
})
const items = JSON.stringify(Array.from({ length: 10_000 }, (_, index) => index))

async function run(name, definition, input) {
  const stateMachineArn = await create(name, definition)
  const { executionArn } = await api.states('StartExecution', { stateMachineArn, input })
  let status = 'RUNNING'
  while (status === 'RUNNING') {
    await new Promise((resolve) => setTimeout(resolve, 100))
    status = (await api.states('DescribeExecution', { executionArn })).status
  }
  if (status !== 'SUCCEEDED') throw new Error(`${name} is ${status}`)
  return executionArn
}

const port = new URL(server.url).port
const options = ['--port', port, '--machine', many, '--mode', 'start', '--in-flight', '64']
await promisify(execFile)(load, [...options, '--seconds', '600', '--runs', runs, '--names', 'run-'])
const long = await run('long', LOOP, '{"n": 0}')
const inline = await run('inline', MAP({ Mode: 'INLINE' }), items)
const spread = await run('spread', MAP({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }), items)
const [{ mapRunArn }] = (await api.states('ListMapRuns', { executionArn: spread })).mapRuns

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

// How long frames take while a list of many rows is scrolled from its top to its end.
async function scroll(path, selector, rows) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } })
  const page = await context.newPage()
  await page.goto(server.url + path)
  await page.locator(rows).first().waitFor()
  const frames = await page.evaluate(async (wanted) => {
    const list = document.querySelector(wanted)
    const took = []
    let before = performance.now()
    for (let step = 0; step < 120; step += 1) {
      list.scrollTop = ((list.scrollHeight - list.clientHeight) * step) / 119
      await new Promise(requestAnimationFrame)
      took.push(performance.now() - before)
      before = performance.now()
    }
    return took.sort((a, b) => a - b)
  }, selector)
  await context.close()
  return frames[Math.floor(frames.length * 0.95)]
}

const PLACES = {
  first_page: ['/_pawl/', (enough) => document.querySelectorAll('.count').length >= enough, 2],
  executions: [
    `/_pawl/machines/${many}`,
    (enough) => document.querySelectorAll('.table-row.opens').length >= enough,
    10,
  ],
  all_executions: [
    '/_pawl/executions',
    (enough) => document.querySelectorAll('.table-row.opens').length >= enough,
    10,
  ],
  failed_of_all: [
    `/_pawl/machines/${many}?status=FAILED`,
    (enough) => document.querySelectorAll('.table-row.opens').length >= enough,
    2,
  ],
  by_name: [
    `/_pawl/machines/${many}?name=run-77`,
    (enough) => document.querySelectorAll('.table-row.opens').length >= enough,
    10,
  ],
  by_attribute: [
    `/_pawl/machines/${many}?where=n%3D777`,
    (enough) => document.querySelectorAll('.table-row.opens').length >= enough,
    1,
  ],
  counts_of_all: [
    '/_pawl/',
    (enough) =>
      [...document.querySelectorAll('.count.tone-good')].some(
        (one) => Number.parseInt(one.textContent.replaceAll(/[^0-9]/g, ''), 10) >= enough,
      ),
    Number(runs) - ODD.length,
  ],
  map_run: [
    `/_pawl/map-runs/${encodeURIComponent(mapRunArn)}`,
    (enough) => document.querySelectorAll('.table-row.opens').length >= enough,
    10,
  ],
  inline_map: [
    `/_pawl/executions/${inline}`,
    (enough) =>
      document.querySelector('.g-taken') &&
      Number(document.querySelector('.tab-count')?.textContent.replaceAll(',', '')) >= enough,
    40_000,
  ],
  long_run: [
    `/_pawl/executions/${long}`,
    (enough) =>
      document.querySelector('.g-taken') &&
      Number(document.querySelector('.tab-count')?.textContent.replaceAll(',', '')) >= enough,
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
// How long a list takes from its first page on, as many as there are or as given.
async function pagesOf(operation, input, most = Number.POSITIVE_INFINITY) {
  let nextToken
  let took = 0
  for (let page = 0; page < most && (page === 0 || nextToken); page += 1) {
    const began = performance.now()
    const answer = await api.pawl(operation, { stateMachineArn: many, ...input, nextToken })
    nextToken = answer.nextToken
    took += performance.now() - began
  }
  return took
}
const CALLS = {
  page: ['list', { limit: 200 }, 1],
  pages_50: ['list', { limit: 200 }, 50],
  all_failed: ['list', { statuses: ['FAILED'] }],
  by_name: ['list', { namePrefix: 'run-777' }],
  by_attribute: ['list', { where: ['n=777'] }],
  by_time: ['list', { startedFrom: Date.now() / 1000 - 60 }, 1],
  count_all: ['count', {}],
}
for (const [name, call] of Object.entries(CALLS)) {
  const tries = []
  for (let count = 0; count < 3; count += 1) tries.push(await pagesOf(...call))
  line[`call_${name}_ms`] = Math.round(Math.min(...tries) * 10) / 10
}
const LISTS = {
  timeline: [`/_pawl/executions/${inline}?view=timeline`, '.timeline', '.timeline-row'],
  events: [
    `/_pawl/executions/${inline}?view=events`,
    '.event-view .table-scroll',
    '.table-row.opens',
  ],
  children: [
    `/_pawl/map-runs/${encodeURIComponent(mapRunArn)}`,
    '.table-scroll',
    '.table-row.opens',
  ],
}
for (const [name, [path, selector, rows]] of Object.entries(LISTS)) {
  const tries = []
  for (let count = 0; count < 3; count += 1) tries.push(await scroll(path, selector, rows))
  line[`scroll_${name}_frame_ms`] = Math.round(tries.sort((a, b) => a - b)[1])
}
// The slider over all events, back and forth.
async function scrub(path) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 } })
  const page = await context.newPage()
  await page.goto(server.url + path)
  await page.locator('.g-taken').first().waitFor({ state: 'attached' })
  await page.locator('.panel-head .live:not(.off)', { hasText: 'live' }).waitFor()
  const frames = await page.evaluate(async () => {
    const slider = document.querySelector('.scrubber input')
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')
    const took = []
    let before = performance.now()
    for (let step = 0; step < 120; step += 1) {
      const share = Math.abs(60 - step) / 60
      set.call(slider, String(Math.round(1 + (Number(slider.max) - 1) * share)))
      slider.dispatchEvent(new Event('input', { bubbles: true }))
      await new Promise(requestAnimationFrame)
      took.push(performance.now() - before)
      before = performance.now()
    }
    return took.sort((a, b) => a - b)
  })
  await context.close()
  return frames[Math.floor(frames.length * 0.95)]
}
for (const [name, arn] of Object.entries({ long, inline })) {
  const tries = []
  for (let count = 0; count < 3; count += 1) tries.push(await scrub(`/_pawl/executions/${arn}`))
  line[`scrub_${name}_frame_ms`] = Math.round(tries.sort((a, b) => a - b)[1])
}
console.log(JSON.stringify(line))
await browser.close()
await server.stop()
