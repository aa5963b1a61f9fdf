// Executions: live, found and explained, with the keyboard alone, harmless whatever they carry.
import { expect, until } from './check.mjs'
import { executionPage } from './pages.mjs'
import { EVIL } from './world.mjs'

export async function checkExecutions({ check, open }, world) {
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
      '/_pawl/repositories/site?file=docs%2Fevil.md',
      '/_pawl/repositories/site?view=commits',
      '/_pawl/pipelines/publish?view=executions',
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
}
