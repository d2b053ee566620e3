/** The command that gives the same result, to read and to copy. */
import { visible } from '../../src/model/visibleText.ts';

export function CommandText({ command }: { readonly command: string }) {
  return (
    <details class="more">
      <summary>The same on the command line</summary>
      <p class="actions">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard */}
        <code class="command" tabIndex={0}>
          {visible(command)}
        </code>
        <button type="button" onClick={() => void navigator.clipboard.writeText(command)}>
          Copy
        </button>
      </p>
    </details>
  );
}
