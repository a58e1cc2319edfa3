import {
  type EventLoopUtilization,
  type IntervalHistogram,
  monitorEventLoopDelay,
  type PerformanceObserver,
} from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { type GarbageCollection, observeCollections } from '../../model/garbage-collections.ts';
import { ifAvailable } from '../../model/missing-api.ts';
import type { GcPause, ProcessState } from '../protocol.ts';

/** Time between two measurements of the delay; shorter ones cost more than they tell. */
const RESOLUTION_MS = 20;
/** More pauses between two samples are left out. */
const MAX_PAUSES = 200;

/** Measures this process while it is started, and costs nothing otherwise. */
export class ProcessProbe {
  readonly #hasLoop: boolean;
  #delays: IntervalHistogram | undefined;
  #observer: PerformanceObserver | undefined;
  #pauses: GcPause[] = [];
  #cpu = cpuUsage();
  #loop = loopUtilization();
  #at = performance.now();

  /** `hasLoop` tells whether heap, event loop and garbage collection of this thread are those of the process. */
  constructor(hasLoop: boolean) {
    this.#hasLoop = hasLoop;
  }

  start(): void {
    this.#reset();
    if (!this.#hasLoop || this.#delays !== undefined) return;
    this.#delays = ifAvailable('perf_hooks.monitorEventLoopDelay()', () => {
      const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
      delays.enable();
      return delays;
    });
    this.#observer ??= observeCollections((collection) => this.#addPause(collection));
  }

  stop(): void {
    this.#delays?.disable();
    this.#observer?.disconnect();
    this.#delays = undefined;
    this.#observer = undefined;
    this.#pauses = [];
  }

  /** Returns the state since the call before. */
  read(): ProcessState {
    const seconds = (performance.now() - this.#at) / 1000;
    const cpu = cpuUsage(this.#cpu);
    const residentBytes = ifAvailable('process.memoryUsage.rss()', () => process.memoryUsage.rss());
    const state = {
      ...(cpu !== undefined && seconds > 0 && { cpu: round((cpu.user + cpu.system) / 1e6 / seconds) }),
      ...(residentBytes !== undefined && { residentBytes }),
      ...(this.#hasLoop ? this.#threadState() : {}),
    };
    this.#reset();
    return state;
  }

  #threadState(): ProcessState {
    const heap = ifAvailable('v8.getHeapStatistics()', () => getHeapStatistics());
    const loop = loopUtilization(this.#loop);
    return {
      ...(heap !== undefined && { heapUsedBytes: heap.used_heap_size, heapLimitBytes: heap.heap_size_limit }),
      ...this.#delay(),
      ...(loop !== undefined && { loopUtilization: round(loop.utilization) }),
      gcPauses: this.#pauses,
    };
  }

  #delay(): Pick<ProcessState, 'loopDelayP50' | 'loopDelayP99' | 'loopDelayMax'> {
    const delays = this.#delays;
    if (delays === undefined || delays.count === 0) return {};
    // Node measures the time between two timers, which is the delay and the resolution.
    const seconds = (nanoseconds: number) => round(Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) / 1000);
    return {
      loopDelayP50: seconds(delays.percentile(50)),
      loopDelayP99: seconds(delays.percentile(99)),
      loopDelayMax: seconds(delays.max),
    };
  }

  #reset(): void {
    this.#delays?.reset();
    this.#pauses = [];
    this.#cpu = cpuUsage();
    this.#loop = loopUtilization();
    this.#at = performance.now();
  }

  #addPause({ startTime, duration, kind }: GarbageCollection): void {
    if (this.#pauses.length >= MAX_PAUSES) return;
    this.#pauses.push({ time: Math.round(performance.timeOrigin + startTime), ms: round(duration), kind });
  }
}

function cpuUsage(since?: NodeJS.CpuUsage): NodeJS.CpuUsage | undefined {
  return ifAvailable('process.cpuUsage()', () => process.cpuUsage(since));
}

function loopUtilization(since?: EventLoopUtilization): EventLoopUtilization | undefined {
  return ifAvailable('performance.eventLoopUtilization()', () => performance.eventLoopUtilization(since));
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
