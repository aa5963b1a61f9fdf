// What the pages of Git repositories read.
import { queryOptions } from '@tanstack/react-query'
import { codecommit } from './client'

export interface Repository {
  repositoryName: string
  repositoryId: string
  Arn: string
  repositoryDescription?: string
  defaultBranch?: string
  cloneUrlHttp: string
  creationDate?: number
  lastModifiedDate?: number
}

export interface Commit {
  commitId: string
  treeId: string
  parents: string[]
  message: string
  author: { name: string; email: string; date: string } // "1763762400 +0100"
}

export interface Side {
  blobId: string
  path: string
}

export interface Difference {
  beforeBlob?: Side
  afterBlob?: Side
  changeType: 'A' | 'M' | 'D'
}

interface Found {
  relativePath: string
  absolutePath: string
}

export interface FolderContent {
  commitId: string
  subFolders: Found[]
  files: Found[]
  symbolicLinks: Found[]
  subModules: Found[]
}

export const secondsOf = (date: string): number => Number(date.split(' ')[0])

export const titleOf = (commit: Commit): string => commit.message.trim().split('\n')[0] ?? ''

export const repositoryQuery = (repositoryName: string) =>
  queryOptions({
    queryKey: ['repository', repositoryName],
    queryFn: async () => {
      const answer = await codecommit<{ repositoryMetadata: Repository }>('GetRepository', {
        repositoryName,
      })
      return answer.repositoryMetadata
    },
  })

export const branchesQuery = (repositoryName: string) =>
  queryOptions({
    queryKey: ['repository', repositoryName, 'branches'],
    queryFn: async () => {
      const names: string[] = []
      let nextToken: string | undefined
      do {
        const page = await codecommit<{ branches: string[]; nextToken?: string }>('ListBranches', {
          repositoryName,
          nextToken,
        })
        names.push(...page.branches)
        nextToken = page.nextToken
      } while (nextToken)
      return names
    },
  })

export async function tipOf(repositoryName: string, branchName: string): Promise<string> {
  const answer = await codecommit<{ branch: { commitId: string } }>('GetBranch', {
    repositoryName,
    branchName,
  })
  return answer.branch.commitId
}

export const commitQuery = (repositoryName: string, commitId: string) =>
  queryOptions({
    queryKey: ['commit', repositoryName, commitId],
    queryFn: async () => {
      const answer = await codecommit<{ commit: Commit }>('GetCommit', { repositoryName, commitId })
      return answer.commit
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

const COMMITS_OF_A_PAGE = 50

export interface CommitPage {
  commits: Commit[]
  next?: string
}

// The line of first parents from a commit on. The API has no log: each commit names its parents,
// so a page is read commit by commit; those that are known already come from the cache.
export async function readCommits(repositoryName: string, from: string): Promise<CommitPage> {
  const commits: Commit[] = []
  let next: string | undefined = from
  while (next && commits.length < COMMITS_OF_A_PAGE) {
    const answer: { commit: Commit } = await codecommit('GetCommit', {
      repositoryName,
      commitId: next,
    })
    commits.push(answer.commit)
    next = answer.commit.parents[0]
  }
  return { commits, next }
}

export const folderQuery = (repositoryName: string, commitSpecifier: string, folderPath: string) =>
  queryOptions({
    queryKey: ['repository', repositoryName, 'folder', commitSpecifier, folderPath],
    queryFn: () =>
      codecommit<FolderContent>('GetFolder', {
        repositoryName,
        commitSpecifier,
        folderPath: folderPath || '/',
      }),
  })

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))

export const fileQuery = (repositoryName: string, commitSpecifier: string, filePath: string) =>
  queryOptions({
    queryKey: ['repository', repositoryName, 'file', commitSpecifier, filePath],
    queryFn: async () => {
      const answer = await codecommit<{ fileContent: string; fileSize: number; blobId: string }>(
        'GetFile',
        { repositoryName, commitSpecifier, filePath },
      )
      return { size: answer.fileSize, bytes: bytesOf(answer.fileContent) }
    },
  })

export const blobQuery = (repositoryName: string, blobId: string | undefined) =>
  queryOptions({
    queryKey: ['blob', repositoryName, blobId],
    queryFn: async () => {
      if (!blobId) return ''
      const answer = await codecommit<{ content: string }>('GetBlob', { repositoryName, blobId })
      return new TextDecoder().decode(bytesOf(answer.content))
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

export const differencesQuery = (repositoryName: string, commit: Commit | undefined) =>
  queryOptions({
    queryKey: ['differences', repositoryName, commit?.commitId],
    queryFn: async () => {
      const found: Difference[] = []
      let NextToken: string | undefined
      do {
        const page = await codecommit<{ differences: Difference[]; NextToken?: string }>(
          'GetDifferences',
          {
            repositoryName,
            beforeCommitSpecifier: commit?.parents[0],
            afterCommitSpecifier: commit?.commitId,
            NextToken,
          },
        )
        found.push(...page.differences)
        NextToken = page.NextToken
      } while (NextToken)
      return found
    },
    enabled: commit !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
