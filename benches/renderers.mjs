// Opens one operation of one document with the reference's page and with renderers that run in the browser, and prints
// what each costs a reader: bytes and time until the operation can be read, blocking of the main thread, heap.
//
// usage: node renderers.mjs PORTAL_PAGES.json RENDERERS RUNS
//   PORTAL_PAGES.json  [{"name", "document": FILE, "page": URL of the middle operation in the portal, "operation": id}]
//   RENDERERS          folder with the unpacked npm packages
//   RUNS               openings of each; the median is printed

import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const { chromium } = createRequire(new URL('../end2end/', import.meta.url))('@playwright/test');

const PATIENCE = 60_000; // a reader has left by then
const SETTLED = 2_000; // without a request or a long task, nothing more comes

const renderers = {
  'Swagger UI': {
    files: { 'app.js': 'swagger-ui-dist/swagger-ui-bundle.js', 'app.css': 'swagger-ui-dist/swagger-ui.css' },
    page: `<div id="app"></div><script src="app.js"></script>
      <script>SwaggerUIBundle({ url: 'openapi.json', dom_id: '#app', deepLinking: true, validatorUrl: null })</script>`,
    hash: ({ tag, id }) => `#/${encodeURIComponent(tag)}/${encodeURIComponent(id)}`,
  },
  Redoc: {
    files: { 'app.js': 'redoc/bundles/redoc.standalone.js' },
    page: `<div id="app"></div><script type="module">
      import { init } from './app.js';
      init('openapi.json', { disableTelemetry: true, router: 'hash' }, document.getElementById('app'));
      </script>`,
    hash: ({ tag, id }) => `#/${slug(tag)}/${slug(id)}`,
  },
  Scalar: {
    files: { 'app.js': '@scalar/api-reference/dist/browser/standalone.js' },
    page: `<div id="app"></div><script src="app.js"></script>
      <script>Scalar.createApiReference('#app', { url: 'openapi.json', withDefaultFonts: false, telemetry: false })</script>`,
    hash: ({ tag, method, path }) => `#tag/${tag}/${method}${path}`,
  },
  Elements: {
    files: { 'app.js': '@stoplight/elements/web-components.min.js', 'app.css': '@stoplight/elements/styles.min.css' },
    page: `<elements-api apiDescriptionUrl="openapi.json" router="hash"></elements-api><script src="app.js"></script>`,
    hash: ({ id }) => `#/operations/${id}`,
  },
  RapiDoc: {
    files: { 'app.js': 'rapidoc/dist/rapidoc-min.js' },
    page: `<script type="module" src="app.js"></script>
      <rapi-doc spec-url="openapi.json" render-style="read" load-fonts="false"></rapi-doc>`,
    hash: ({ method, path }) => `#${method.toLowerCase()}-${path}`,
  },
};

const [pagesFile, folder, runs] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
for (const document of JSON.parse(readFileSync(pagesFile, 'utf8'))) await compare(document);
await browser.close();

async function compare({ name, document, page, operation }) {
  const bytes = readFileSync(document);
  const target = describe(JSON.parse(bytes), operation);
  console.log(`\n${name}, ${(bytes.length / 1e6).toFixed(2)} MB: ${target.method} ${target.path}`);
  console.log(`${''.padEnd(12)}${['readable kB', 'total kB', 'readable ms', 'blocked ms', 'heap MB', 'nodes'].map((it) => it.padStart(13)).join('')}`);
  const server = await serve(bytes, target.text);
  // What the browser and the measuring cost by themselves.
  const rows = { 'Plain text': `${server.origin}/plain/`, Vestibule: page };
  for (const [renderer, { hash }] of Object.entries(renderers)) {
    rows[renderer] = `${server.origin}/${encodeURIComponent(renderer)}/${hash(target)}`;
  }
  for (const [renderer, url] of Object.entries(rows)) console.log(renderer.padEnd(12) + (await row(url, target.text)));
  server.close();
}

