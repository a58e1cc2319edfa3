import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Child, startListening } from '../child.ts';

export interface PrometheusOptions {
  /** Host and port of the target; several are separated by commas. */
  readonly target: string;
  /** Scrape interval and timeout in Prometheus notation, such as `250ms`. */
  readonly interval: string;
  /** Further settings of the job as inline YAML: `scheme: https, basic_auth: { ... }`. */
  readonly job?: string;
  /** Several jobs instead of one: further settings by job name. */
  readonly jobs?: ReadonlyMap<string, string>;
  /** Path of a file with rules, which are evaluated at the scrape interval. */
  readonly rules?: string;
  /** Additional flags. */
  readonly flags?: readonly string[];
}

/** One series of an API response. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Unix seconds and value. */
  readonly values: readonly (readonly [number, number])[];
}

export interface Target {
  readonly health: string;
  readonly lastError: string;
}

/** Settings that make the installed version request native histograms. Servers with the job setting ignore the feature. */
export function nativeHistograms(): { readonly features: readonly string[]; readonly job: string } {
  const isSetting = isAtLeast('3.8');
  return {
    features: isSetting ? [] : ['native-histograms'],
    job: isSetting ? 'scrape_native_histograms: true' : '',
  };
}

/** Whether the installed Prometheus is of this version, as in `3.8`, or a later one. */
export function isAtLeast(version: string): boolean {
  const { stdout } = spawnSync('prometheus', ['--version'], { encoding: 'utf8' });
  const installed = /version (\d+)\.(\d+)/.exec(stdout);
  if (installed === null) throw new Error(`prometheus --version must print a version, got ${stdout}`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const difference = Number(installed[1]) - major || Number(installed[2]) - minor;
  return difference >= 0;
}

/** A real Prometheus that scrapes one target, until the test ends. */
export class Prometheus {
  readonly #url: string;
  readonly #child: Child;

  private constructor(url: string, child: Child) {
    this.#url = url;
    this.#child = child;
  }

  static async start(
    t: TestContext,
    { target, interval, job = '', jobs = new Map([['test', job]]), rules, flags = [] }: PrometheusOptions,
  ): Promise<Prometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'zeroprom-prometheus-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const config = join(folder, 'prometheus.yml');
    await writeFile(
      config,
      `global: { scrape_interval: ${interval}, scrape_timeout: ${interval}, evaluation_interval: ${interval} }
rule_files: [${rules ?? ''}]
scrape_configs:
${[...jobs].map(([name, more]) => `- { job_name: ${name}, static_configs: [{ targets: [${target}] }], ${more} }`).join('\n')}\n`,
    );
    const storage = `--storage.tsdb.path=${join(folder, 'data')}`;
    const { child, url } = await startListening(t, 'prometheus', [`--config.file=${config}`, storage, ...flags]);
    const prometheus = new Prometheus(url, child);
    await until('Prometheus is ready', () => prometheus.#isReady());
    return prometheus;
  }

  /** URL for remote write, with `--web.enable-remote-write-receiver`. */
  get writeUrl(): string {
    return `${this.#url}/api/v1/write`;
  }

  /** The warnings and errors in its log so far. */
  get complaints(): readonly string[] {
    const lines = this.#child.stderr().split('\n');
    return lines.filter((line) => /\blevel=(warn|error)\b/i.test(line));
  }

  /** The value of an expression that has one series. */
  async value(expression: string): Promise<number | undefined> {
    const { result } = await this.api<{ result: { value: [number, string] }[] }>('query', { query: expression });
    const [series] = result;
    return series === undefined ? undefined : numberOf(series.value[1]);
  }

  /** The samples stored for a selector in the given range, by default the last minutes. */
  async samples(selector: string, range = '5m'): Promise<Series[]> {
    const query = `${selector}[${range}]`;
    const { result } = await this.api<{ result: { metric: Record<string, string>; values: [number, string][] }[] }>(
      'query',
      { query },
    );
    return result.map(({ metric, values }) => ({
      metric,
      values: values.map(([time, value]) => [time, numberOf(value)] as const),
    }));
  }

  async target(): Promise<Target> {
    const [target] = await this.targets();
    if (target === undefined) throw new Error('Prometheus has no target.');
    return target;
  }

  async targets(): Promise<readonly Target[]> {
    const { activeTargets } = await this.api<{ activeTargets: Target[] }>('targets', {});
    return activeTargets;
  }

  /** The data of a response of the HTTP API, with the structure in the documentation of Prometheus. */
  async api<T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') throw new Error(`Prometheus: ${answer.error}`);
    return answer.data;
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.#url}/-/ready`)).ok;
    } catch {
      return false;
    }
  }
}

/** How much a counter has increased from zero according to its samples: it began again before each that is less than the last. */
export function totalIncrease(series: Series | undefined): number {
  let last = 0;
  let sum = 0;
  for (const [, value] of series?.values ?? []) {
    sum += value < last ? value : value - last;
    last = value;
  }
  return sum;
}

/** Polls until the condition holds, for state of other programs that emit no event. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Timed out waiting until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A number as the API writes it. */
export function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
