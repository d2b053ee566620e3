// Run from source only: threads need a TypeScript loader of their own before they can import helperThread.ts.
import { register } from 'tsx/esm/api';

register();
export default (await import('./helperThread.ts')).default;
