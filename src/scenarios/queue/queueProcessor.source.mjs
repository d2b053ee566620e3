// Run from source only: processes need a TypeScript loader of their own before they can import queueProcessor.ts.
import { register } from 'tsx/esm/api';

register();
export default (await import('./queueProcessor.ts')).default;
