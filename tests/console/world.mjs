// What the tests look at: machines, executions of every kind, a function, a stack, a bucket.
import { crc32, deflateRawSync } from 'node:zlib'
import { ROLE } from './browser.mjs'
import { until } from './check.mjs'
import { makeDelivery } from './delivery.mjs'

// A ZIP file with one file in it (APPNOTE.TXT 4.3).
function zipOf(name, text) {
  const bytes = Buffer.from(text)
  const data = deflateRawSync(bytes)
  const common = Buffer.alloc(26)
  common.writeUInt16LE(20, 0)
  common.writeUInt16LE(8, 4)
  common.writeUInt32LE(crc32 ? crc32(bytes) : crcOf(bytes), 10)
  common.writeUInt32LE(data.length, 14)
  common.writeUInt32LE(bytes.length, 18)
  common.writeUInt16LE(name.length, 22)
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data])
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02'),
    Buffer.from([20, 0]),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ])
  central.writeUInt32LE(0o100644 * 65536, 38)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

function crcOf(bytes) {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

const CODE = `exports.handler = async (event) => {
  console.log('asked about', JSON.stringify(event))
  if (event.amount > 100) throw new RangeError('No stock: ' + event.amount + ' wanted, 100 there')
  return { reserved: event.amount }
}
`

export const EVIL =
  '<img src=x onerror="window.__evil=1"><script>window.__evil=1</script>' +
  '"><svg onload=window.__evil=1>{{7*7}}'

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:reserve'

export const ORDERS = {
  Comment: 'Reserves what was ordered, in parallel with a look at the customer.',
  StartAt: 'Check order',
  States: {
    'Check order': { Type: 'Pass', Next: 'Large?' },
    'Large?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.amount', NumericGreaterThan: 1000, Next: 'Ask a person' }],
      Default: 'Prepare',
    },
    'Ask a person': { Type: 'Wait', Seconds: 3600, Next: 'Prepare' },
    Prepare: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Reserve',
          States: {
            Reserve: {
              Type: 'Task',
              Resource: FUNCTION,
              Retry: [{ ErrorEquals: ['RangeError'], IntervalSeconds: 1, MaxAttempts: 1 }],
              End: true,
            },
          },
        },
        {
          StartAt: 'Look up customer',
          States: { 'Look up customer': { Type: 'Pass', End: true } },
        },
      ],
      Catch: [{ ErrorEquals: ['Customer.Blocked'], ResultPath: '$.problem', Next: 'Refuse' }],
      Next: 'Pack each',
    },
    'Pack each': {
      Type: 'Map',
      ItemsPath: '$',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Pack',
        States: { Pack: { Type: 'Pass', End: true } },
      },
      Next: 'Done',
    },
    Refuse: { Type: 'Fail', Error: 'Order.Refused' },
    Done: { Type: 'Succeed' },
  },
}

const STACK = {
  Resources: {
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/demo/group' } },
  },
  Outputs: { Group: { Value: { Ref: 'Group' } } },
}

// Deletes the group, which is lost in the change set.
const NEXT = { Resources: { Other: { Type: 'AWS::Logs::LogGroup' } } }

const pass = (name) => ({ StartAt: name, States: { [name]: { Type: 'Pass', End: true } } })

// A machine with three revisions, two versions and an alias.
async function makeVersions(api, create) {
  const chain = (...names) => ({
    StartAt: names[0],
    States: Object.fromEntries(
      names.map((name, at) => [
        name,
        names[at + 1] ? { Type: 'Pass', Next: names[at + 1] } : { Type: 'Pass', End: true },
      ]),
    ),
  })
  const revised = await create('revised', chain('Ask', 'Think', 'Answer'))
  const publish = async () =>
    (await api.states('PublishStateMachineVersion', { stateMachineArn: revised }))
      .stateMachineVersionArn
  const update = (definition) =>
    api.states('UpdateStateMachine', {
      stateMachineArn: revised,
      definition: JSON.stringify(definition),
    })
  const first = await publish()
  await update(chain('Ask', 'Look it up', 'Answer'))
  const second = await publish()
  await update(chain('Ask', 'Look it up', 'Check', 'Answer'))
  await api.states('CreateStateMachineAlias', {
    name: 'live',
    routingConfiguration: [{ stateMachineVersionArn: first, weight: 100 }],
  })
  return { revised, first, second }
}

export async function makeWorld(api) {
  const create = async (name, definition, more = {}) =>
    (
      await api.states('CreateStateMachine', {
        name,
        roleArn: ROLE,
        definition: JSON.stringify(definition),
        ...more,
      })
    ).stateMachineArn
  const start = async (stateMachineArn, name, input) =>
    (await api.states('StartExecution', { stateMachineArn, name, input: JSON.stringify(input) }))
      .executionArn
  const ended = async (executionArn) => {
    const status = async () =>
      (await api.states('DescribeExecution', { executionArn })).status
    return until(`${executionArn} ends`, async () => {
      const now = await status()
      return now !== 'RUNNING' && now
    })
  }
  const activity = async (name) => (await api.states('CreateActivity', { name })).activityArn
  // Does the activity's next task.
  const work = async (activityArn) => {
    const { taskToken } = await api.states('GetActivityTask', { activityArn })
    await api.states('SendTaskSuccess', { taskToken, output: '{}' })
  }
  await api.lambda('functions', {
    FunctionName: 'reserve',
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: ROLE,
    Environment: { Variables: { STAGE: 'test' } },
    Code: { ZipFile: zipOf('index.js', CODE).toString('base64') },
  })
  const orders = await create('orders', ORDERS)
  const hello = await create('hello', pass('Hello'))
  await create('fast', pass('Fast'), { type: 'EXPRESS' })
  await activity('approve')
  await api.pawl('search/declare', {
    stateMachineArn: orders,
    attributes: [{ name: 'amount', path: '$.amount', source: 'input' }],
  })
  const failed = await start(orders, 'order-1042', { amount: 250, customer: 'Ada' })
  const good = await start(orders, 'order-1043', { amount: 3, customer: 'Grace' })
  const waiting = await start(orders, 'order-1044', { amount: 5000, customer: 'Alan' })
  const evil = await start(hello, 'evil', { [EVIL]: EVIL, list: [EVIL] })
  for (const arn of [failed, good, evil]) await ended(arn)
  await api.put('/photos', '')
  await api.put('/photos/2026/notes.json', JSON.stringify({ title: EVIL }), {
    'content-type': 'application/json',
  })
  await api.put('/photos/readme.txt', 'Pictures.', { 'content-type': 'text/plain' })
  await api.form('cloudformation', {
    Action: 'CreateStack',
    Version: '2010-05-15',
    StackName: 'demo',
    TemplateBody: JSON.stringify(STACK),
  })
  const delivery = await makeDelivery(api, { create, evil: EVIL })
  await until('the stack is there', async () => {
    const answer = await api.form('cloudformation', {
      Action: 'DescribeStacks',
      Version: '2010-05-15',
      StackName: 'demo',
    })
    return answer.includes('CREATE_COMPLETE')
  })
  await api.form('cloudformation', {
    Action: 'CreateChangeSet',
    Version: '2010-05-15',
    StackName: 'demo',
    ChangeSetName: 'next',
    TemplateBody: JSON.stringify(NEXT),
  })
  const machines = { orders, hello, ...(await makeVersions(api, create)) }
  const runs = { failed, good, waiting, evil }
  return { ...machines, ...runs, start, ended, create, activity, work, delivery }
}
