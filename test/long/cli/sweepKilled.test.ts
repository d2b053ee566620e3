import { it } from 'vitest';
import { expectKilledSweepsToEnd } from '../../cli/killedSweep.ts';

it('a sweep killed at forty random points ends with the table of an uninterrupted one', () =>
  expectKilledSweepsToEnd(40));
