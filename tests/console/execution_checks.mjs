// Executions: live, found and explained, with the keyboard alone, harmless whatever they carry.
import { expect, settled, until } from './check.mjs'
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
    const called = '<img src=x onerror=window.__evil=1>'
    const bad = await world.create('bad', {
      StartAt: called,
      States: { [called]: { Type: 'Fail', Error: EVIL, Cause: EVIL } },
    })
    const failed = await world.start(bad, 'bad', { [EVIL]: EVIL })
    await world.ended(failed)
    const places = [
      [executionPage(world.evil), 'onerror'],
      [executionPage(world.evil, '?view=events'), 'onerror'],
      [executionPage(failed), 'Failed in'],
      [executionPage(failed, '?view=timeline'), called],
      [executionPage(failed, '?view=events'), 'onerror'],
      [`/_pawl/machines/${bad}?view=definition`, called],
      [`/_pawl/compare?left=${failed}&right=${world.evil}`, called],
      ['/_pawl/repositories/site?file=docs%2Fevil.md', 'onerror'],
      ['/_pawl/repositories/site?view=commits', 'onerror'],
      ['/_pawl/pipelines/publish?view=executions', 'Say '],
      ['/_pawl/buckets/photos?key=2026%2Fnotes.json', 'onerror'],
      [`/_pawl/executions?name=${encodeURIComponent(called)}`, 'No execution fits'],
    ]
    for (const [path, text] of places) {
      const page = await open(path)
      await page.locator('main', { hasText: text }).waitFor()
      await settled(page)
      expect(!(await page.evaluate(() => globalThis.__evil)), `${path} ran it`)
      expect((await page.locator('main img').count()) === 0, `${path} made an element of it`)
      expect(page.complaints.length === 0, page.complaints.join('\n'))
      await page.close()
    }
  })

  await check('the policy lets no script in, neither as text nor as markup', async () => {
    const page = await open('/_pawl/')
    await page.getByText('orders').first().waitFor()
    const refused = await page.evaluate(async () => {
      const tries = {
        markup: () => {
          document.body.innerHTML += '<img src=x onerror="window.__evil=1">'
        },
        script: () => {
          const script = document.createElement('script')
          script.textContent = 'window.__evil = 1'
          document.body.append(script)
        },
        handler: () => {
          const button = document.createElement('button')
          button.setAttribute('onclick', 'window.__evil = 1')
          document.body.append(button)
          button.click()
        },
      }
      const thrown = []
      for (const [name, run] of Object.entries(tries)) {
        try {
          run()
        } catch {
          thrown.push(name)
        }
      }
      const elsewhere = await fetch('http://127.0.0.1:9/').catch(() => 'refused')
      return { thrown, evil: globalThis.__evil, elsewhere }
    })
    expect(refused.evil === undefined, 'a script ran')
    expect(refused.elsewhere === 'refused', 'it may talk to others')
    expect(refused.thrown.includes('markup'), `only ${refused.thrown} were refused`)
    expect(page.complaints.length > 0, 'the policy said nothing')
    await page.close()
  })

  await check('iterations are counted, found and opened', async () => {
    const page = await open(executionPage(world.good, '?state=Pack%20each'))
    await page.getByRole('tab', { name: /^Iterations/ }).click()
    await page.getByRole('button', { name: 'Succeeded 2' }).click()
    await page.getByLabel('Go to the iteration').fill('1')
    await page.locator('.iterations .table-row.chosen').click()
    await page.getByRole('heading', { name: 'Pack each[1]/Pack' }).waitFor()
    await page.getByRole('button', { name: 'Visit before' }).click()
    await page.getByRole('heading', { name: 'Pack each[0]/Pack' }).waitFor()
    await page.close()
  })

  await check('how it stood after any event', async () => {
    const page = await open(executionPage(world.good))
    await page.locator('[aria-label="Done, Succeed, Succeeded"]').waitFor()
    await page.getByRole('slider').fill('4')
    await page.locator('[aria-label="Done, Succeed, not visited"]').waitFor()
    await page.locator('[aria-label="Large?, Choice, Running"]').waitFor()
    await page.getByRole('slider').fill('31')
    await page.locator('[aria-label="Done, Succeed, Succeeded"]').waitFor()
    await page.close()
  })

  await check('two runs part where their data do', async () => {
    const page = await open(`/_pawl/compare?left=${world.failed}`)
    await page.getByLabel('The other’s ARN').fill(world.good)
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.locator('.mark-divergence', { hasText: 'Check order' }).waitFor()
    await page.locator('.diff-added', { hasText: '"customer": "Grace"' }).waitFor()
    await page.close()
  })

  await check('executions are filtered by status, time, name and attribute', async () => {
    const page = await open(`/_pawl/machines/${world.orders}`)
    const rows = page.locator('.table-row.opens')
    const only = async (...names) => {
      const wanted = names.join()
      await until(`the list shows ${wanted}`, async () => {
        const shown = await rows.locator('a.mono').allTextContents()
        return shown.join() === wanted
      })
    }
    await only('order-1044', 'order-1043', 'order-1042')
    await page.getByRole('button', { name: 'Failed' }).click()
    await only('order-1042')
    await page.getByRole('button', { name: 'Failed' }).click()
    await page.getByLabel('Name begins with').fill('order-1043')
    await only('order-1043')
    await page.getByLabel('Name begins with').fill('')
    await page.getByLabel('Search attributes').fill('amount>=250')
    await only('order-1042', 'order-1044')
    await page.getByLabel('Search attributes').fill('')
    await page.getByLabel('Started', { exact: true }).selectOption('between')
    await page.getByLabel('Started before').fill('2020-01-01T00:00')
    await page.getByText('No execution fits').waitFor()
    await page.goBack()
    await page.close()
  })
}
