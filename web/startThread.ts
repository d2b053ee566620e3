/** Starts the page's worker: from its file beside the page, or from the text that a page of one file carries. */
import threadAddress from 'virtual:thread-address';

export function startThread(): Worker {
  const text = document.getElementById('thread')?.textContent;
  if (text === undefined || text === null) {
    return new Worker(threadAddress, { type: 'module', name: 'rolla' });
  }
  const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = new Worker(address, { name: 'rolla' });
  // A worker that has begun needs its address no more; before that it does.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return worker;
}
