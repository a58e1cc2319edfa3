import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '../../model/logger.ts';
import { Authenticator } from './authenticator.ts';
import { PasswordChecker } from './password-digest.ts';
import { work } from './password-hash.ts';
import { loadTls, type TlsOptions } from './tls-options.ts';
import { parseWebConfig, type WebConfig } from './web-config.ts';

/** A web configuration as it is in use. */
export interface LoadedConfig {
  readonly config: WebConfig;
  readonly tls: TlsOptions | undefined;
  readonly authenticator: Authenticator | undefined;
}

const CHECK_EVERY_MS = 1000;
const SLOW_MS = 500;

/**
 * A web configuration file, read again when it or a file that it names has changed. One that cannot be used changes
 * nothing: the last good one stays in use.
 */
export class WebConfigFile {
  readonly path: string;
  readonly #logger: Logger;
  readonly #checker: PasswordChecker;
  #current: LoadedConfig;
  #fingerprint: string;
  #checkedAt = performance.now();
  #isGood = true;
  #loadedAt = Date.now();
  readonly #listeners: ((loaded: LoadedConfig) => void)[] = [];

  private constructor(
    path: string,
    logger: Logger,
    checker: PasswordChecker,
    loaded: LoadedConfig,
    fingerprint: string,
  ) {
    this.path = path;
    this.#logger = logger;
    this.#checker = checker;
    this.#current = loaded;
    this.#fingerprint = fingerprint;
  }

  /** Rejects where the file, or what it names, cannot be read or used. */
  static async load(path: string, logger: Logger): Promise<WebConfigFile> {
    const checker = new PasswordChecker();
    const loaded = await load(path, checker);
    warnOf(loaded.config, logger);
    return new WebConfigFile(path, logger, checker, loaded, await fingerprintOf(path, loaded.config));
  }

  get current(): LoadedConfig {
    return this.#current;
  }

  get isLastReloadGood(): boolean {
    return this.#isGood;
  }

  /** Milliseconds since the epoch. */
  get loadedAt(): number {
    return this.#loadedAt;
  }

  /** Calls back whenever another configuration is in use. */
  onChange(listener: (loaded: LoadedConfig) => void): void {
    this.#listeners.push(listener);
  }

  /** Reads the file again. Rejects where it cannot be used. */
  async reload(): Promise<void> {
    try {
      const loaded = await load(this.path, this.#checker);
      if ((loaded.tls === undefined) !== (this.#current.tls === undefined)) {
        throw new Error('turning TLS on or off needs a restart.');
      }
      this.#use(loaded);
      this.#fingerprint = await fingerprintOf(this.path, loaded.config);
    } catch (error) {
      this.#isGood = false;
      throw new Error(`${this.path}: ${messageOf(error)}`);
    }
  }

  /** Looks, at most once a second, whether the files have changed, and reads them again. For each request. */
  async refresh(): Promise<void> {
    if (performance.now() - this.#checkedAt < CHECK_EVERY_MS) return;
    await this.refreshNow();
  }

  /** Looks now. */
  async refreshNow(): Promise<void> {
    this.#checkedAt = performance.now();
    const fingerprint = await fingerprintOf(this.path, this.#current.config);
    if (fingerprint === this.#fingerprint) return;
    this.#fingerprint = fingerprint;
    await this.reload().then(
      () => this.#logger.info('The web configuration was read again.', { path: this.path }),
      (error: unknown) =>
        this.#logger.error('The web configuration cannot be used; the last good one stays.', { err: error }),
    );
  }

  async close(): Promise<void> {
    await this.#checker.close();
  }

  #use(loaded: LoadedConfig): void {
    this.#current = loaded;
    this.#isGood = true;
    this.#loadedAt = Date.now();
    for (const listener of this.#listeners) listener(loaded);
  }
}

/** What is wrong with a web configuration file; undefined where nothing is. */
export async function webConfigMistake(path: string): Promise<string | undefined> {
  try {
    await load(path, new PasswordChecker());
    return undefined;
  } catch (error) {
    return `${path}: ${messageOf(error)}`;
  }
}

async function load(path: string, checker: PasswordChecker): Promise<LoadedConfig> {
  const config = parseWebConfig(await readFile(path, 'utf8'), path);
  const tls = config.tls && (await loadTls(config.tls));
  const authenticator = config.users.size === 0 ? undefined : new Authenticator(config.users, checker);
  return { config, tls, authenticator };
}

/** Changes when one of the files does, also where a link to it is turned: Kubernetes swaps folders so. */
async function fingerprintOf(path: string, { tls }: WebConfig): Promise<string> {
  const pems = tls === undefined ? [] : [tls.cert, tls.key, tls.clientCa];
  const files = [path, ...pems.flatMap((pem) => (pem !== undefined && 'file' in pem ? [pem.file] : []))];
  const states = await Promise.all(
    files.map((file) =>
      stat(file).then(
        ({ mtimeMs, size, ino }) => [mtimeMs, size, ino].join(),
        (error: unknown) => messageOf(error),
      ),
    ),
  );
  return JSON.stringify(states);
}

function warnOf({ users, wantsHttp2 }: WebConfig, logger: Logger): void {
  if (wantsHttp2) logger.info('HTTP/2 is not spoken here; clients fall back to HTTP/1.1.');
  const slowest = Math.max(0, ...[...users.values()].map(work));
  if (slowest > SLOW_MS) {
    logger.warn('A password hash is costly: each new connection of its user waits for it.', {
      seconds: slowest / 1000,
    });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
