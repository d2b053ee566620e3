/** What the bundler makes modules of (`vite.config.ts`). */
declare module '*.css';
declare module '*.yaml' {
  /** Parsed when the page is built. */
  const data: unknown;
  export default data;
}
declare module 'virtual:starter-fleet' {
  /** The fleet of `rolla init`. */
  const data: unknown;
  export default data;
}
declare module 'virtual:thread-address' {
  /** The address of the worker's script. */
  const address: string;
  export default address;
}
