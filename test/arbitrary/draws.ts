/**
 * How many cases a random test draws out of those that it is made for: a third in `npm test`, which stays short that
 * way, and all in `npm run test:long`, which takes every file that imports this one.
 */
export function draws(all: number): number {
  return takesAll() ? all : Math.ceil(all / 3);
}

/** The cases of a matrix that are taken: every third, or all, as above. */
export function drawn<Case>(all: readonly Case[]): readonly Case[] {
  return takesAll() ? all : all.filter((_, at) => at % 3 === 0);
}

function takesAll(): boolean {
  return process.env.ROLLA_ALL_DRAWS === 'yes';
}
