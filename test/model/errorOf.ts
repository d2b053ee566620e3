import { InputError } from '../../src/input/inputError.ts';

/** The InputError that `act` throws. */
export function errorOf(act: () => unknown): InputError {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
