// State machines and functions: edited, compared, started, called, stopped.
import { expect, until } from './check.mjs'
import { executionPage } from './pages.mjs'

export async function checkMachines({ check, open }, world, api) {
  await check('a definition is checked while it is typed, and saved', async () => {
    const page = await open(`/_pawl/machines/${world.hello}?view=definition`)
    const editor = page.locator('.cm-content')
    await editor.waitFor()
    await editor.fill('{"StartAt": "Gone", "States": {"A": {"Type": "Pass", "End": true}}}')
    await page.locator('.diagnostic').first().waitFor()
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled(), 'it may be saved')
    await editor.fill('{\n"StartAt": "A",\n"States": {"A": {"Type": "Pass", "Next": "B"}}\n}')
    await page.locator('.cm-line:nth-child(3) .cm-lintRange').first().waitFor()
    await editor.fill('{"StartAt": "New", "States": {"New": {"Type": "Pass", "End": true}}}')
    await page.locator('[aria-label^="New, Pass"]').waitFor()
    await page.locator('.diagnostic').first().waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Save' }).click()
    await until('it is saved', async () => {
      const now = await api.states('DescribeStateMachine', { stateMachineArn: world.hello })
      return now.definition.includes('"New"')
    })
    await page.close()
  })

  await check('start, and start again with the same input', async () => {
    const page = await open(`/_pawl/machines/${world.hello}`)
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByLabel('Input').fill('{"from": "the page"}')
    await page.locator('dialog').getByRole('button', { name: 'Start' }).click()
    await page.locator('.page-title .tone-good').waitFor()
    await page.getByRole('button', { name: 'Start again' }).click()
    expect(
      (await page.getByLabel('Input').first().inputValue()).includes('the page'),
      'other input',
    )
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

  await check('revisions are compared as a graph and as text', async () => {
    const page = await open(`/_pawl/machines/${world.revised}?view=revisions&left=version:1`)
    await page.locator('.g-added', { hasText: 'Check' }).waitFor()
    await page.locator('.g-added', { hasText: 'Look it up' }).waitFor()
    await page.locator('.g-removed', { hasText: 'Think' }).waitFor()
    await page.locator('.g-changed', { hasText: 'Ask' }).waitFor()
    await page.getByLabel('From', { exact: true }).selectOption('revision:INITIAL')
    await page.getByRole('tab', { name: 'Text' }).click()
    await page.locator('.diff-removed', { hasText: '"Think": {' }).waitFor()
    await page.locator('.diff-added', { hasText: '"Check": {' }).waitFor()
    await page.getByLabel('To', { exact: true }).selectOption('version:1')
    await page.getByText('They are alike').waitFor()
  })

  await check('an alias is made, and routes elsewhere', async () => {
    const page = await open(`/_pawl/machines/${world.revised}?view=versions`)
    await page.getByRole('button', { name: 'Change live' }).click()
    await page.getByLabel('Version', { exact: true }).selectOption(world.first)
    await page.getByLabel('Second version', { exact: true }).selectOption(world.second)
    await page.getByLabel('Share of version 1').fill('75')
    await page.getByRole('button', { name: 'Change it' }).click()
    await page.getByText('75 %').waitFor()
    const alias = await api.states('DescribeStateMachineAlias', {
      stateMachineAliasArn: `${world.revised}:live`,
    })
    const weights = alias.routingConfiguration.map((one) => one.weight)
    expect(String(weights) === '75,25', `it routes ${weights}`)
    await page.getByRole('button', { name: 'Create an alias' }).click()
    await page.getByLabel('Name').fill('next')
    await page.getByRole('button', { name: 'Create it' }).click()
    await page.getByRole('button', { name: 'Delete next' }).click()
    await page.getByRole('button', { name: 'Delete next' }).waitFor({ state: 'detached' })
  })

  await check('data of two states are compared', async () => {
    const page = await open(executionPage(world.good, '?state=Prepare'))
    await page.getByRole('tab', { name: 'Compare' }).click()
    await page.locator('.diff-removed').first().waitFor()
    const other = page.getByLabel('Of which state')
    const check = await other.locator('option', { hasText: 'Check order' }).getAttribute('value')
    await other.selectOption(check)
    await page.locator('.diff-text', { hasText: '"customer": "Grace"' }).first().waitFor()
  })

  await check('executions of all state machines are in one order', async () => {
    const page = await open('/_pawl/executions')
    await page.getByText('order-1043').waitFor()
    await page.locator('.live:not(.off)').waitFor()
    const read = () => page.locator('.table-row.opens .mono').allTextContents()
    const names = await read()
    const place = (name) => names.findIndex((one) => one.includes(name))
    expect(place('order-1044') < place('order-1043'), `order: ${names}`)
    expect(place('order-1043') < place('order-1042'), `order: ${names}`)
    expect(place('evil') >= 0 && place('evil') < place('order-1044'), `order: ${names}`)
  })
}
