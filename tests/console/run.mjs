// The console in a real browser: `node tests/console/run.mjs --pawl BINARY [--screenshots DIR]`.
// Every page, live updates, a failure found and explained, the keyboard alone, hostile data,
// accessibility, keys. `--screenshots docs/console` makes the documents' pictures. What it did
// stands in PAWL_COUNTS, as of every stage of the checks.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AXE, chromium, client, startServer } from './browser.mjs'
import { EVIL, makeWorld } from './world.mjs'

const options = Object.fromEntries(
  process.argv.slice(2).flatMap((word, at, all) => (at % 2 === 0 ? [[word, all[at + 1]]] : [])),
)
const pawl = options['--pawl'] ?? 'build/release/pawl'
const axe = readFileSync(AXE, 'utf8')

let passed = 0
const failures = []

async function check(name, run) {
  const began = Date.now()
  try {
    await run()
    passed += 1
    console.log(`ok      ${name} (${Date.now() - began} ms)`)
  } catch (error) {
    failures.push(name)
    console.log(`FAILED  ${name}\n        ${String(error.stack ?? error).slice(0, 2000)}`)
  }
}

function expect(condition, words) {
  if (!condition) throw new Error(words)
}

const server = await startServer(pawl)
const api = client(server.url)
const world = await makeWorld(api)
const browser = await chromium.launch({
  executablePath: process.env.PAWL_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})

// What the page complains about: errors of scripts, and what the policy has refused.
async function open(path, more = {}) {
  const page = await browser.newPage({ viewport: { width: 1360, height: 860 }, ...more })
  page.setDefaultTimeout(10_000)
  page.complaints = []
  page.on('pageerror', (error) => page.complaints.push(error.message))
  page.on('console', (message) => {
    const refused = /Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())
    if (refused) page.complaints.push(message.text())
  })
  await page.goto(server.url + path)
  return page
}

const executionPage = (arn, query = '') => `/_pawl/executions/${arn}${query}`

// The serious findings of axe, which runs outside the page's policy.
async function seriousFindings(page) {
  await page.evaluate(axe)
  const found = await page.evaluate(() => globalThis.axe.run(document))
  return found.violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)
}

const PAGES = [
  { name: 'machines', path: '/_pawl/', text: 'orders', picture: true },
  { name: 'executions', path: '/_pawl/executions', text: 'order-1043' },
  { name: 'graph', path: executionPage(world.good), text: 'Pack each' },
  {
    name: 'execution',
    path: executionPage(world.failed, '?state=Prepare%230%2FReserve'),
    text: 'No stock: 250 wanted, 100 there',
    picture: true,
  },
  {
    name: 'timeline',
    path: executionPage(world.failed, '?view=timeline'),
    text: 'Prepare/Reserve',
  },
  { name: 'events', path: executionPage(world.good, '?view=events'), text: 'ParallelStateStarted' },
  { name: 'waiting', path: executionPage(world.waiting), text: 'waits until' },
  {
    name: 'definition',
    path: `/_pawl/machines/${world.orders}?view=definition`,
    text: 'Look up customer',
    picture: true,
  },
  { name: 'machine', path: `/_pawl/machines/${world.orders}`, text: 'order-1044' },
  { name: 'versions', path: `/_pawl/machines/${world.orders}?view=versions`, text: 'No versions' },
  { name: 'functions', path: '/_pawl/functions', text: 'reserve' },
  { name: 'function', path: '/_pawl/functions/reserve', text: 'nodejs20.x' },
  { name: 'function log', path: '/_pawl/functions/reserve?view=log', text: 'asked about' },
  { name: 'activities', path: '/_pawl/activities', text: 'approve' },
  { name: 'stacks', path: '/_pawl/stacks', text: 'demo' },
  { name: 'stack', path: '/_pawl/stacks/demo', text: 'AWS::Logs::LogGroup' },
  { name: 'buckets', path: '/_pawl/buckets', text: 'photos' },
  { name: 'bucket', path: '/_pawl/buckets/photos', text: 'readme.txt' },
  { name: 'object', path: '/_pawl/buckets/photos?key=readme.txt', text: 'Pictures.' },
  {
    name: 'compare',
    path: `/_pawl/compare?left=${world.failed}&right=${world.good}`,
    text: 'They part at step',
  },
  { name: 'nothing there', path: '/_pawl/executions/arn:aws:states:x', text: 'Invalid' },
]

for (const { name, path, text, picture } of PAGES) {
  await check(`page ${name}`, async () => {
    const page = await open(path)
    const shadow = page.getByText(text).first()
    await shadow.waitFor()
    if (picture && options['--screenshots']) {
      await page.waitForTimeout(600)
      mkdirSync(options['--screenshots'], { recursive: true })
      writeFileSync(join(options['--screenshots'], `${name}.png`), await page.screenshot())
    }
    const findings = await seriousFindings(page)
    expect(findings.length === 0, `axe: ${findings.join('\n')}`)
    expect(page.complaints.length === 0, page.complaints.join('\n'))
    await page.close()
  })
}

for (const theme of ['light', 'dark']) {
  await check(`360 px, ${theme}`, async () => {
    const viewport = { width: 360, height: 740 }
    for (const { path, text } of PAGES.slice(0, 4)) {
      const page = await open(path, { viewport, colorScheme: theme })
      await page.getByText(text).first().waitFor()
      const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      expect(!wider, `${path} is wider than the screen`)
      const findings = await seriousFindings(page)
      expect(findings.length === 0, `axe: ${findings.join('\n')}`)
      await page.close()
    }
  })
}

