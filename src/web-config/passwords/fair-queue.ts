/** A client that waits in a queue. */
export interface Client {
  /** Groups of the client, from the widest to the narrowest: its network, its address. */
  readonly groups: readonly string[];
  /** The narrowest group: the same object for all requests of a connection. */
  readonly connection: { readonly destroyed: boolean };
}

/** Load that a group causes. */
interface Load {
  failures: number;
  waiting: number;
}

interface WaitingRequest {
  readonly connection: Client['connection'];
  readonly loads: readonly Load[];
  readonly isDecided: () => boolean;
  /** Starts the work, or turns the client away. */
  readonly settle: (hasTurn: boolean) => void;
}

const MAX_WAITING = 512;
const MAX_GROUPS = 1000;

/**
 * Queue for the work of clients that may be hostile, one at a time. Clients whose groups have failed least go first,
 * then those whose groups have the fewest requests waiting. Among equals the latest goes first: the others have waited
 * longer and are more likely to have given up. If too many are waiting, the last in this order is turned away.
 */
export class FairQueue {
  readonly #maxWaiting: number;
  /** In order of arrival. */
  readonly #waiting: WaitingRequest[] = [];
  /** Least recently used first. */
  readonly #groups = new Map<string, Load>();
  readonly #connections = new WeakMap<object, Load>();
  #isBusy = false;

  constructor(maxWaiting = MAX_WAITING) {
    this.#maxWaiting = maxWaiting;
  }

  /**
   * Runs the work when it is the client's turn; resolves with undefined if the client is turned away. Work that is
   * already decided takes no time and goes first.
   */
  async inTurn<T>(client: Client, isDecided: () => boolean, work: () => Promise<T>): Promise<T | undefined> {
    const hasTurn = await new Promise<boolean>((settle) => this.#enter(client, isDecided, settle));
    if (!hasTurn) return undefined;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
      this.#next();
    }
  }

  /** Records the outcome of a turn. A success resets the failures of the client's groups. */
  record(client: Client, isSuccess: boolean): void {
    for (const load of this.#loadsOf(client)) load.failures = isSuccess ? 0 : load.failures + 1;
  }

  #enter(client: Client, isDecided: WaitingRequest['isDecided'], settle: WaitingRequest['settle']): void {
    const loads = this.#loadsOf(client);
    for (const load of loads) load.waiting++;
    this.#waiting.push({ connection: client.connection, loads, isDecided, settle });
    this.#next();
    if (this.#waiting.length + Number(this.#isBusy) <= this.#maxWaiting) return;
    const last = this.#waiting.reduce((found, next) => (compareRequests(next, found) > 0 ? next : found));
    this.#remove(last).settle(false);
  }

  #next(): void {
    for (const gone of this.#waiting.filter(({ connection }) => connection.destroyed)) this.#remove(gone).settle(false);
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    this.#remove(this.#waiting.find(({ isDecided }) => isDecided()) ?? this.#first()).settle(true);
  }

  /** Considers the first request of each connection, since responses are sent in order. */
  #first(): WaitingRequest {
    const firsts = new Map<object, WaitingRequest>();
    for (const entry of this.#waiting) if (!firsts.has(entry.connection)) firsts.set(entry.connection, entry);
    return [...firsts.values()].reduce((first, next) => (compareRequests(next, first) <= 0 ? next : first));
  }

  #remove(entry: WaitingRequest): WaitingRequest {
    this.#waiting.splice(this.#waiting.indexOf(entry), 1);
    for (const load of entry.loads) load.waiting--;
    return entry;
  }

  #loadsOf(client: Client): readonly Load[] {
    const groupLoads = client.groups.map((group) => this.#groupLoad(group));
    const load = this.#connections.get(client.connection) ?? { failures: 0, waiting: 0 };
    this.#connections.set(client.connection, load);
    return [...groupLoads, load];
  }

  #groupLoad(group: string): Load {
    const load = this.#groups.get(group) ?? { failures: 0, waiting: 0 };
    this.#groups.delete(group);
    this.#groups.set(group, load);
    if (this.#groups.size > MAX_GROUPS) this.#forgetOldest();
    return load;
  }

  #forgetOldest(): void {
    for (const [group, { waiting }] of this.#groups) {
      if (waiting === 0) return void this.#groups.delete(group);
    }
  }
}

/** Negative if the first entry goes before the second: the widest groups that differ decide. */
function compareRequests(a: WaitingRequest, b: WaitingRequest): number {
  for (const [index, { failures, waiting }] of a.loads.entries()) {
    const other = b.loads[index] ?? { failures, waiting };
    const difference = failures - other.failures || waiting - other.waiting;
    if (difference !== 0) return difference;
  }
  return 0;
}
