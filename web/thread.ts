/**
 * The page's worker: solves by the package's own thread, and the other tasks of the page, whose code is loaded when it
 * is asked for. One worker does one thing and ends with it.
 */
import '../src/worker/browserThread.ts';
import { InputError } from '../src/input/inputError.ts';
import type { TaskKinds, TaskName, ThreadMessage, ThreadTask } from './threadTasks.ts';

const controller = new AbortController();
const { signal } = controller;
const send = (message: ThreadMessage) => postMessage(message);

type Act<Name extends TaskName> = (
  input: TaskKinds[Name]['input'],
  tell: (point: TaskKinds[Name]['point']) => void,
) => Promise<TaskKinds[Name]['answer']>;

const acts: { readonly [Name in TaskName]: Act<Name> } = {
  explain: async ({ instance, options }) => {
    const { explainAsync } = await import('../src/explain/index.ts');
    return explainAsync(instance, { ...options, signal });
  },
  robustness: async ({ instance, options, ...asked }, tell) => {
    const { priceOfRobustnessAsync } = await import('../src/analysis/priceOfRobustness.ts');
    const { startPlan: _, uncertainty, ...rest } = options;
    const guarded = uncertainty === 'decision-dependent' ? { uncertainty } : {};
    return priceOfRobustnessAsync(instance, { ...rest, ...guarded, ...asked, signal, onPoint: tell });
  },
  frontier: async ({ instance, options: given, factor, values, most }, tell) => {
    const { frontierAsync, gpuFrontierAsync } = await import('../src/analysis/frontier.ts');
    const { findFactor } = await import('../src/analysis/factors.ts');
    const { startPlan: _, ...rest } = given;
    const options = { ...rest, signal, onPoint: tell };
    if (values === null) return gpuFrontierAsync(instance, most, options);
    return frontierAsync(instance, { factor: findFactor(factor), values }, options);
  },
  alternatives: async ({ instance, options, ...asked }, tell) => {
    const { planAlternativesAsync } = await import('../src/planner/alternatives.ts');
    const { formulation: _, ...rest } = options;
    return planAlternativesAsync(instance, { ...rest, ...asked, signal, onAlternative: tell });
  },
  'write proof': async ({ instance, result }, tell) => {
    const { writeProofAsync } = await import('../src/proof/write/writeProof.ts');
    const { ProofNotWritten } = await import('../src/proof/write/writeOptions.ts');
    try {
      return { proof: await writeProofAsync(instance, result, { signal, onProgress: tell }) };
    } catch (error) {
      if (error instanceof ProofNotWritten) return { reason: error.message };
      throw error;
    }
  },
  'check proof': async ({ instance, proof }, tell) => {
    const { checkProof } = await import('../src/proof/check/checkProof.ts');
    return checkProof(instance, proof, { onProgress: tell });
  },
};

addEventListener('message', ({ data }: MessageEvent<ThreadTask | { readonly kind: 'stop' | 'solve' }>) => {
  if (data.kind === 'stop') controller.abort();
  if (data.kind === 'task') void perform(data as ThreadTask).then(send);
});

async function perform<Name extends TaskName>({ name, input }: ThreadTask<Name>): Promise<ThreadMessage> {
  try {
    return { kind: 'answer', answer: await acts[name](input, (point) => send({ kind: 'point', point })) };
  } catch (error) {
    if (error instanceof InputError) return { kind: 'bad input', issues: error.issues };
    return { kind: 'failure', message: error instanceof Error ? error.message : String(error) };
  }
}
