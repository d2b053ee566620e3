/** Names of models and GPUs that are chosen from the catalogue. */
import { catalogueGpus } from '../../src/generator/catalogue/gpus.ts';
import { catalogueModels } from '../../src/generator/catalogue/models.ts';
import { asRecord, type LooseRecord, valueAt } from '../../src/model/looseData.ts';
import { namesOf, type Path, withRenamed, withValue } from './draft.ts';

/** As the page calls a new row, until it has a name of its own. */
const placeholder = /^(model|GPU) \d+$/;

/** After a choice from the catalogue: a row that nobody has named yet is called as what was chosen. */
export function withCatalogueName(data: LooseRecord, path: Path): LooseRecord {
  const [list, position, field] = path;
  const products = list === 'models' ? catalogueModels : list === 'gpus' ? catalogueGpus : null;
  if (products === null || field !== 'catalogue' || typeof position !== 'number') return data;
  const { name, catalogue } = asRecord(valueAt(data, [list, position]));
  const product = products.find(({ id }) => id === catalogue)?.product.replace(/^NVIDIA /, '');
  if (product === undefined || typeof name !== 'string' || !placeholder.test(name)) return data;
  if (namesOf(data, String(list)).includes(product)) return data;
  return withRenamed(withValue(data, [list, position, 'name'], product) as LooseRecord, String(list), name, product);
}
