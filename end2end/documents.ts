// API documents that nobody here wrote, and what they hold.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join } from 'node:path';

import { ROOT } from './portal.ts';

/** A document and its place on this machine. */
export interface RealDocument {
  /** How it is called in addresses. */
  slug: string;
  path: string;
}

/** Documents that lie beside the checkout where the project is worked on, and nowhere else. */
export const NEIGHBOURS = join(ROOT, '../shared/specs');

const require = createRequire(import.meta.url);

/** From npm: small ones, each with something that others do not have, and a very large one. */
export const PUBLISHED: RealDocument[] = [
  ...[
    '3.0/yaml/petstore.yaml',
    '3.0/json/star-trek.json',
    '3.0/json/circular.json',
    '3.0/json/complex-nesting.json',
    '3.0/yaml/callbacks.yaml',
    '3.0/json/discriminators.json',
    '3.0/json/file-uploads.json',
    '3.0/json/parameters-style.json',
    '3.0/json/security.json',
    '3.0/yaml/uspto.yaml',
    '3.1/json/petstore.json',
    '3.1/json/readme.json',
    '3.1/json/schema-types.json',
  ].map((path) => document(example(path), `${path.startsWith('3.1') ? 'newer-' : ''}${basename(path, extname(path))}`)),
  document(join(folderOf('@octokit/openapi'), 'generated/api.github.com.json'), 'github'),
];

/** Every document beside the checkout. */
export function neighbours(folder = NEIGHBOURS): RealDocument[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && /\.(json|ya?ml)$/.test(entry.name));
  return files.map(({ name, parentPath }) => document(join(parentPath, name), basename(name, extname(name))));
}

/** A file of @readme/oas-examples. */
export function example(path: string): string {
  return join(folderOf('@readme/oas-examples'), path);
}

/** How many operations a document holds, counted without the portal; unknown where it is not JSON. */
export function operationsIn({ path }: RealDocument): number | undefined {
  if (!path.endsWith('.json')) return undefined;
  const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];
  const { paths = {} } = JSON.parse(readFileSync(path, 'utf8'));
  const items = Object.entries<Record<string, unknown>>(paths).filter(([name]) => name.startsWith('/'));
  if (items.some(([, item]) => '$ref' in item)) return undefined;
  return items.flatMap(([, item]) => Object.keys(item).filter((key) => METHODS.includes(key))).length;
}

function document(path: string, name: string): RealDocument {
  return { path, slug: name.toLowerCase().replace(/[^a-z0-9]+/g, '-') };
}

function folderOf(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}
