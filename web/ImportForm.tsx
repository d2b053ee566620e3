/** Asks for what an import lacks: prices, rates, limits. */
import { useState } from 'preact/hooks';
import { issueText } from '../src/input/inputError.ts';
import { visible } from '../src/model/visibleText.ts';
import { valueOfText } from './edit/cellText.ts';
import { askedOf, type ImportRequest } from './state/openFiles.ts';
import { usePlanner } from './state/planner.ts';
import { takeImport } from './TopBar.tsx';

const units = { prices: '$/h', rates: '/h, or 10 /s', available: 'GPUs' } as const;
const words = { prices: 'Price of', rates: 'Rate of', available: 'Available' } as const;

export function ImportForm({ request }: { readonly request: ImportRequest }) {
  const { planner } = usePlanner();
  const { format, files, options, issues } = request;
  const [given, setGiven] = useState<Readonly<Record<string, Readonly<Record<string, string>>>>>({});
  const asked = askedOf(issues);
  // Of some formats only the shapes of queries are known: their names are in what is expected.
  const lists = (['prices', 'rates'] as const).filter((kind) => issues.some(({ path }) => path === kind));
  const others = issues.filter((issue) => askedOf([issue]).length === 0);
  const set = (kind: string, name: string, text: string) =>
    setGiven((old) => ({ ...old, [kind]: { ...old[kind], [name]: text } }));
  const submit = () => {
    const merged = (kind: 'prices' | 'rates' | 'available' | 'limits') => {
      const filled = Object.entries(given[kind] ?? {}).filter(([, text]) => text.trim() !== '');
      const values = filled.map(([name, text]) => [name, kind === 'available' ? Number(text) : text]);
      const listed = valueOfText(given.lists?.[kind] ?? '', 'amounts');
      return { ...options[kind], ...Object.fromEntries(values), ...(typeof listed === 'object' ? listed : {}) };
    };
    const next = {
      prices: merged('prices'),
      rates: merged('rates'),
      available: merged('available'),
      limits: merged('limits'),
    };
    void takeImport(planner, { ...request, options: { ...options, ...next } });
  };
  return (
    <form
      class="message import"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>
        {visible(files.map(({ name }) => name).join(', '))} ({format})
      </h2>
      {asked.length > 0 && <p>These the files do not say:</p>}
      <div class="fields">
        {asked.map(({ kind, name }) => (
          <label class="field" key={`${kind} ${name}`}>
            <span>
              {words[kind]} {visible(name)} <small>{units[kind]}</small>
            </span>
            <input type="text" required onInput={(event) => set(kind, name, event.currentTarget.value)} />
          </label>
        ))}
        {lists.map((kind) => (
          <label class="field" key={kind}>
            <span>
              {words[kind]} each <small>name: {units[kind]}, …</small>
            </span>
            <input type="text" required onInput={(event) => set('lists', kind, event.currentTarget.value)} />
          </label>
        ))}
        {(['ttft', 'tpot', 'latency'] as const).map((limit) => (
          <label class="field" key={limit}>
            <span>
              {{ ttft: 'First token', tpot: 'Each token', latency: 'Whole query' }[limit]}{' '}
              <small>ms at most; or none</small>
            </span>
            <input type="text" onInput={(event) => set('limits', limit, event.currentTarget.value)} />
          </label>
        ))}
      </div>
      {others.length > 0 && (
        <ul class="fault" role="alert">
          {others.slice(0, 12).map((issue) => (
            <li key={issue.path}>{visible(issueText(issue))}</li>
          ))}
        </ul>
      )}
      <p class="actions">
        <button type="submit" class="main">
          Import
        </button>
        <button type="button" onClick={() => planner.setImport(null)}>
          Cancel
        </button>
      </p>
    </form>
  );
}
