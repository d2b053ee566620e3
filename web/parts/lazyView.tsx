/** A view whose code is loaded when it is first shown; failed loads say so and are tried again at the next showing. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

export function lazyView<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function LazyView(props: Props) {
    const [View, show] = useState<ComponentType<Props> | null>(() => loaded);
    const [hasFailed, setFailed] = useState(false);
    useEffect(() => {
      if (View !== null) return;
      let isShown = true;
      load().then(
        (view) => {
          loaded = view;
          if (isShown) show(() => view);
        },
        () => isShown && setFailed(true),
      );
      return () => {
        isShown = false;
      };
    }, []);
    if (View !== null) return <View {...props} />;
    return hasFailed ? (
      <p class="fault" role="alert">
        This part of the page could not be loaded. Is the page still there?
      </p>
    ) : (
      <p class="says">Loading…</p>
    );
  };
}
