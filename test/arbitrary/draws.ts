/**
 * How many cases a random test draws out of those that it is made for: a third in `npm test`, which stays short that
 * way, and all in `npm run test:long`, which takes every file that imports this one.
 */
export function draws(all: number): number {
  return process.env.ROLLA_ALL_DRAWS === 'yes' ? all : Math.ceil(all / 3);
}
