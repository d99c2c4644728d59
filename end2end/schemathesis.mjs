// Calls every endpoint of /api/v1 with what schemathesis makes up from the API's OpenAPI document.
//
// usage: node end2end/schemathesis.mjs URL STAFF_TOKEN SCHEMATHESIS [OPTION...]
//   URL           a portal on this machine, which may still be starting
//   STAFF_TOKEN   a token with every scope of staff
//   SCHEMATHESIS  the program; options are handed on to it
//
// It first makes a partner with a management token, apps and keys, so that made-up calls meet real things, and puts
// them into schemathesis.toml.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const patience = 60_000 // for the portal to start
const [url, staffToken, schemathesis, ...options] = process.argv.slice(2)

if (!schemathesis || !['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)) {
  console.error('usage: node end2end/schemathesis.mjs http://127.0.0.1:PORT STAFF_TOKEN SCHEMATHESIS [OPTION...]')
  process.exit(2)
}

await ready()
const folder = mkdtempSync(join(tmpdir(), 'vestibule-schemathesis-'))
const config = join(folder, 'schemathesis.toml')
writeFileSync(config, configuration(await partner()), { mode: 0o600 })
const run = spawnSync(schemathesis, ['--config-file', config, 'run', `${url}/api/v1/openapi.json`, ...options], { stdio: 'inherit' })
rmSync(folder, { recursive: true })
process.exit(run.status ?? 1)

async function ready() {
  const end = Date.now() + patience
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    if (Date.now() > end) throw new Error(`${url} is not ready after ${patience / 1000} seconds`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function partner() {
  const organization = await create('organizations', staffToken, { name: 'Made-up calls', email: 'api@partner.example' })
  const scopes = ['tokens:write', 'apps:read', 'apps:write', 'keys:read', 'keys:write', 'calls:read', 'usage:read']
  const token = await create(`organizations/${organization.id}/tokens`, staffToken, { scopes, name: 'schemathesis' })
  const app = await create('apps', token.secret, { name: 'Made-up calls' })
  const keys = []
  // Several: a made-up call may revoke one.
  for (let n = 0; n < 20; n++) {
    const key = await create(`apps/${app.id}/keys`, token.secret, { name: `Key ${n}`, scopes: [], environment: 'sandbox' })
    keys.push(key.id)
  }
  return {
    STAFF_TOKEN: [staffToken],
    MANAGEMENT_TOKEN: [token.secret],
    ORGANIZATIONS: [organization.id],
    APPS: [app.id],
    KEYS: keys,
  }
}

// A quoted placeholder that stands alone becomes as many strings as there are values.
function configuration(values) {
  const template = readFileSync(new URL('schemathesis.toml', import.meta.url), 'utf8')
  return Object.entries(values).reduce(
    (text, [name, list]) => text
      .replaceAll(`"{${name}}"`, list.map((value) => `"${value}"`).join(', '))
      .replaceAll(`{${name}}`, list[0]),
    template,
  )
}

async function create(path, token, body) {
  const answer = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
