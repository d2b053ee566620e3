/** `rolla deploy`: a plan as manifests, metrics or commands. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DeployOptions } from '../../exchange/deploy/deployedUnits.ts';
import { InputError, issueText } from '../../input/inputError.ts';
import { visible } from '../../model/visibleText.ts';
import { exitCodes, UsageError } from '../exitCodes.ts';
import { checkOutputs, OutputFiles, readInstance } from '../files.ts';
import { wholeNumber } from '../optionFlags.ts';
import { readPlan } from '../planFile.ts';
import type { CommandContext } from '../terminal.ts';

const targets = ['kubernetes', 'prometheus', 'commands'] as const;

interface DeployFlags {
  readonly to: (typeof targets)[number];
  readonly instance?: string;
  readonly output: string;
  readonly force?: boolean;
  readonly namespace: string;
  readonly gpusPerNode?: number;
  readonly serve: Readonly<Record<string, string>>;
  readonly nodeLabel?: string;
  readonly image?: string;
  readonly gateway?: string;
  readonly tokenSecret?: string;
}

const examples = `
Examples:
  rolla deploy result.json --to kubernetes --instance fleet.yaml --serve Llama-3.1-8B=meta-llama/Llama-3.1-8B-Instruct -o fleet-manifests.yaml
  rolla deploy result.json --to prometheus
  rolla deploy plan.json --to commands --instance fleet.yaml --serve Llama-3.1-8B@L40S=RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8

With the instance: the precision of each tier, the share of memory that the engine may take, and GPUs of a node, beyond which
a replica is a LeaderWorkerSet. Manifests expect a Gateway, nodes with the label, and the secret if one is named.`;

export function addDeployCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command('deploy')
    .summary('a plan as manifests, metrics or commands')
    .description('Write a plan as Kubernetes manifests, as metrics that autoscalers read, or as vLLM commands.')
    .argument('<plan>', 'rolla-plan/1 or rolla-result/1 file; - reads stdin')
    .addOption(new Option('--to <target>', 'what to write').choices(targets).makeOptionMandatory())
    .option('--instance <file>', 'rolla-instance/1 or rolla-fleet/1 that was planned')
    .option('-o, --output <file>', 'file to write; - is stdout', '-')
    .option('--force', 'replace a file that exists')
    .option('--namespace <name>', 'namespace of manifests and metrics', 'default')
    .option('--gpus-per-node <n>', 'GPUs of a node where the instance does not say (default: 8)', wholeNumber(1))
    .option(
      '--serve <model[@tier]=path>',
      'what vllm serve is given for a model, or for it on a tier: there a checkpoint in the precision of the tier (default: its name)',
      paths,
      {},
    )
    .option('--node-label <key>', 'label of nodes whose value is the tier (default: rolla/tier)')
    .option('--image <name>', 'container image (default: vllm/vllm-openai:latest)')
    .option('--gateway <name>', 'Gateway of the routes (default: inference-gateway)')
    .option('--token-secret <name>', 'secret whose key token the engine gets as HF_TOKEN (default: none)')
    .addHelpText('after', examples)
    .action(async (path: string, flags: DeployFlags) => {
      checkOutputs([flags.output], flags);
      const plan = await readPlan(path, terminal);
      const instance = flags.instance === undefined ? undefined : await readInstance(flags.instance, terminal);
      const options: DeployOptions = {
        namespace: flags.namespace,
        served: flags.serve,
        ...(instance !== undefined && { instance }),
        ...(flags.gpusPerNode !== undefined && { gpusPerNode: flags.gpusPerNode }),
        ...(flags.nodeLabel !== undefined && { nodeLabel: flags.nodeLabel }),
        ...(flags.image !== undefined && { image: flags.image }),
        ...(flags.gateway !== undefined && { gateway: flags.gateway }),
        ...(flags.tokenSecret !== undefined && { tokenSecret: flags.tokenSecret }),
      };
      const files = new OutputFiles(terminal, flags);
      const exchange = await import('../../exchange/index.ts');
      const write = {
        kubernetes: exchange.kubernetesText,
        prometheus: exchange.prometheusText,
        commands: exchange.commandsText,
      }[flags.to];
      files.write(
        flags.output,
        asFlags(() => write(plan, options)),
      );
      const notes = flags.to === 'prometheus' ? [] : exchange.deployNotes(plan, options);
      for (const note of notes) terminal.err(`rolla: note: ${visible(note)}\n`);
      if (!files.isComplete) finish(exitCodes.badInput);
    });
}

/** Faults of options in the words of the command line. */
function asFlags<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const inFlag = (path: string) => path.replace(/^served/, '--serve').replace(/^instance/, '--instance');
    throw new UsageError(error.issues.map((issue) => issueText({ ...issue, path: inFlag(issue.path) })).join('\n'));
  }
}

function paths(text: string, sofar: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('Expected MODEL=PATH or MODEL@TIER=PATH.');
  const key = text.slice(0, at);
  if (Object.hasOwn(sofar, key)) throw new InvalidArgumentError('Expected each MODEL or MODEL@TIER once.');
  return { ...sofar, [key]: text.slice(at + 1) };
}
