import { LONGEST_DELAY_MS } from '../model/duration.ts';
import type { Clock, ClockTimer } from './clock.ts';
import { PriorityQueue, type QueueItem } from './priority-queue.ts';

/** How long the alarms of one pass may block the event loop before other callbacks get their turn. */
const PASS_MS = 5;

/**
 * All alarms of a scheduler in one priority queue behind one timer, however many tasks there are. An alarm never rings
 * early; it may ring late.
 */
export class TimerQueue {
  readonly clock: Clock;
  readonly #onFault: (thrown: unknown) => void;
  readonly #alarms = new PriorityQueue<Alarm>();
  #order = 0;
  #holders = 0;
  #timer: ClockTimer | undefined;
  #armedFor = 0;
  #isPassing = false;
  #passedAt = Number.NEGATIVE_INFINITY;

  /** `onFault` receives errors thrown by alarms; they never escape the timer. */
  constructor(clock: Clock, onFault: (thrown: unknown) => void) {
    this.clock = clock;
    this.#onFault = onFault;
  }

  /** Whether more work may start before the event loop must get a turn. */
  get hasTime(): boolean {
    return this.clock.now() - this.#passedAt < PASS_MS;
  }

  /** For alarms only: use `alarm.set()`. */
  add(alarm: Alarm): void {
    alarm.order = this.#order++;
    if (alarm.holdsProcess) this.#holders++;
    this.#alarms.push(alarm);
    this.#arm();
  }

  /** For alarms only: use `alarm.clear()`. */
  remove(alarm: Alarm): void {
    if (alarm.holdsProcess) this.#holders--;
    this.#alarms.remove(alarm);
    this.#arm();
  }

  /** Keeps a timer that is armed for too early a time: it will find nothing to do and arm the next one. */
  #arm(): void {
    if (this.#isPassing) return;
    const first = this.#alarms.first;
    if (!first) this.#disarm();
    else if (!this.#timer || first.at < this.#armedFor) this.#armFor(first.at);
    if (this.#holders > 0) this.#timer?.ref?.();
    else this.#timer?.unref?.();
  }

  #armFor(at: number): void {
    this.#disarm();
    const delayMs = Math.max(0, Math.ceil(at - this.clock.now()));
    this.#armedFor = at;
    this.#timer = this.clock.setTimeout(() => this.#pass(), Math.min(delayMs, LONGEST_DELAY_MS));
  }

  #disarm(): void {
    if (this.#timer) this.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #pass(): void {
    this.#timer = undefined;
    this.#passedAt = this.clock.now();
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
      now = this.clock.now();
      if (now - start >= PASS_MS) return;
    }
  }

  #ring(alarm: Alarm): void {
    try {
      alarm.owner.ring();
    } catch (thrown) {
      this.#onFault(thrown);
    }
  }
}

/** Called when an alarm rings. An object rather than a closure, because thousands of tasks have alarms. */
export interface AlarmOwner {
  ring(): void;
}

/** Rings once for each `set()`. Can be set again at any time, even while it rings. */
export class Alarm implements QueueItem {
  readonly owner: AlarmOwner;
  /** Whether the process stays alive while the alarm is set. */
  readonly holdsProcess: boolean;
  readonly #timers: TimerQueue;
  index = -1;
  order = 0;
  at = 0;

  constructor(timers: TimerQueue, owner: AlarmOwner, holdsProcess: boolean) {
    this.#timers = timers;
    this.owner = owner;
    this.holdsProcess = holdsProcess;
  }

  get isSet(): boolean {
    return this.index >= 0;
  }

  /** Replaces the time at which the alarm rings, by the clock's `now()`; Infinity for never. */
  set(at: number): void {
    this.clear();
    this.at = at;
    if (at < Number.POSITIVE_INFINITY) this.#timers.add(this);
  }

  clear(): void {
    if (this.isSet) this.#timers.remove(this);
  }

  /** Alarms with the same time ring in the order in which they were set. */
  isBefore(other: Alarm): boolean {
    return this.at < other.at || (this.at === other.at && this.order < other.order);
  }
}
