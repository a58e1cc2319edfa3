/** A client that waits for its turn. */
export interface Client {
  /** The groups that it belongs to, from the widest to the narrowest: its network, its address. */
  readonly groups: readonly string[];
  /** The narrowest group: the same object for everything that comes over one connection. */
  readonly connection: { readonly destroyed: boolean };
}

interface Load {
  failures: number;
  waiting: number;
}

interface Waiting {
  readonly connection: Client['connection'];
  readonly loads: readonly Load[];
  readonly isDecided: () => boolean;
  readonly begin: (hasTurn: boolean) => void;
}

const MOST_WAITING = 512;
const MOST_GROUPS = 1000;

/**
 * Lets clients that may be hostile have one turn after another. The groups of a client that have failed least are first,
 * then those that ask for least. Among equals the last to come is first: the others have waited longer, and are more
 * likely to have given up. Where too many wait, the one whose turn would be the last is turned away.
 */
export class FairQueue {
  readonly #mostWaiting: number;
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = [];
  /** The last used at the end. */
  readonly #groups = new Map<string, Load>();
  readonly #connections = new WeakMap<object, Load>();
  #isBusy = false;

  constructor(mostWaiting = MOST_WAITING) {
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Does the work in a turn of the client's; undefined where it gets none. What is decided by then has nothing to do, and
   * goes before everything else.
   */
  async inTurn<T>(client: Client, isDecided: () => boolean, work: () => Promise<T>): Promise<T | undefined> {
    const hasTurn = await new Promise<boolean>((begin) => this.#enter(client, isDecided, begin));
    if (!hasTurn) return undefined;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
      this.#next();
    }
  }

  /** Remembers what came of a turn: failures count until there is a success. */
  record(client: Client, isSuccess: boolean): void {
    for (const load of this.#loadsOf(client)) load.failures = isSuccess ? 0 : load.failures + 1;
  }

  #enter(client: Client, isDecided: Waiting['isDecided'], begin: Waiting['begin']): void {
    const loads = this.#loadsOf(client);
    for (const load of loads) load.waiting++;
    this.#waiting.push({ connection: client.connection, loads, isDecided, begin });
    this.#next();
    if (this.#waiting.length + Number(this.#isBusy) > this.#mostWaiting) this.#remove(this.#last()).begin(false);
  }

  #next(): void {
    for (const gone of this.#waiting.filter(({ connection }) => connection.destroyed)) this.#remove(gone).begin(false);
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    this.#remove(this.#waiting.find(({ isDecided }) => isDecided()) ?? this.#first()).begin(true);
  }

  /** Each connection's first: its requests are answered in order. */
  #first(): Waiting {
    const firsts = new Map<object, Waiting>();
    for (const waiting of this.#waiting) if (!firsts.has(waiting.connection)) firsts.set(waiting.connection, waiting);
    return [...firsts.values()].reduce((first, next) => (compare(next, first) <= 0 ? next : first));
  }

  #last(): Waiting {
    return this.#waiting.reduce((last, next) => (compare(next, last) > 0 ? next : last));
  }

  #remove(waiting: Waiting): Waiting {
    this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
    for (const load of waiting.loads) load.waiting--;
    return waiting;
  }

  #loadsOf(client: Client): readonly Load[] {
    return [...client.groups.map((group) => this.#groupLoad(group)), this.#connectionLoad(client)];
  }

  #groupLoad(group: string): Load {
    const load = this.#groups.get(group) ?? { failures: 0, waiting: 0 };
    this.#groups.delete(group);
    this.#groups.set(group, load);
    if (this.#groups.size > MOST_GROUPS) this.#forgetOldest();
    return load;
  }

  #forgetOldest(): void {
    for (const [group, { waiting }] of this.#groups) {
      if (waiting === 0) return void this.#groups.delete(group);
    }
  }

  #connectionLoad({ connection }: Client): Load {
    const load = this.#connections.get(connection) ?? { failures: 0, waiting: 0 };
    this.#connections.set(connection, load);
    return load;
  }
}

/** Below zero where the first is to go before the second: the widest groups that differ decide. */
function compare(a: Waiting, b: Waiting): number {
  for (const [index, { failures, waiting }] of a.loads.entries()) {
    const other = b.loads[index] ?? { failures, waiting };
    const difference = failures - other.failures || waiting - other.waiting;
    if (difference !== 0) return difference;
  }
  return 0;
}
