import type { Logger } from '../model/logger.ts';
import { thrownText } from '../model/thrown.ts';
import { Authenticator } from './passwords/authenticator.ts';
import { PasswordChecker } from './passwords/password-checker.ts';
import { estimatedMs } from './passwords/password-hash.ts';
import { absentProtections, lostProtection } from './protections.ts';
import { loadTls, type TlsOptions } from './tls/tls-options.ts';
import { WatchedFiles } from './watched-files.ts';
import { parseWebConfig, type WebConfig } from './web-config.ts';

/** Web configuration that is ready for use. */
export interface LoadedConfig {
  readonly config: WebConfig;
  readonly tls: TlsOptions | undefined;
  readonly authenticator: Authenticator | undefined;
}

const CHECK_INTERVAL_MS = 1000;
const SLOW_CHECK_MS = 500;

/**
 * A web configuration file that is reloaded when it, or a file that it names, has changed. A file that is invalid, or
 * loses a protection by accident, changes nothing: the last good configuration stays in use.
 */
export class WebConfigFile {
  readonly path: string;
  readonly #logger: Logger;
  readonly #checker: PasswordChecker;
  #current: LoadedConfig;
  /** Files that the last attempt has read, even if it failed. */
  #files: WatchedFiles;
  #checkedAt = performance.now();
  #isGood = true;
  #loadedAt = Date.now();
  /**
   * Last of the reloads, which run one after another, so that the configuration in use is the one that was read last.
   */
  #last: Promise<unknown> = Promise.resolve();
  #isRefreshing = false;
  readonly #listeners: ((loaded: LoadedConfig) => void)[] = [];

  private constructor(
    path: string,
    logger: Logger,
    checker: PasswordChecker,
    loaded: LoadedConfig,
    files: WatchedFiles,
  ) {
    this.path = path;
    this.#logger = logger;
    this.#checker = checker;
    this.#current = loaded;
    this.#files = files;
  }

  /** Loads a file. Rejects if it, or a file that it names, cannot be read or is invalid. */
  static async load(path: string, logger: Logger): Promise<WebConfigFile> {
    const checker = new PasswordChecker();
    const files = new WatchedFiles();
    const loaded = await load(path, checker, files);
    if (loaded.config.wantsHttp2) logger.info('http2 is set, but only HTTP/1.1 is supported; clients will fall back.');
    for (const warning of warningsOf(loaded)) logger.warn(warning);
    return new WebConfigFile(path, logger, checker, loaded, files);
  }

  /** Configuration in use. */
  get current(): LoadedConfig {
    return this.#current;
  }

  /** Whether the last reload succeeded. */
  get isLastReloadGood(): boolean {
    return this.#isGood;
  }

  /** Time of the last successful reload, in milliseconds since the epoch. */
  get loadedAt(): number {
    return this.#loadedAt;
  }

  /** Calls `listener` after each successful reload. */
  onChange(listener: (loaded: LoadedConfig) => void): void {
    this.#listeners.push(listener);
  }

  /** Reloads the file. Rejects if it is invalid. */
  async reload(): Promise<void> {
    await this.#afterOthers(() => this.#reload());
  }

  /** Reloads the files if they have changed; checks at most once a second. Called for each request. */
  async refresh(): Promise<void> {
    if (this.#isRefreshing || performance.now() - this.#checkedAt < CHECK_INTERVAL_MS) return;
    this.#isRefreshing = true;
    await this.refreshNow().finally(() => {
      this.#isRefreshing = false;
    });
  }

  /** Reloads the files if they have changed. */
  async refreshNow(): Promise<void> {
    await this.#afterOthers(async () => {
      if (await this.#files.haveChanged()) await this.#reloadChanged();
      this.#checkedAt = performance.now();
    });
  }

  /** Aborts the password check that is running. */
  close(): void {
    this.#checker.close();
  }

  async #reloadChanged(): Promise<void> {
    try {
      await this.#reload();
      this.#logger.info('Reloaded the web configuration.', { path: this.path });
    } catch (error) {
      this.#logger.error('Reloading the web configuration failed; the last good one stays in use.', { err: error });
    }
  }

  async #reload(): Promise<void> {
    this.#files = new WatchedFiles();
    try {
      const loaded = await load(this.path, this.#checker, this.#files);
      // A configuration may be valid and still must not replace the one in use.
      const { tls, config } = this.#current;
      if ((tls === undefined) !== (loaded.tls === undefined)) throw new Error('turning TLS on or off needs a restart.');
      const lost = lostProtection(config, loaded.config);
      if (lost !== undefined) throw new Error(lost);
      this.#use(loaded);
    } catch (error) {
      this.#isGood = false;
      throw new Error(`${this.path}: ${thrownText(error)}`);
    }
  }

  #use(loaded: LoadedConfig): void {
    this.#current = loaded;
    this.#isGood = true;
    this.#loadedAt = Date.now();
    for (const warning of warningsOf(loaded)) this.#logger.warn(warning);
    for (const listener of this.#listeners) listener(loaded);
  }

  #afterOthers(run: () => Promise<void>): Promise<void> {
    const done = this.#last.then(run);
    this.#last = done.catch(() => {});
    return done;
  }
}

/** Validates a web configuration file and returns the first error; undefined if it is valid. */
export async function webConfigMistake(path: string): Promise<string | undefined> {
  try {
    await load(path, new PasswordChecker(), new WatchedFiles());
    return undefined;
  } catch (error) {
    return `${path}: ${thrownText(error)}`;
  }
}

/** Whether the file currently enables TLS; true if it cannot be read. Does not read certificates. */
export async function saysTls(path: string): Promise<boolean> {
  try {
    return parseWebConfig(await new WatchedFiles().read(path), path).tls !== undefined;
  } catch {
    return true;
  }
}

async function load(path: string, checker: PasswordChecker, files: WatchedFiles): Promise<LoadedConfig> {
  const config = parseWebConfig(await files.read(path), path);
  const tls = config.tls && (await loadTls(config.tls, (file) => files.read(file)));
  const authenticator = config.users.size === 0 ? undefined : new Authenticator(config.users, checker);
  return { config, tls, authenticator };
}

function warningsOf({ config, tls }: LoadedConfig): string[] {
  return [...absentProtections(config), ...(tls?.warnings ?? []), ...slowPasswords(config)];
}

function slowPasswords({ users }: WebConfig): string[] {
  const slowest = Math.max(0, ...[...users.values()].map(estimatedMs));
  if (slowest <= SLOW_CHECK_MS) return [];
  return [
    `A password hash takes about ${slowest / 1000} seconds to verify; the first request with a password waits for it.`,
  ];
}
