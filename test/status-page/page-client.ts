import { get } from 'node:http';
import type { TestContext } from 'node:test';
import { Registry } from '../../src/index.ts';
import type { ChangesMessage, FullMessage } from '../../src/status-page/protocol.ts';
import type { PageContext, StatusPageOptions } from '../../src/status-page/server/page-options.ts';
import { createStatusPage, type StatusPage } from '../../src/status-page/server/status-page.ts';
import { serve } from '../http/serve.ts';

export interface ServedPage {
  readonly page: StatusPage;
  readonly url: string;
  readonly registry: Registry;
}

/** Serves a page about an empty registry, or that of the options, until the test ends. */
export async function servePage(
  t: TestContext,
  options: StatusPageOptions & { readonly registry?: Registry } = {},
  context: PageContext = {},
): Promise<ServedPage> {
  const { registry = new Registry({ selfMetrics: false }) } = options;
  const page = createStatusPage({ ...options, registry }, context);
  t.after(() => page.close());
  return { page, registry, url: await serve(t, page) };
}

/** Reads a JSON answer. */
export async function read<T>(url: string, query: string): Promise<T> {
  const response = await fetch(`${url}/?${query}`);
  return (await response.json()) as T; // The test says what it asks for.
}

export interface PageEvent {
  readonly name: string;
  readonly data: string;
}

/** A page that reads events. */
export class Events {
  all: PageEvent[] = [];
  /** Number of events that are kept. */
  keep = Number.POSITIVE_INFINITY;
  #received = 0;
  status = 0;
  headers: Readonly<Record<string, unknown>> = {};
  isClosed = false;
  readonly #request;
  #waiting: (() => void)[] = [];

  constructor(t: TestContext, url: string, headers: Readonly<Record<string, string>> = {}, worker = 'all') {
    let rest = '';
    this.#request = get(`${url}/?events&worker=${worker}`, { agent: false, headers }, (response) => {
      this.status = response.statusCode ?? 0;
      this.headers = response.headers;
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) this.#add(block);
        this.#wake();
      });
      response.on('close', () => this.#end());
      this.#wake();
    });
    this.#request.on('error', () => this.#end());
    t.after(() => this.close());
  }

  close(): void {
    this.#request.destroy();
  }

  /** Resolves when the condition holds, which is checked after each piece. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves with the event of this index. */
  async at(index: number): Promise<PageEvent> {
    await this.until(() => this.all.length > index);
    return this.all[index]!;
  }

  /** Resolves when this many events have arrived. */
  async received(count: number): Promise<void> {
    await this.until(() => this.#received >= count);
  }

  async full(index = 0): Promise<FullMessage> {
    return JSON.parse((await this.at(index)).data);
  }

  async changes(index: number): Promise<ChangesMessage> {
    return JSON.parse((await this.at(index)).data);
  }

  #add(block: string): void {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? [];
    if (name === undefined || data === undefined) return;
    this.#received++;
    this.all = [...this.all, { name, data }].slice(-this.keep);
  }

  #end(): void {
    this.isClosed = true;
    this.#wake();
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}
