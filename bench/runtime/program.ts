import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { builtUrl } from '../checkout.ts';

/** A program in a process of its own. It answers each message with a number, and sends the first number unasked. */
export class Program {
  readonly #child: ChildProcess;
  readonly #ended: Promise<never>;

  /**
   * `code` is a module in which `load()` imports packages as a file in the folder `peers` would, and `answer()` answers.
   */
  constructor(code: string, node = process.execPath, peers = import.meta.dirname) {
    this.#child = spawn(node, ['--input-type=module', '--eval', `${prologue(peers)}\n${code}`], {
      cwd: tmpdir(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#ended = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`A program ended with ${String(code)}.`);
    });
    this.#ended.catch(() => {}); // Callers that wait for an answer get the error.
  }

  /** Returns the next number. */
  async answer(): Promise<number> {
    const answer = new Promise((resolve) => this.#child.once('message', resolve));
    return Number(await Promise.race([answer, this.#ended]));
  }

  async ask(): Promise<number> {
    const answer = this.answer();
    this.#child.send('');
    return await answer;
  }

  end(): void {
    this.#child.kill();
  }
}

/** Runs a program that answers once. */
export async function answerOf(code: string, node?: string): Promise<number> {
  const program = new Program(code, node);
  const answer = await program.answer();
  program.end();
  return answer;
}

const ours = ['zeroprom', 'zeroprom/collectors', 'zeroprom/instrument'].map((name) => [name, builtUrl(name)]);

/** Lets a program load the package as it is published, and peers, from any folder. */
const prologue = (peers: string) => `
  import { createRequire } from 'node:module';
  const require = createRequire(${JSON.stringify(pathToFileURL(`${peers}/x.js`).href)});
  const ours = new Map(${JSON.stringify(ours)});
  const load = async (name) => (ours.has(name) ? import(ours.get(name)) : require(name));
  const answer = (number) => process.send(number);
  const cpuMicroseconds = () => { const { user, system } = process.cpuUsage(); return user + system; };
`;
