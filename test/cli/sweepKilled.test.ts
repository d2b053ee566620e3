import { it } from 'vitest';
import { expectKilledSweepsToEnd } from './killedSweep.ts';

it('a sweep killed at five random points ends with the table of an uninterrupted one', () =>
  expectKilledSweepsToEnd(5));
