// Waits until the search finds an operation of a version, then asks for words of its operations, every third one with
// a typing error, and prints what a question costs the server.
//
// usage: node search.mjs ORIGIN /docs/{api}/{version}

import { Agent, get } from 'node:http';

const QUESTIONS = 200;
const LONGEST_WAIT = 120_000;

const [origin, version] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

const started = performance.now();
let operations = [];
await until(async () => (operations = await published()).length > 0, `the sitemap has an operation of ${version}`);
const last = operations.at(-1);
await until(async () => (await asked(words(last))).body.includes(last), `the search finds ${last}`);
const indexed = ((performance.now() - started) / 1000).toFixed(1);

const times = [];
for (let index = 0; index < QUESTIONS; index += 1) {
  const question = words(operations[Math.floor((index * operations.length) / QUESTIONS)]);
  times.push((await asked(index % 3 === 0 ? mistyped(question) : question)).time);
}
agent.destroy();
times.sort((a, b) => a - b);
const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(1);
console.log(`found ${indexed} s after it was published; a question: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms`);

async function published() {
  const sitemap = (await fetched('/sitemap.xml')).body;
  const paths = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url]) => new URL(url).pathname);
  return paths.filter((path) => path.startsWith(`${version}/operations/`));
}

async function until(holds, what) {
  while (!(await holds())) {
    if (performance.now() - started > LONGEST_WAIT) throw new Error(`not true in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function words(path) {
  return path.split('/').at(-1).split('-').join(' ');
}

// Two letters in the middle of the longest word change places.
function mistyped(text) {
  const longest = text.split(' ').reduce((a, b) => (b.length > a.length ? b : a));
  const middle = Math.floor(longest.length / 2);
  const swapped = longest.slice(0, middle - 1) + longest[middle] + longest[middle - 1] + longest.slice(middle + 1);
  return text.replace(longest, swapped);
}

function asked(question) {
  return fetched(`/search?q=${encodeURIComponent(question)}`);
}

function fetched(path) {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    get(origin + path, { agent }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        if (response.statusCode !== 200) return reject(new Error(`${path}: ${response.statusCode}`));
        resolve({ time: performance.now() - began, body: Buffer.concat(chunks).toString() });
      });
    }).on('error', reject);
  });
}
