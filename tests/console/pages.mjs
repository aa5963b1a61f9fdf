// Every page: it shows what it is for, axe finds nothing serious, its policy refuses nothing.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, seriousFindings } from './check.mjs'

export const executionPage = (arn, query = '') => `/_pawl/executions/${arn}${query}`

export const pagesOf = (world) => [
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
  { name: 'aliases', path: `/_pawl/machines/${world.revised}?view=versions`, text: '100 %' },
  {
    name: 'revisions',
    path: `/_pawl/machines/${world.revised}?view=revisions&left=version:1`,
    text: 'Look it up',
    picture: true,
  },
  {
    name: 'revisions as text',
    path: `/_pawl/machines/${world.revised}?view=revisions&as=text`,
    text: '"Check": {',
  },
  { name: 'functions', path: '/_pawl/functions', text: 'reserve' },
  { name: 'function', path: '/_pawl/functions/reserve', text: 'nodejs20.x' },
  { name: 'function code', path: '/_pawl/functions/reserve?view=code', text: 'No stock: ' },
  {
    name: 'function configuration',
    path: '/_pawl/functions/reserve?view=configuration',
    text: 'MemorySize',
  },
  { name: 'function log', path: '/_pawl/functions/reserve?view=log', text: 'asked about' },
  { name: 'activities', path: '/_pawl/activities', text: 'approve' },
  { name: 'stacks', path: '/_pawl/stacks', text: 'demo' },
  { name: 'stack', path: '/_pawl/stacks/demo', text: 'AWS::Logs::LogGroup' },
  { name: 'buckets', path: '/_pawl/buckets', text: 'photos' },
  { name: 'bucket', path: '/_pawl/buckets/photos', text: 'readme.txt' },
  { name: 'object', path: '/_pawl/buckets/photos?key=readme.txt', text: 'Pictures.' },
  { name: 'pipelines', path: '/_pawl/pipelines', text: 'publish' },
  {
    name: 'pipeline',
    path: '/_pawl/pipelines/publish',
    text: 'Approve',
    picture: true,
  },
  { name: 'failed pipeline', path: '/_pawl/pipelines/refused', text: 'Retry what failed' },
  {
    name: 'pipeline executions',
    path: '/_pawl/pipelines/publish?view=executions',
    text: 'Say two',
  },
  {
    name: 'declaration',
    path: '/_pawl/pipelines/publish?view=declaration',
    text: 'artifactStore',
  },
  { name: 'repositories', path: '/_pawl/repositories', text: 'What is published' },
  { name: 'repository', path: '/_pawl/repositories/site', text: 'index.html' },
  {
    name: 'file',
    path: '/_pawl/repositories/site?file=index.html',
    text: '<p>Two</p>',
  },
  {
    name: 'commits',
    path: '/_pawl/repositories/site?view=commits',
    text: 'Begin the site',
  },
  {
    name: 'commit',
    path: `/_pawl/repositories/site?commit=${world.delivery.last}`,
    text: '<p>One</p>',
    picture: true,
  },
  {
    name: 'compare',
    path: `/_pawl/compare?left=${world.failed}&right=${world.good}`,
    text: 'They part at step',
  },
  { name: 'new machine', path: '/_pawl/machines/new', text: 'Create a state machine' },
  { name: 'change sets', path: '/_pawl/stacks/demo?view=changes', text: 'is deleted' },
  { name: 'empty', path: '/_pawl/executions?status=TIMED_OUT', text: 'No execution fits' },
  { name: 'unknown address', path: '/_pawl/elsewhere', text: 'There is nothing at this address' },
  { name: 'nothing there', path: '/_pawl/executions/arn:aws:states:x', text: 'Invalid' },
]

const PICTURES_MAX = 10

// For documents: when two in a row are alike, or when what is shown never stands still.
export async function stillPicture(page) {
  let before = Buffer.alloc(0)
  for (let tries = 0; tries < PICTURES_MAX; tries += 1) {
    const picture = await page.screenshot({ animations: 'disabled' })
    if (picture.equals(before)) break
    before = picture
  }
  return before
}

// Those that are looked at on a telephone too.
const NARROW = [
  'machines',
  'executions',
  'execution',
  'timeline',
  'definition',
  'compare',
  'change sets',
  'revisions',
  'pipeline',
  'commit',
]

export async function checkPages({ check, open }, world, screenshots) {
  for (const { name, path, text, picture } of pagesOf(world)) {
    await check(`page ${name}`, async () => {
      const page = await open(path)
      await page.getByText(text).first().waitFor()
      if (picture && screenshots) {
        mkdirSync(screenshots, { recursive: true })
        writeFileSync(join(screenshots, `${name}.png`), await stillPicture(page))
      }
      const findings = await seriousFindings(page)
      expect(findings.length === 0, `axe: ${findings.join('\n')}`)
      await page.getByRole('button', { name: 'Change to dark colours' }).click()
      await page.locator(':root[data-theme="dark"]').waitFor()
      const dark = await seriousFindings(page, ['color-contrast'])
      expect(dark.length === 0, `axe in the dark: ${dark.join('\n')}`)
      expect(page.complaints.length === 0, page.complaints.join('\n'))
    })
  }
  const narrow = pagesOf(world).filter((one) => NARROW.includes(one.name))
  for (const theme of ['light', 'dark']) {
    await check(`360 px, ${theme}`, async () => {
      const viewport = { width: 360, height: 740 }
      for (const { path, text } of narrow) {
        const page = await open(path, { viewport, colorScheme: theme })
        await page.getByText(text).first().waitFor()
        const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
        expect(!wider, `${path} is wider than the screen`)
        const findings = await seriousFindings(page)
        expect(findings.length === 0, `axe of ${path}: ${findings.join('\n')}`)
        await page.close()
      }
    })
  }
}
