// Asks for keys where the server wants them, and for the region. Keys stay in this tab's session
// storage: they are gone with the tab.
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { signIn, signOut, useSession } from '../api/session'
import { Button, Dialog } from './ui'

export function SignIn({ onClose }: { onClose: () => void }) {
  const session = useSession()
  const client = useQueryClient()
  const anybody = session.keys.accessKey === 'test'
  const [accessKey, setAccessKey] = useState(anybody ? '' : session.keys.accessKey)
  const [secret, setSecret] = useState('')
  const [token, setToken] = useState('')
  const [region, setRegion] = useState(session.region)
  const done = () => {
    onClose()
    void client.resetQueries()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const unchanged = secret === '' && !session.refused
    const keys = unchanged ? session.keys : { accessKey, secret, token: token || undefined }
    signIn(keys, region.trim() || 'us-east-1')
    done()
  }
  return (
    <Dialog title={session.refused ? 'Sign in' : 'Settings'} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {session.refused ? (
          <p>
            This server checks signatures (<code>--credentials</code>). Your keys sign this tab’s
            requests and are forgotten with it. <span className="quiet">{session.refused}</span>
          </p>
        ) : (
          <p className="quiet">
            Without <code>--credentials</code> the server takes any key; an access key of twelve
            digits names the account.
          </p>
        )}
        <label>
          Region
          <input value={region} onChange={(event) => setRegion(event.target.value)} />
        </label>
        <label>
          Access key
          <input
            value={accessKey}
            autoComplete="username"
            onChange={(event) => setAccessKey(event.target.value)}
          />
        </label>
        <label>
          Secret key
          <input
            type="password"
            value={secret}
            autoComplete="current-password"
            onChange={(event) => setSecret(event.target.value)}
          />
        </label>
        <label>
          Session token <span className="quiet">(of temporary keys)</span>
          <input value={token} onChange={(event) => setToken(event.target.value)} />
        </label>
        <div className="form-actions">
          {anybody ? null : (
            <Button
              onClick={() => {
                signOut()
                done()
              }}
            >
              Forget the keys
            </Button>
          )}
          <Button type="submit" kind="main">
            {session.refused ? 'Sign in' : 'Save'}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
