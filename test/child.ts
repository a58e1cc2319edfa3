import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const URL_OF_LOG = /msg=Listening\. url=(\S+)|"msg":"Listening\.","url":"([^"]+)"/;

const ADDRESS_OF_LOG = /msg="Listening on".* address=(\S+)/;

/** A program that a test has started, and its output so far. */
export interface Child {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its exit code, or the signal that ended it, once its output has been read. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** The URL of the metrics, from the log of an exporter. Rejects if the program ends before. */
  readonly metricsUrl: () => Promise<string>;
  /**
   * Waits until its standard error matches, because a line of its log may arrive after a response that it sent later. Fails if
   * the program ends without it.
   */
  readonly says: (pattern: RegExp) => Promise<void>;
}

/** Starts a program; it is killed when the test ends. */
export function start(
  t: TestContext,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  cwd = process.cwd(),
): Child {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const says = async (pattern: RegExp): Promise<void> => {
    while (!pattern.test(stderr)) {
      const next = await Promise.race([once(child.stderr, 'data'), ended]);
      if (!Array.isArray(next)) break;
    }
    assert.match(stderr, pattern);
  };
  const metricsUrl = async (): Promise<string> => {
    await says(URL_OF_LOG);
    const [, url = '', urlInJson = ''] = URL_OF_LOG.exec(stderr) ?? [];
    return url + urlInJson;
  };
  return { process: child, stdout: () => stdout, stderr: () => stderr, ended, metricsUrl, says };
}

/**
 * Starts a program of the Prometheus project on a free port of the loopback interface, and returns its URL. The program
 * chooses the port: one that is only looked up before may be taken by another program meanwhile.
 */
export async function startListening(
  t: TestContext,
  command: string,
  args: readonly string[] = [],
): Promise<{ readonly child: Child; readonly url: string }> {
  const child = start(t, command, ['--web.listen-address=127.0.0.1:0', ...args]);
  await child.says(ADDRESS_OF_LOG);
  return { child, url: `http://${ADDRESS_OF_LOG.exec(child.stderr())?.[1]}` };
}

/** The built example exporter; with coverage, the compiled sources. */
const EXAMPLE = process.env.NODE_V8_COVERAGE ? join(import.meta.dirname, '../src/server.js') : 'dist/server.js';

/** Starts the example exporter on a free port of the loopback interface. */
export function startExample(
  t: TestContext,
  args: readonly string[] = [],
  env: Readonly<Record<string, string | undefined>> = {},
): Child {
  return start(t, process.execPath, [EXAMPLE, ...args], {
    EXAMPLE_EXPORTER_WEB_LISTEN_ADDRESS: '127.0.0.1:0',
    ...env,
  });
}
