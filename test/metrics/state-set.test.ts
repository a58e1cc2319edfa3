import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openMetrics } from '../../src/exposition/index.ts';
import { Registry, StateSet } from '../../src/index.ts';
import { quietRegistry, samples } from './exposed-samples.ts';

function machineIn(registry: Registry | null, states: readonly ['off', 'on', 'broken'] = ['off', 'on', 'broken']) {
  return new StateSet({ name: 'machine', help: 'Help.', states, registry });
}

test('each state is a series with the name of the metric as its label, initially 0', async () => {
  const registry = new Registry();
  machineIn(registry);
  assert.match(
    await registry.expose(),
    /^# TYPE machine gauge\nmachine\{machine="off"\} 0\nmachine\{machine="on"\} 0\nmachine\{machine="broken"\} 0$/m,
  );
  assert.match(await registry.expose(openMetrics), /^# TYPE machine stateset$/m);
});

test('set() enables or disables a state, and does not change the others', async () => {
  const registry = quietRegistry();
  const machine = machineIn(registry);
  machine.set('on');
  machine.set('broken', true);
  machine.set('on', false);
  assert.deepEqual(await samples(registry), [
    'machine{machine="off"} 0',
    'machine{machine="on"} 0',
    'machine{machine="broken"} 1',
  ]);
});

test('switchTo() enables only one state', async () => {
  const registry = quietRegistry();
  const machine = machineIn(registry);
  machine.set('broken');
  machine.switchTo('on');
  assert.deepEqual(await samples(registry), [
    'machine{machine="off"} 0',
    'machine{machine="on"} 1',
    'machine{machine="broken"} 0',
  ]);
});

test('a state that is not in the list is refused and changes nothing', async () => {
  const registry = quietRegistry();
  const machine = machineIn(registry);
  machine.switchTo('on');
  const message = 'machine: unknown state "burning"; use one of off, on, broken.';
  // @ts-expect-error wrong on purpose
  assert.throws(() => machine.set('burning'), new RangeError(message));
  // @ts-expect-error wrong on purpose
  assert.throws(() => machine.switchTo('burning'), new RangeError(message));
  assert.equal((await samples(registry))[1], 'machine{machine="on"} 1');
});

test('a state must be enabled with true or false', () => {
  const message = 'machine: set() takes a boolean for state on, got number.';
  // @ts-expect-error wrong on purpose
  assert.throws(() => machineIn(null).set('on', 1), new TypeError(message));
});

test('each series of a state set with labels has its own states', async () => {
  const registry = quietRegistry();
  const states = new StateSet({ name: 'm', help: '', states: ['on', 'off'], labelNames: ['id'], registry });
  states.switchTo({ id: '1' }, 'on');
  states.labels('2').set('off');
  states.curry({ id: '3' }).switchTo('on');
  assert.deepEqual(await samples(registry), [
    'm{id="1",m="on"} 1',
    'm{id="1",m="off"} 0',
    'm{id="2",m="on"} 0',
    'm{id="2",m="off"} 1',
    'm{id="3",m="on"} 1',
    'm{id="3",m="off"} 0',
  ]);
});

test('the name of the metric is not allowed as a label', () => {
  const make = () => new StateSet({ name: 'm', help: '', states: ['on'], labelNames: ['m'], registry: null });
  assert.throws(make, new RangeError('m: label name "m" is reserved for metrics of this type.'));
});

test('states must be a list of different strings', () => {
  const make = (states: unknown) => () =>
    // @ts-expect-error wrong on purpose
    new StateSet({ name: 'm', help: '', states, registry: null });
  assert.throws(make([]), new TypeError('m: states must be a non-empty array of strings.'));
  assert.throws(make(undefined), new TypeError('m: states must be a non-empty array of strings.'));
  assert.throws(make(['a', 'a']), new RangeError('m: duplicate state a.'));
  assert.throws(make([1]), new TypeError('m: a state must be a string, got number.'));
});

test('reset() disables all states', async () => {
  const registry = quietRegistry();
  const machine = machineIn(registry);
  machine.switchTo('on');
  machine.reset();
  assert.ok((await samples(registry)).every((line) => line.endsWith(' 0')));
});
