// A portal for tests: the real program on a free port, with a data directory of its own and the demo content.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const ROOT = resolve(import.meta.dirname, '..');

const START_LIMIT = 120_000; // a cluster is made and the demo read, by a debug build
const STOP_LIMIT = 20_000; // twice what the portal allows requests that are under way

/** A portal that runs. */
export interface Portal {
  /** Its origin, without a slash at the end. */
  url: string;
  /** Where it keeps its files; tests may put theirs there too. */
  folder: string;
  administrator: { email: string; password: string };
  /** Asks it to stop, waits, and fails if it logged a fault of its own or had to be killed. */
  stop(): Promise<void>;
}

/** Starts one; `environment` is added to this process's own, and `undefined` takes away. */
export async function startPortal(environment: Record<string, string | undefined> = {}): Promise<Portal> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-end2end-'));
  chmodSync(folder, 0o755); // the embedded Postgres runs as another user where this one is root
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(folder, 'server.log');
  // It is asked to stop even where these tests are killed.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', program(), 'serve', '--demo'], {
    cwd: ROOT,
    env: {
      ...process.env,
      VESTIBULE_ADDR: `127.0.0.1:${port}`,
      VESTIBULE_BASE_URL: url,
      VESTIBULE_DATA_DIR: join(folder, 'data'),
      VESTIBULE_METRICS_ADDR: '',
      VESTIBULE_SMTP_URL: '',
      VESTIBULE_LOG: 'info,sqlx=warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr.pipe(createWriteStream(log));
  try {
    const greeting = await greetingOf(child);
    await answers(`${url}/readyz`);
    return { url, folder, administrator: administratorIn(greeting), stop: () => stop(child, folder, log) };
  } catch (error) {
    child.kill('SIGKILL');
    const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-4000) : '';
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`the portal did not start: ${error}\n${said}`);
  }
}

/** The newest build, unless VESTIBULE_BINARY names one. */
function program(): string {
  if (process.env.VESTIBULE_BINARY) return process.env.VESTIBULE_BINARY;
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target');
  const built = ['release', 'debug'].map((profile) => join(target, profile, 'vestibule')).filter(existsSync);
  const [newest] = built.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (!newest) throw new Error(`no vestibule in ${target}: build it, or set VESTIBULE_BINARY`);
  return newest;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** What the portal prints once it is about to serve. */
async function greetingOf(child: ChildProcess): Promise<string> {
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text) => (said += text));
  const deadline = Date.now() + START_LIMIT;
  while (!/Vestibule serves at [^]*\n$/.test(said)) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    if (Date.now() > deadline) throw new Error('it said nothing in time');
    await sleep(50);
  }
  return said;
}

async function answers(url: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (Date.now() > deadline) throw new Error(`${url} is not ready`);
    await sleep(50);
  }
}

function administratorIn(greeting: string): Portal['administrator'] {
  const field = (name: string) => greeting.match(new RegExp(`^\\s*${name}\\s+(\\S+)$`, 'm'))?.[1];
  const [email, password] = [field('address'), field('password')];
  if (!email || !password) throw new Error('it has administrators already: tests need an empty database');
  return { email, password };
}

async function stop(child: ChildProcess, folder: string, log: string): Promise<void> {
  child.kill('SIGTERM');
  if (child.exitCode === null) await Promise.race([once(child, 'exit'), sleep(STOP_LIMIT, undefined, { ref: false })]);
  const code = child.exitCode;
  if (code === null) child.kill('SIGKILL');
  const faults = readFileSync(log, 'utf8').split('\n').filter((line) => line.includes('"level":"ERROR"'));
  rmSync(folder, { recursive: true, force: true });
  if (faults.length > 0) throw new Error(`the portal logged faults of its own:\n${faults.join('\n')}`);
  if (code !== 0) throw new Error(code === null ? 'the portal had to be killed' : `the portal ended with ${code}`);
}
