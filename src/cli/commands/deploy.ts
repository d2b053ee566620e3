/** `rolla deploy`: a plan as manifests, metrics or commands. */
import { deployDefaults } from '../../exchange/deploy/deployDefaults.ts';
import type { DeployOptions } from '../../exchange/deploy/deployedUnits.ts';
import { InputError, refuse } from '../../input/inputError.ts';
import { visible } from '../../model/visibleText.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles, readInstance } from '../files.ts';
import { type CliCommand, forceFlag, onlyOutput } from '../flags.ts';
import { readPlan } from '../planFile.ts';
import type { CommandContext } from '../terminal.ts';
import { anyText, choiceText, countText } from '../textRules.ts';

const targets = ['kubernetes', 'prometheus', 'commands'] as const;

interface DeployFlags {
  readonly to: (typeof targets)[number];
  readonly instance?: string;
  readonly output: string;
  readonly force?: boolean;
  readonly namespace: string;
  readonly gpusPerNode?: number;
  readonly serve?: Readonly<Record<string, string>>;
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

export function addDeployCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  program
    .command('deploy')
    .summary('a plan as manifests, metrics or commands')
    .description('Write a plan as Kubernetes manifests, as metrics that autoscalers read, or as vLLM commands.')
    .argument('<plan>', 'rolla-plan/1 or rolla-result/1 file; - reads stdin')
    .addFlags({
      to: { argument: '<target>', does: 'what to write', value: choiceText(targets), isRequired: true },
      instance: { argument: '<file>', does: 'rolla-instance/1 or rolla-fleet/1 that was planned' },
      ...onlyOutput,
      ...forceFlag,
      namespace: {
        argument: '<name>',
        does: 'namespace of manifests and metrics',
        default: deployDefaults.namespace,
        needs: { to: ['kubernetes', 'prometheus'] },
      },
      gpusPerNode: {
        argument: '<n>',
        does: 'GPUs of a node where the instance does not say',
        value: countText(1, 'GPUs'),
        otherwise: String(deployDefaults.gpusPerNode),
      },
      serve: {
        argument: '<model[@tier]=path>',
        does: 'what vllm serve is given for a model, or for it on a tier: there a checkpoint in the precision of the tier',
        value: anyText('what vllm serve takes', 'meta-llama/Llama-3.1-8B-Instruct'),
        many: 'record',
        otherwise: 'its name',
      },
      nodeLabel: {
        argument: '<key>',
        does: 'label of nodes whose value is the tier',
        otherwise: deployDefaults.nodeLabel,
        needs: { to: ['kubernetes'] },
      },
      image: {
        argument: '<name>',
        does: 'container image',
        otherwise: deployDefaults.image,
        needs: { to: ['kubernetes'] },
      },
      gateway: {
        argument: '<name>',
        does: 'Gateway of the routes',
        otherwise: deployDefaults.gateway,
        needs: { to: ['kubernetes'] },
      },
      tokenSecret: {
        argument: '<name>',
        does: 'secret whose key token the engine gets as HF_TOKEN',
        otherwise: 'none',
        needs: { to: ['kubernetes'] },
      },
    })
    .addHelpText('after', examples)
    .action(async (path: string, flags: DeployFlags) => {
      const plan = await readPlan(path, terminal);
      const instance = flags.instance === undefined ? undefined : await readInstance(flags.instance, terminal);
      const options: DeployOptions = {
        namespace: flags.namespace,
        served: flags.serve ?? {},
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

const inFlag = (path: string) => path.replace(/^served/, '--serve').replace(/^instance/, '--instance');

/** Faults of options in the words of the command line. */
function asFlags<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof InputError) refuse(error.issues.map((issue) => ({ ...issue, path: inFlag(issue.path) })));
    throw error;
  }
}
