import { readFile, stat } from 'node:fs/promises';
import { thrownText } from '../../model/thrown.ts';

const MAX_BYTES = 4 * 1024 * 1024;

type Json = Readonly<Record<string, unknown>>;

/** A package.json: any value may have any type. */
export interface Manifest {
  readonly text: string;
  readonly json: Json;
}

/** Throws an Error that says why if the file is not a JSON object. */
export async function readManifest(path: string): Promise<Manifest> {
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new RangeError(`it must have at most ${MAX_BYTES} bytes, got ${size}.`);
  const text = await readFile(path, 'utf8');
  const json = parse(text.replace(/^\uFEFF/, ''));
  if (!isObject(json)) throw new TypeError('it must contain a JSON object.');
  return { text, json };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`it is not valid JSON: ${thrownText(error)}`);
  }
}

/** A property of an object that is an object itself; otherwise an empty one. */
export function objectIn(json: Json, name: string): Json {
  const value = Object.hasOwn(json, name) ? json[name] : undefined;
  return isObject(value) ? value : {};
}

export function textIn(json: Json, name: string): string | undefined {
  const value = Object.hasOwn(json, name) ? json[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A change of one value in a package.json. */
export interface Edit {
  /** Names of the properties, starting at the outermost object. */
  readonly path: readonly string[];
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Returns the text of the manifest with its edits, indented as before. Throws a TypeError if a path leads through a value that is
 * not an object.
 */
export function edited({ text, json }: Manifest, edits: readonly Edit[]): string {
  const result: Record<string, unknown> = structuredClone(json);
  for (const { path, after } of edits) {
    let parent = result;
    for (const name of path.slice(0, -1)) parent = child(parent, name);
    parent[path.at(-1) ?? ''] = after;
  }
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? '  ';
  const ending = /\r?\n/.exec(text)?.[0] ?? '\n';
  const end = /\n\s*$/.test(text) ? ending : '';
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  return mark + JSON.stringify(result, undefined, indent).replaceAll('\n', ending) + end;
}

/** The object in a property, made if it is missing. */
function child(parent: Record<string, unknown>, name: string): Record<string, unknown> {
  if (!Object.hasOwn(parent, name)) parent[name] = {};
  const found = parent[name];
  if (!isObject(found)) throw new TypeError(`${name} must be an object.`);
  return found as Record<string, unknown>; // A part of the copy, which may be changed.
}
