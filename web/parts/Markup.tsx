/** HTML of `src/report`, whose functions escape every name that they are given. Nothing else may be put in here. */
interface MarkupProps {
  readonly html: string;
  readonly class?: string;
}

export function Markup({ html, class: name = '' }: MarkupProps) {
  return <div class={`report ${name}`} dangerouslySetInnerHTML={{ __html: html }} />;
}
