// Asks for every page of operations of one version twice, one after the other, and prints what a page costs the server:
// the first time, when it is rendered, and the second time.
//
// usage: node pages.mjs ORIGIN /docs/{api}/{version}

import { Agent, get } from 'node:http';

const [origin, version] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const sitemap = (await fetched('/sitemap.xml')).body.toString();
const paths = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)]
  .map(([, url]) => new URL(url).pathname)
  .filter((path) => path.startsWith(`${version}/operations/`));
if (paths.length === 0) throw new Error(`the sitemap has no operation of ${version}`);
const rounds = [await round(), await round()];
agent.destroy();

const [cold, warm] = rounds;
console.log(`${paths.length} pages of operations, median: rendered ${cold.time} ms, again ${warm.time} ms, ${cold.bytes} bytes brotli`);
console.log(`${' '.repeat(35)}95th percentile: rendered ${cold.slow} ms, again ${warm.slow} ms, ${cold.large} bytes`);

async function round() {
  const answers = [];
  for (const path of paths) answers.push(await fetched(path, { 'accept-encoding': 'br' }));
  const sorted = (of) => answers.map(of).sort((a, b) => a - b);
  const [times, sizes] = [sorted((it) => it.time), sorted((it) => it.body.length)];
  const at = (list, share) => list[Math.floor((list.length - 1) * share)];
  return {
    time: at(times, 0.5).toFixed(2),
    slow: at(times, 0.95).toFixed(2),
    bytes: at(sizes, 0.5),
    large: at(sizes, 0.95),
  };
}

function fetched(path, headers = {}) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    get(origin + path, { agent, headers }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`${path}: ${response.statusCode}`));
        resolve({ time: performance.now() - started, body: Buffer.concat(chunks) });
      });
    }).on('error', reject);
  });
}
