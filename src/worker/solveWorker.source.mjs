// Run from source only: threads need a TypeScript loader of their own before they can import solveWorker.ts.
import { register } from 'tsx/esm/api';

register();
await import('./solveWorker.ts');
