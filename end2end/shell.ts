// Commands as a reader pastes them: into a real shell, character for character.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a `curl` command received. */
export interface Received {
  status: number;
  headers: Headers;
  body: string;
}

/** Runs a command line that calls `curl`. Its settings file asks for the answer's head, so the line stays as it was. */
export async function runCurl(line: string, environment: Record<string, string> = {}): Promise<Received> {
  const home = mkdtempSync(join(tmpdir(), 'vestibule-curl-'));
  writeFileSync(join(home, '.curlrc'), 'silent\nshow-error\ninclude\nmax-time = 20\n');
  const env = { ...process.env, CURL_HOME: home, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...environment };
  const output = await new Promise<string>((resolve, reject) => {
    execFile('bash', ['-c', line], { env, cwd: home }, (error, stdout, stderr) => {
      rmSync(home, { recursive: true });
      if (error) reject(new Error(`${line}\n${stderr}`));
      else resolve(stdout);
    });
  });
  return read(output);
}

function read(output: string): Received {
  const end = output.indexOf('\r\n\r\n');
  const [first, ...lines] = output.slice(0, end).split('\r\n');
  const status = Number(first.split(' ')[1]);
  if (status >= 100 && status < 200) return read(output.slice(end + 4));
  const headers = new Headers(lines.map((line) => split(line)));
  return { status, headers, body: output.slice(end + 4) };
}

function split(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
