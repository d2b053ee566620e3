/** The width of an element as it is now, for pictures that are drawn to fit. */
import { useEffect, useRef, useState } from 'preact/hooks';

export function useWidth<Of extends HTMLElement>(atFirst: number) {
  const element = useRef<Of>(null);
  const [width, setWidth] = useState(atFirst);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      const now = Math.floor(entry?.contentRect.width ?? 0);
      // None while it is hidden.
      if (now > 0) setWidth(now);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return { element, width };
}