/** What leads to an operation, and a text that only its own section shows. */
function describe(document, wanted) {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (operation?.operationId !== wanted) continue;
      const words = (operation.description ?? operation.responses[Object.keys(operation.responses)[0]].description).split('\n')[0];
      const text = words.split(/[`*_[<]/)[0].trim().slice(0, 60);
      return { id: wanted, path, method: method.toUpperCase(), tag: operation.tags?.[0] ?? 'default', text };
    }
  }
  throw new Error(`no operation ${wanted}`);
}

/** As Redoc names operations in addresses. */
function slug(text) {
  return text.toLowerCase().replaceAll(/[^a-z0-9/]+/g, '-');
}

/** Serves each renderer with the document, compressed as well as the portal compresses. */
async function serve(document, text) {
  const ready = new Map();
  const add = (path, type, bytes) => ready.set(path, { type, body: brotli(bytes) });
  add('/plain/', 'text/html', Buffer.from(`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Plain</title></head><body><p>${text}</p></body></html>`));
  for (const [renderer, { files, page }] of Object.entries(renderers)) {
    const style = files['app.css'] ? '<link rel="stylesheet" href="app.css">' : '';
    const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${renderer}</title>${style}</head><body>${page}</body></html>`;
    add(`/${renderer}/`, 'text/html', Buffer.from(html));
    for (const [file, source] of Object.entries(files)) {
      add(`/${renderer}/${file}`, file.endsWith('.css') ? 'text/css' : 'text/javascript', readFileSync(join(folder, source)));
    }
  }
  const openapi = { type: 'application/json', body: brotli(document) };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url.split('?')[0]);
    const found = path.endsWith('/openapi.json') ? openapi : ready.get(path);
    if (!found) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': found.type, 'content-encoding': 'br' }).end(found.body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
}

async function row(url, text) {
  const openings = [];
  for (let run = 0; run < Number(runs); run += 1) {
    const opening = await open(url, text);
    if (opening.gaveUp) return `   not readable within ${PATIENCE / 1000} s`;
    openings.push(opening);
  }
  const median = (of) => openings.map(of).sort((a, b) => a - b)[Math.floor(openings.length / 2)];
  const columns = [(it) => it.readableBytes / 1e3, (it) => it.bytes / 1e3, (it) => it.readable, (it) => it.blocked, (it) => it.heap / 1e6, (it) => it.nodes];
  const digits = [1, 1, 0, 0, 1, 0];
  return columns.map((column, at) => median(column).toFixed(digits[at]).padStart(13)).join('');
}

/** Opens a page with an empty cache and waits until the text can be seen, then until nothing more happens. */
async function open(url, text) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const seen = { bytes: 0, last: Date.now() };
    const note = (length) => Object.assign(seen, { bytes: seen.bytes + length, last: Date.now() });
    session.on('Network.loadingFinished', ({ encodedDataLength }) => note(encodedDataLength));
    await page.addInitScript(() => {
      window.blocked = { total: 0, last: 0 };
      new PerformanceObserver((list) => {
        for (const task of list.getEntries()) {
          window.blocked.total += task.duration - 50;
          window.blocked.last = performance.now();
        }
      }).observe({ type: 'longtask', buffered: true });
    });
    const started = performance.now();
    await page.goto(url, { waitUntil: 'commit', timeout: PATIENCE });
    const found = page.getByText(text).filter({ visible: true }).first().waitFor({ state: 'visible', timeout: PATIENCE });
    if (!(await found.then(() => true, () => false))) return { gaveUp: true };
    const readable = performance.now() - started;
    const readableBytes = seen.bytes;
    await settle(page, seen);
    const blocked = await page.evaluate(() => window.blocked.total);
    await session.send('HeapProfiler.enable');
    await session.send('HeapProfiler.collectGarbage');
    await session.send('Performance.enable');
    const { metrics } = await session.send('Performance.getMetrics');
    const metric = (name) => metrics.find((it) => it.name === name).value;
    return { readable, readableBytes, bytes: seen.bytes, blocked, heap: metric('JSHeapUsedSize'), nodes: metric('Nodes') };
  } finally {
    await context.close();
  }
}

async function settle(page, seen) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end) {
    await page.waitForTimeout(250);
    const sinceTask = await page.evaluate(() => performance.now() - window.blocked.last);
    if (Date.now() - seen.last > SETTLED && sinceTask > SETTLED) return;
  }
}