await check('a new execution comes into the list without a reload', async () => {
  const page = await open(`/_pawl/machines/${world.hello}`)
  await page.locator('.live:not(.off)').waitFor()
  await world.start(world.hello, 'late-comer', {})
  await page.getByText('late-comer').waitFor()
  await page.close()
})

await check('an execution goes on under the eyes of its page', async () => {
  const rest = await world.activity('rest')
  const slow = await world.create('slow', {
    StartAt: 'Rest',
    States: {
      Rest: { Type: 'Task', Resource: rest, Next: 'Rise' },
      Rise: { Type: 'Pass', End: true },
    },
  })
  const page = await open(executionPage(await world.start(slow, 'nap', {})))
  await page.locator('.page-title .tone-running').waitFor()
  await world.work(rest)
  await page.locator('.page-title .tone-good').waitFor()
  await page.locator('[aria-label="Rise, Pass, Succeeded"]').waitFor()
  await page.close()
})

await check('a failing run is found and explained within three clicks', async () => {
  const page = await open('/_pawl/')
  await page.locator('.count.tone-bad').first().click()
  await page.getByRole('link', { name: 'order-1042' }).click()
  await page.getByText('No stock: 250 wanted, 100 there').first().waitFor()
  await page.getByRole('button', { name: 'Prepare/Reserve' }).click()
  await page.getByRole('tab', { name: /Attempts/ }).waitFor()
  await page.close()
})

await check('the keyboard is enough', async () => {
  const page = await open('/_pawl/')
  await page.getByText('orders').first().waitFor()
  await page.keyboard.press('/')
  await page.getByRole('combobox').waitFor()
  await page.keyboard.type('orders')
  await page.getByRole('option', { name: /^orders/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'orders' }).waitFor()
  const rows = page.locator('.table-row.opens')
  await rows.first().waitFor()
  await rows.first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('tab', { name: 'Graph' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.locator('.timeline-row').first().waitFor()
  await page.locator('body').press('g')
  await page.keyboard.press('b')
  await page.getByRole('heading', { name: 'Buckets' }).waitFor()
  await page.goBack()
  await page.locator('.timeline-row').first().waitFor()
  await page.close()
})

await check('what a run carries stays text', async () => {
  const places = [
    executionPage(world.evil),
    executionPage(world.evil, '?view=events'),
    '/_pawl/buckets/photos?key=2026%2Fnotes.json',
    `/_pawl/executions?name=${encodeURIComponent(EVIL)}`,
  ]
  for (const path of places) {
    const page = await open(path)
    await page.locator('main h1').waitFor()
    await page.waitForTimeout(300)
    expect(!(await page.evaluate(() => globalThis.__evil)), `${path} ran it`)
    expect((await page.locator('main img').count()) === 0, `${path} made an element of it`)
    expect(page.complaints.length === 0, page.complaints.join('\n'))
    await page.close()
  }
})

await check('a definition is checked while it is typed, and saved', async () => {
  const page = await open(`/_pawl/machines/${world.hello}?view=definition`)
  const editor = page.locator('.cm-content')
  await editor.waitFor()
  await editor.fill('{"StartAt": "Gone", "States": {"A": {"Type": "Pass", "End": true}}}')
  await page.locator('.diagnostic').first().waitFor()
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled(), 'it may be saved')
  await editor.fill('{"StartAt": "New", "States": {"New": {"Type": "Pass", "End": true}}}')
  await page.locator('[aria-label^="New, Pass"]').waitFor()
  await page.locator('.diagnostic').first().waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'Save' }).isDisabled()
  for (let tries = 0; ; tries += 1) {
    const now = await api.states('DescribeStateMachine', { stateMachineArn: world.hello })
    if (now.definition.includes('"New"')) break
    expect(tries < 100, 'it was not saved')
    await page.waitForTimeout(50)
  }
  await page.close()
})

await check('start, and start again with the same input', async () => {
  const page = await open(`/_pawl/machines/${world.hello}`)
  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByLabel('Input').fill('{"from": "the page"}')
  await page.locator('dialog').getByRole('button', { name: 'Start' }).click()
  await page.locator('.page-title .tone-good').waitFor()
  await page.getByRole('button', { name: 'Start again' }).click()
  expect((await page.getByLabel('Input').first().inputValue()).includes('the page'), 'other input')
  await page.close()
})

await check('a function is called', async () => {
  const page = await open('/_pawl/functions/reserve')
  await page.getByRole('textbox').fill('{"amount": 7}')
  await page.getByRole('button', { name: 'Invoke' }).click()
  await page.getByText('reserved').waitFor()
  await page.getByText('REPORT RequestId').first().waitFor()
  await page.close()
})

await check('stop', async () => {
  const page = await open(executionPage(world.waiting))
  await page.getByRole('button', { name: 'Stop', exact: true }).click()
  await page.getByRole('button', { name: 'Stop it' }).click()
  await page.locator('.page-title').getByText('Aborted').waitFor()
  await page.close()
})

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

await browser.close()
await server.stop()
if (process.env.PAWL_COUNTS) {
  appendFileSync(process.env.PAWL_COUNTS, `${passed} ${failures.length}\n`)
}
console.log(`console: ${passed} checks passed, ${failures.length} failed`)
process.exit(failures.length === 0 ? 0 : 1)
