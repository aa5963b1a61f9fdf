// Pipelines, repositories, stacks and Map Runs: followed live, and told what to do.
import { expect, until } from './check.mjs'

export async function checkDelivery({ check, open }, world, api) {
  const { delivery } = world

  await check('a person approves, and the pipeline goes on to the run that it starts', async () => {
    const page = await open('/_pawl/pipelines/publish')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByLabel('Comment').fill('Looks good')
    await page.getByRole('button', { name: 'Approve it' }).click()
    const announce = page.locator('[aria-label="Action Announce"]')
    await announce.locator('.tone-good').waitFor()
    await page.locator('[aria-label="Stage Publish"] .panel-head .tone-good').waitFor()
    await announce.getByRole('link', { name: /^Run / }).click()
    await page.locator('[aria-label="Announce, Pass, Succeeded"]').waitFor()
    await page.goto(page.url().replace(/executions.*/, 'buckets/published?key=index.html'))
    await page.getByText('<h1>Hello</h1>').waitFor()
  })

  await check('what an execution read, wrote and said', async () => {
    const page = await open('/_pawl/pipelines/publish?view=executions')
    await page.locator('.table-row.opens').first().focus()
    await page.keyboard.press('Enter')
    const fetch = page.locator('[aria-label="Source/Fetch"]')
    await fetch.getByText('Say two').waitFor()
    await fetch.getByRole('link', { name: 'Site', exact: true }).click()
    await page.getByText('docs/evil.md').first().waitFor()
  })

  await check('a failed stage is explained and tried again', async () => {
    const page = await open('/_pawl/pipelines/refused')
    await page.locator('[aria-label="Action Release"]').getByText('It is Friday').waitFor()
    const tries = async () => {
      const list = await delivery.run('ListActionExecutions', { pipelineName: 'refused' })
      return list.actionExecutionDetails.filter((one) => one.actionName === 'Release').length
    }
    const before = await tries()
    await page.getByRole('button', { name: 'Retry what failed' }).click()
    await until('another try', async () => (await tries()) > before)
  })

  await check('the way into a stage is held back, and opened', async () => {
    const page = await open('/_pawl/pipelines/publish')
    await page.getByRole('button', { name: 'Hold back the way into Publish' }).click()
    await page.getByLabel('Reason').fill('Not on Fridays')
    await page.getByRole('button', { name: 'Hold back', exact: true }).click()
    await page.getByText('Not on Fridays').waitFor()
    const state = await delivery.stage('publish', 'Publish')
    expect(state.inboundTransitionState.enabled === false, 'it is open')
    await page.getByRole('button', { name: 'Open the way into Publish' }).click()
    await page.getByText('Not on Fridays').waitFor({ state: 'detached' })
  })

  await check('a push, a start and a stop are seen without a reload', async () => {
    const page = await open('/_pawl/pipelines/publish?view=executions')
    await page.locator('.live:not(.off)').waitFor()
    await delivery.commit('index.html', '<p>Three</p>\n', 'Say three')
    await page.getByText('Say three').first().waitFor()
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByRole('button', { name: 'Start it' }).click()
    await page.getByText('StartPipelineExecution').first().waitFor()
    await page.getByRole('tab', { name: 'Stages' }).click()
    const review = page.locator('[aria-label="Stage Review"]')
    await review.getByRole('button', { name: 'Abandon' }).click()
    await page.getByRole('button', { name: 'Abandon it' }).click()
    await page.getByRole('tab', { name: 'Executions' }).click()
    await page.locator('.table-row .tone-quiet').first().waitFor()
  })

  await check('a repository by the keyboard: folders, commits, what one has changed', async () => {
    const page = await open('/_pawl/')
    await page.getByText('orders').first().waitFor()
    await page.locator('body').press('g')
    await page.keyboard.press('r')
    await page.getByRole('heading', { name: 'Repositories' }).waitFor()
    await page.locator('.table-row.opens').first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'docs' }).click()
    await page.getByRole('link', { name: 'evil.md' }).waitFor()
    await page.getByRole('tab', { name: 'Files' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.getByText('Say two').click()
    await page.locator('.diff-added', { hasText: 'Two' }).waitFor()
    await page.locator('.diff-removed', { hasText: 'One' }).waitFor()
  })

  await check('a stack comes, and its events, without a reload', async () => {
    const form = (Action, StackName, group) =>
      api.form('cloudformation', {
        Action,
        Version: '2010-05-15',
        StackName,
        TemplateBody: JSON.stringify({
          Resources: {
            Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: group } },
          },
        }),
      })
    const page = await open('/_pawl/stacks')
    await page.locator('.live:not(.off)').waitFor()
    await form('CreateStack', 'late', '/late/one')
    await page.getByRole('link', { name: 'late' }).click()
    await page.locator('.page-title .tone-good').waitFor()
    await page.locator('.live:not(.off)').waitFor()
    await form('UpdateStack', 'late', '/late/two')
    await page.getByText('/late/two').waitFor()
  })

  await check('a Map Run counts while one looks', async () => {
    const turn = await world.activity('turn')
    const machine = await world.create('spread', {
      StartAt: 'Spread',
      States: {
        Spread: {
          Type: 'Map',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Turn',
            States: { Turn: { Type: 'Task', Resource: turn, End: true } },
          },
          End: true,
        },
      },
    })
    const executionArn = await world.start(machine, 'spread-1', [1, 2, 3])
    const mapRun = await until('the Map Run', async () => {
      const found = await api.states('ListMapRuns', { executionArn })
      return found.mapRuns[0]?.mapRunArn
    })
    const page = await open(`/_pawl/map-runs/${encodeURIComponent(mapRun)}`)
    await page.locator('.live:not(.off)').first().waitFor()
    for (const done of [1, 2, 3]) {
      await world.work(turn)
      await page.locator(`.progress[aria-label^="Succeeded ${done},"]`).waitFor()
    }
    await page.locator('.page-title .tone-good').waitFor()
  })

  await check('of a long list only what is in sight is read and drawn', async () => {
    const machine = await world.create('many', {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map',
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Pass',
            States: { Pass: { Type: 'Pass', End: true } },
          },
          End: true,
        },
      },
    })
    const items = Array.from({ length: 450 }, (_, number) => number)
    const executionArn = await world.start(machine, 'many-1', items)
    const mapRun = await until('all children', async () => {
      const { status } = await api.states('DescribeExecution', { executionArn })
      const { mapRuns } = await api.states('ListMapRuns', { executionArn })
      return status === 'SUCCEEDED' && mapRuns[0]
    })
    const page = await open(`/_pawl/map-runs/${encodeURIComponent(mapRun.mapRunArn)}`)
    await page.getByText('200 and more; go on scrolling').waitFor()
    const drawn = await page.locator('.table-row.opens').count()
    expect(drawn > 5 && drawn < 100, `${drawn} rows are drawn`)
    const list = page.locator('.table-scroll')
    for (const shown of ['400 and more; go on scrolling', '450 executions']) {
      await list.evaluate((one) => one.scrollTo(0, one.scrollHeight))
      await page.getByText(shown).waitFor()
    }
  })
}
