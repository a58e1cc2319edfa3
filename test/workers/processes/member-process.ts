import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Registry } from '../../../src/index.ts';
import { collectWorkers } from '../../../src/workers/index.ts';

/** Instructions for a member, which it executes in order. */
export interface Order {
  readonly inc?: number;
  readonly queue?: string;
  readonly observe?: number;
  readonly set?: number;
  readonly remove?: string;
  readonly register?: string;
  /** Creates this number of series, whose names no other process has. */
  readonly series?: number;
  readonly leave?: boolean;
  readonly block?: number;
  /** Scrapes the group with this timeout, in milliseconds. */
  readonly expose?: number;
  readonly fail?: boolean;
  readonly exit?: boolean;
  readonly disconnect?: boolean;
}

const PROGRAM = join(import.meta.dirname, 'member-program.js');

/** Returns a new directory, which is removed when the test ends. */
export async function meetingPlace(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'zp-'));
  // A scrape may be creating a file in it.
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 10 }));
  return directory;
}

/** A process that has joined the group `test` in a directory. */
export class MemberProcess {
  readonly child: ChildProcess;
  worker = -1;
  readonly ended: Promise<unknown>;

  private constructor(directory: string, env: NodeJS.ProcessEnv, execPath: string | undefined) {
    this.child = fork(PROGRAM, {
      env: { ...process.env, DIRECTORY: directory, GROUP: 'test', ...env },
      execArgv: [],
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      ...(execPath === undefined ? {} : { execPath }),
    });
    this.ended = once(this.child, 'exit');
  }

  /** Starts a process and waits until it has joined; it is killed when the test ends. */
  static async start(
    t: Pick<TestContext, 'after'>,
    directory: string,
    env: NodeJS.ProcessEnv = {},
    execPath?: string,
  ): Promise<MemberProcess> {
    const member = new MemberProcess(directory, env, execPath);
    t.after(() => member.kill());
    const [{ worker }] = await Promise.race([once(member.child, 'message'), member.ended.then(() => [{ worker: -1 }])]);
    member.worker = worker;
    return member;
  }

  /** Sends an order, and returns the exposition if the order requests one. */
  async tell(order: Order): Promise<string> {
    const answered = once(this.child, 'message');
    this.child.send(order);
    const [{ text }] = await answered;
    return text;
  }

  /** The values of all series that the member exposes for its group. */
  async scrape(timeoutMs = 10_000): Promise<Map<string, number>> {
    return valuesIn(await this.tell({ expose: timeoutMs }));
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Starts two members of a group of their own. */
export async function startTwo(t: TestContext) {
  const directory = await meetingPlace(t);
  const first = await MemberProcess.start(t, directory);
  const second = await MemberProcess.start(t, directory);
  return { directory, first, second };
}

/** The values of all series of the group, collected by the process of the test with a new collector. */
export async function scrapeHere(directory: string): Promise<Map<string, number>> {
  return valuesIn(await Registry.merge(collectWorkers({ directory, group: 'test' })).expose());
}

/** The values of all series of an exposition. */
export function valuesIn(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}
