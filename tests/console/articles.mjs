// The two articles' machines while they run: the pipeline with its deploy machine, and the
// synchronisation of two buckets. Their pages are open before anything begins, and follow it.
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { client, ROOT, startServer } from './browser.mjs'
import { expect, until } from './check.mjs'
import { stillPicture } from './pages.mjs'
import { executionPage } from './pages.mjs'

class Sample {
  constructor(python, what, url) {
    const program = join(ROOT, 'tests', 'console', 'articles.py')
    this.child = spawn(python, [program, what, url], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }

  async hear(word) {
    const { value, done } = await this.lines.next()
    expect(!done, `the sample ended before it was ${word}`)
    const said = JSON.parse(value)
    expect(said.word === word, `it said ${value}`)
    return said
  }

  tell = () => this.child.stdin.write('\n')
  end = () => this.child.kill('SIGKILL')
}

// Pictures only where they are asked for: they want a moment that a test must not need.
async function picture(page, directory, name) {
  if (!directory) return
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, `${name}.png`), await stillPicture(page))
}

export async function checkArticles({ check, open }, { pawl, python, screenshots }) {
  const run = async (what, look) => {
    const server = await startServer(pawl)
    const sample = new Sample(python, what, server.url)
    try {
      const ready = await sample.hear('ready')
      const show = async (path) => {
        const page = await open('/_pawl/', { viewport: { width: 1360, height: 1080 } })
        await page.addInitScript(
          (region) => localStorage.setItem('pawl.region', region),
          ready.region,
        )
        await page.goto(server.url + path)
        return page
      }
      const api = client(server.url, ready.region)
      const newest = () =>
        until('an execution', async () => {
          const found = await api.states('ListExecutions', { stateMachineArn: ready.machine })
          return found.executions[0]?.executionArn
        })
      await look({ ready, sample, show, newest })
    } finally {
      sample.end()
      await server.stop()
    }
  }

  await check('the deploy machine of the article, live', () =>
    run('deploy', async ({ ready, sample, show, newest }) => {
      const pipeline = await show(`/_pawl/pipelines/${ready.pipeline}`)
      await pipeline.locator('.live:not(.off)').waitFor()
      sample.tell()
      const page = await show(executionPage(await newest()))
      await page.locator('[aria-label^="Create Stack, Task"]').waitFor()
      if (screenshots)
        await page.locator('[aria-label="Wait Stack Creation, Wait, Running"]').waitFor()
      await picture(page, screenshots, 'deploy-machine')
      await picture(pipeline, screenshots, 'deploy-pipeline')
      pipeline.setDefaultTimeout(180_000)
      page.setDefaultTimeout(180_000)
      await page.locator('.page-title .tone-good').waitFor()
      await sample.hear('done')
      const stage = pipeline.locator('[aria-label="Stage Prod"] .panel-head .tone-good')
      await stage.waitFor()
    }),
  )

  await check('the bucket synchronisation of the article, live', () =>
    run('sync', async ({ ready, sample, show, newest }) => {
      const list = await show(`/_pawl/machines/${ready.machine}`)
      await list.getByText('No executions yet').waitFor()
      sample.tell()
      const page = await show(executionPage(await newest()))
      await page.locator('[aria-label^="Copy Missing, Task"]').waitFor()
      if (screenshots)
        await page
          .locator('.g-count', { hasText: /×[4-9]/ })
          .first()
          .waitFor()
      await picture(page, screenshots, 'bucket-sync')
      page.setDefaultTimeout(180_000)
      list.setDefaultTimeout(180_000)
      await page.locator('.page-title .tone-good').waitFor()
      await page.locator('[aria-label="Done, Succeed, Succeeded"]').waitFor()
      await list.locator('.table-row .tone-good').waitFor()
      sample.tell()
      await sample.hear('done')
    }),
  )
}
