// Pipelines and repositories for the pages to show: one that waits for a person and then starts a
// state machine, one whose state machine fails.
import { ROLE } from './browser.mjs'
import { until } from './check.mjs'

const REPOSITORY = 'site'

const action = (category, provider, name, configuration, artifacts = {}) => ({
  name,
  actionTypeId: { category, owner: 'AWS', provider, version: '1' },
  configuration,
  inputArtifacts: (artifacts.reads ?? []).map((one) => ({ name: one })),
  outputArtifacts: (artifacts.writes ?? []).map((one) => ({ name: one })),
})

const source = action(
  'Source',
  'CodeCommit',
  'Fetch',
  { RepositoryName: REPOSITORY, BranchName: 'main' },
  { writes: ['Site'] },
)

const pipeline = (name, stages) => ({
  name,
  roleArn: ROLE,
  artifactStore: { type: 'S3', location: 'artifacts' },
  stages: stages.map(([stage, ...actions]) => ({ name: stage, actions })),
})

export async function makeDelivery(api, { create, evil }) {
  const git = (operation, input) => api.target('codecommit', operation, input)
  const run = (operation, input) => api.target('codepipeline', operation, input)
  await git('CreateRepository', {
    repositoryName: REPOSITORY,
    repositoryDescription: 'What is published',
  })
  let parentCommitId
  const commit = async (filePath, content, commitMessage) => {
    const answer = await git('PutFile', {
      repositoryName: REPOSITORY,
      branchName: 'main',
      filePath,
      fileContent: Buffer.from(content).toString('base64'),
      parentCommitId,
      commitMessage,
      name: 'Ada',
      email: 'ada@example.com',
    })
    parentCommitId = answer.commitId
    return answer.commitId
  }
  await commit('index.html', '<h1>Hello</h1>\n<p>One</p>\n', 'Begin the site')
  await commit('docs/evil.md', `${evil}\n`, evil)
  await api.put('/artifacts', '')
  await api.put('/published', '')
  const release = await create('release', {
    StartAt: 'Announce',
    States: { Announce: { Type: 'Pass', End: true } },
  })
  const refuse = await create('refuse', {
    StartAt: 'Refuse',
    States: { Refuse: { Type: 'Fail', Error: 'Release.Refused', Cause: 'It is Friday' } },
  })
  const started = (name, machine) =>
    action('Invoke', 'StepFunctions', name, { StateMachineArn: machine, Input: '{"of": "it"}' })
  await run('CreatePipeline', {
    pipeline: pipeline('publish', [
      ['Source', source],
      ['Review', action('Approval', 'Manual', 'Look', { CustomData: 'Is it good?' })],
      [
        'Publish',
        action(
          'Deploy',
          'S3',
          'Copy',
          { BucketName: 'published', Extract: 'true' },
          { reads: ['Site'] },
        ),
        started('Announce', release),
      ],
    ]),
  })
  await run('CreatePipeline', {
    pipeline: pipeline('refused', [
      ['Source', source],
      ['Release', started('Release', refuse)],
    ]),
  })
  const last = await commit('index.html', '<h1>Hello</h1>\n<p>Two</p>\n', 'Say two')
  const stage = async (name, stageName) =>
    (await run('GetPipelineState', { name })).stageStates.find((one) => one.stageName === stageName)
  await until('the release is refused', async () => {
    return (await stage('refused', 'Release')).latestExecution?.status === 'Failed'
  })
  await until('a person is asked', async () => {
    const look = (await stage('publish', 'Review')).actionStates[0]
    return look.latestExecution?.token
  })
  return { commit, last, run, git, stage, repository: REPOSITORY }
}
