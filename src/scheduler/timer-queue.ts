import { type Clock, LONGEST_DELAY_MS, type Timer } from './clock.ts';
import { Heap, type HeapItem } from './priority-queue.ts';

/** How long the alarms of one pass may hold the event loop before it gets a turn. */
const PASS_MS = 5;

/**
 * All that a scheduler waits for, in one heap and behind one armed timer, whatever the number of tasks.
 * An alarm never rings before its time; it may ring late.
 */
export class Agenda {
  readonly #clock: Clock;
  readonly #onFault: (thrown: unknown) => void;
  readonly #alarms = new Heap<Alarm>();
  #order = 0;
  #holders = 0;
  #timer: Timer | undefined;
  #armedFor = 0;
  #isPassing = false;
  #passedAt = Number.NEGATIVE_INFINITY;

  /** `onFault` gets what an alarm throws; nothing gets out of the timer. */
  constructor(clock: Clock, onFault: (thrown: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  get now(): number {
    return this.#clock.now();
  }

  /** Whether more work may start in this turn of the event loop without holding up the others. */
  get hasTime(): boolean {
    return this.#clock.now() - this.#passedAt < PASS_MS;
  }

  /** Alarms themselves call this: use `alarm.set()`. */
  add(alarm: Alarm): void {
    alarm.order = this.#order++;
    if (alarm.holdsProcess) this.#holders++;
    this.#alarms.push(alarm);
    this.#arm();
  }

  /** Alarms themselves call this: use `alarm.clear()`. */
  remove(alarm: Alarm): void {
    if (alarm.holdsProcess) this.#holders--;
    this.#alarms.remove(alarm);
    this.#arm();
  }

  /** A timer that is armed for too early a time may stay: it will find nothing to do and arm the next one. */
  #arm(): void {
    if (this.#isPassing) return;
    const first = this.#alarms.first;
    if (!first) this.#disarm();
    else if (!this.#timer || first.at < this.#armedFor) this.#armFor(first.at);
    if (this.#timer) this.#holdProcess(this.#timer);
  }

  #armFor(at: number): void {
    this.#disarm();
    const delayMs = Math.max(0, Math.ceil(at - this.#clock.now()));
    this.#armedFor = at;
    this.#timer = this.#clock.setTimeout(() => this.#pass(), Math.min(delayMs, LONGEST_DELAY_MS));
  }

  #disarm(): void {
    if (this.#timer) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #holdProcess(timer: Timer): void {
    if (this.#holders > 0) timer.ref?.();
    else timer.unref?.();
  }

  #pass(): void {
    this.#timer = undefined;
    this.#passedAt = this.#clock.now();
    this.#isPassing = true;
    this.#ringUntil(this.#passedAt);
    this.#isPassing = false;
    this.#arm();
  }

  #ringUntil(start: number): void {
    let now = start;
    for (let alarm = this.#alarms.first; alarm && alarm.at <= now; alarm = this.#alarms.first) {
      alarm.clear();
      this.#ring(alarm);
      now = this.#clock.now();
      if (now - start >= PASS_MS) return;
    }
  }

  #ring(alarm: Alarm): void {
    try {
      alarm.ring();
    } catch (thrown) {
      this.#onFault(thrown);
    }
  }
}

/** One thing to wait for. It rings once for each `set()`, and can be set again at any time, also while it rings. */
export class Alarm implements HeapItem {
  readonly ring: () => void;
  /** Whether the process stays alive while the alarm is set. */
  readonly holdsProcess: boolean;
  readonly #agenda: Agenda;
  index = -1;
  order = 0;
  at = 0;

  constructor(agenda: Agenda, ring: () => void, holdsProcess: boolean) {
    this.#agenda = agenda;
    this.ring = ring;
    this.holdsProcess = holdsProcess;
  }

  get isSet(): boolean {
    return this.index >= 0;
  }

  /** Rings at this time of the clock instead of the one set before. Infinity is never. */
  set(at: number): void {
    this.clear();
    this.at = at;
    if (at < Number.POSITIVE_INFINITY) this.#agenda.add(this);
  }

  clear(): void {
    if (this.isSet) this.#agenda.remove(this);
  }

  /** Alarms of the same time ring in the order in which they were set. */
  isBefore(other: Alarm): boolean {
    return this.at < other.at || (this.at === other.at && this.order < other.order);
  }
}
