import type { Logger } from '../model/logger.ts';
import { thrownText } from '../model/thrown.ts';
import { Authenticator } from './passwords/authenticator.ts';
import { PasswordChecker } from './passwords/password-checker.ts';
import { estimatedMs } from './passwords/password-hash.ts';
import { absentProtections, lostProtection } from './protections.ts';
import { loadTls, type TlsOptions } from './tls/tls-options.ts';
import { WatchedFiles } from './watched-files.ts';
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
 * A web configuration file, read again when it or a file that it names has changed. One that cannot be used, or that gives
 * up a protection without saying so, changes nothing: the last good one stays in use.
 */
export class WebConfigFile {
  readonly path: string;
  readonly #logger: Logger;
  readonly #checker: PasswordChecker;
  #current: LoadedConfig;
  /** What the last attempt has read, also if it failed. */
  #files: WatchedFiles;
  #checkedAt = performance.now();
  #isGood = true;
  #loadedAt = Date.now();
  /** Reloads run one after another, so that what was read last is what is in use. */
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

  /** Rejects where the file, or what it names, cannot be read or used. */
  static async load(path: string, logger: Logger): Promise<WebConfigFile> {
    const checker = new PasswordChecker();
    const files = new WatchedFiles();
    const loaded = await load(path, checker, files);
    if (loaded.config.wantsHttp2) logger.info('HTTP/2 is not spoken here; clients fall back to HTTP/1.1.');
    for (const warning of warningsOf(loaded)) logger.warn(warning);
    return new WebConfigFile(path, logger, checker, loaded, files);
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
    await this.#afterOthers(() => this.#reload());
  }

  /** Looks, at most once a second, whether the files have changed, and reads them again. For each request. */
  async refresh(): Promise<void> {
    if (this.#isRefreshing || performance.now() - this.#checkedAt < CHECK_EVERY_MS) return;
    this.#isRefreshing = true;
    await this.refreshNow().finally(() => {
      this.#isRefreshing = false;
    });
  }

  /** Looks now. */
  async refreshNow(): Promise<void> {
    await this.#afterOthers(async () => {
      if (await this.#files.haveChanged()) await this.#reloadChanged();
      this.#checkedAt = performance.now();
    });
  }

  async close(): Promise<void> {
    await this.#checker.close();
  }

  async #reloadChanged(): Promise<void> {
    try {
      await this.#reload();
      this.#logger.info('The web configuration was read again.', { path: this.path });
    } catch (error) {
      this.#logger.error('The web configuration cannot be used; the last good one stays.', { err: error });
    }
  }

  async #reload(): Promise<void> {
    this.#files = new WatchedFiles();
    try {
      const loaded = await load(this.path, this.#checker, this.#files);
      const objection = objectionTo(this.#current, loaded);
      if (objection !== undefined) throw new Error(objection);
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

/** What is wrong with a web configuration file; undefined where nothing is. */
export async function webConfigMistake(path: string): Promise<string | undefined> {
  try {
    await load(path, new PasswordChecker(), new WatchedFiles());
    return undefined;
  } catch (error) {
    return `${path}: ${thrownText(error)}`;
  }
}

/** Whether the file, as it is now, asks for TLS; also true if it cannot be read. Certificates are not looked at. */
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

/** Why the one in use must not be replaced by another that is good in itself. */
function objectionTo(current: LoadedConfig, next: LoadedConfig): string | undefined {
  if ((current.tls === undefined) !== (next.tls === undefined)) return 'turning TLS on or off needs a restart.';
  return lostProtection(current.config, next.config);
}

function warningsOf({ config, tls }: LoadedConfig): string[] {
  return [...absentProtections(config), ...(tls?.warnings ?? []), ...slowPasswords(config)];
}

function slowPasswords({ users }: WebConfig): string[] {
  const slowest = Math.max(0, ...[...users.values()].map(estimatedMs));
  if (slowest <= SLOW_MS) return [];
  return [`A password hash takes ${slowest / 1000} seconds to check; each new connection of its user waits for it.`];
}
