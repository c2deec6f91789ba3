/** Verdicts on licences of models: what their texts and the answers of those who wrote them say of derived models. */
import { ALL_RESTRICTIONS, PURPOSE, RESTRICTION } from '../../../../../pallets/licensing/types.ts';
import { byParent, type Verdict } from './kinds.ts';

/** Any licence may follow, if it has the use restrictions of Attachment A. */
const RAIL = 'OpenRAIL-M CreativeML-OpenRAIL-M BigScience-BLOOM-RAIL-1.0 BigCode-OpenRAIL-M-v1';
const attached = ALL_RESTRICTIONS & ~RESTRICTION.competingModels;
const rail = RAIL.split(' ').flatMap((parent) => [
  ...byParent(
    { source: 'https://huggingface.co/spaces/bigscience/license, section 4', relation: 'FinetunedFrom' },
    { [parent]: { yes: parent, no: 'MIT Apache-2.0 CC-BY-4.0' } },
  ),
  ...byParent(
    {
      source: 'https://www.bigcode-project.org/docs/pages/model-license/',
      relation: 'FinetunedFrom',
      restrictions: attached,
    },
    { [parent]: { yes: 'MIT Apache-2.0' } },
  ),
  ...byParent(
    { source: 'https://huggingface.co/spaces/CompVis/stable-diffusion-license, section 1', relation: 'DistilledFrom' },
    { [parent]: { no: 'MIT' } },
  ),
]);

const DEEPSEEK = 'https://deepseeklicense.github.io';
/** Fine-tuning, quantization and distillation are allowed, for commerce too; the restrictions go along. */
const deepSeek = (['FinetunedFrom', 'QuantizedFrom', 'DistilledFrom'] as const).flatMap((relation) => [
  ...byParent({ source: DEEPSEEK, relation, restrictions: attached }, { 'DeepSeek-1.0': { yes: 'MIT Apache-2.0' } }),
  ...byParent({ source: DEEPSEEK, relation }, { 'DeepSeek-1.0': { yes: 'DeepSeek-1.0', no: 'MIT Apache-2.0' } }),
]);

const LLAMA_TEXTS = 'https://github.com/meta-llama/llama-models/tree/main/models';
/** Section 1(b)(v) of versions 2 and 3: no other large language model is improved by it. Section 1(b)(i): the agreement goes along. */
const llama = [
  ...byParent(
    { source: `${LLAMA_TEXTS}, 2 and 3, section 1(b)(v)`, relation: 'DistilledFrom' },
    { 'Llama-2': { yes: 'Llama-2', no: 'MIT Apache-2.0 Gemma' }, 'Llama-3': { yes: 'Llama-3', no: 'MIT Apache-2.0' } },
  ),
  ...byParent(
    { source: `${LLAMA_TEXTS}, 3.1 and later, section 1(b)(i)`, relation: 'DistilledFrom' },
    { 'Llama-3.1': { yes: 'Apache-2.0' }, 'Llama-3.2': { yes: 'Apache-2.0' }, 'Llama-3.3': { yes: 'Apache-2.0' } },
  ),
  ...byParent(
    { source: `${LLAMA_TEXTS}, section 1(b)(i)`, relation: 'FinetunedFrom' },
    {
      'Llama-2': { yes: 'Llama-2', no: 'MIT Apache-2.0' },
      'Llama-3': { yes: 'Llama-3', no: 'MIT Apache-2.0' },
      'Llama-3.1': { yes: 'Llama-3.1', no: 'MIT Apache-2.0' },
      'Llama-3.2': { yes: 'Llama-3.2', no: 'MIT' },
      'Llama-3.3': { yes: 'Llama-3.3', no: 'MIT' },
    },
  ),
];

/** Reports of a conflict at models that were put under Apache-2.0. */
const gemma = [
  ...byParent(
    { source: 'https://huggingface.co/soob3123/amoral-gemma3-12B-v2/discussions/4', relation: 'FinetunedFrom' },
    { Gemma: { no: 'Apache-2.0' } },
  ),
  ...byParent(
    {
      source: 'https://huggingface.co/DavidAU/Gemma-3-12b-it-MAX-HORROR-Imatrix-GGUF/discussions/7',
      relation: 'QuantizedFrom',
    },
    { Gemma: { no: 'Apache-2.0' } },
  ),
  ...byParent(
    { source: 'https://ai.google.dev/gemma/terms, sections 1.1(e) and 3.1', relation: 'DistilledFrom' },
    { Gemma: { yes: 'Gemma', no: 'MIT' } },
  ),
];

const texts = [
  ...byParent(
    { source: 'https://github.com/QwenLM/Qwen, Tongyi Qianwen license agreement, 5(b)', relation: 'DistilledFrom' },
    { Qwen: { yes: 'Qwen', no: 'MIT Apache-2.0' }, 'Qwen-Research': { yes: 'Qwen-Research', no: 'MIT' } },
  ),
  ...byParent(
    {
      source: 'https://github.com/QwenLM/Qwen, Tongyi Qianwen research license agreement, 2',
      relation: 'FinetunedFrom',
    },
    { 'Qwen-Research': { no: 'MIT Qwen' } },
  ),
  ...byParent(
    {
      source: 'https://github.com/Stability-AI/stable-fast-3d/blob/main/LICENSE.md, IV(a) and (b)',
      relation: 'DistilledFrom',
    },
    { 'Stability-AI-Community': { yes: 'Stability-AI-Community', no: 'MIT Apache-2.0' } },
  ),
  ...byParent(
    { source: 'https://github.com/facebookresearch/spiritlm/blob/main/LICENSE, 1(b)(ii)', relation: 'FinetunedFrom' },
    { 'FAIR-Noncommercial-Research': { yes: 'FAIR-Noncommercial-Research', no: 'MIT CC-BY-NC-4.0' } },
  ),
  ...byParent(
    {
      source: 'https://github.com/facebookresearch/metaseq/blob/main/projects/OPT/MODEL_LICENSE.md, 2',
      relation: 'FinetunedFrom',
    },
    { 'OPT-175B': { yes: 'OPT-175B', no: 'MIT Apache-2.0' } },
  ),
  ...byParent(
    { source: 'https://huggingface.co/mistralai/Mistral-Large-Instruct-2407', relation: 'FinetunedFrom' },
    { 'Mistral-Research-0.1': { yes: 'Mistral-Research-0.1', no: 'MIT Apache-2.0' } },
  ),
  ...byParent(
    { source: 'https://huggingface.co/spaces/tiiuae/falcon-180b-license', relation: 'FinetunedFrom' },
    { 'Falcon-180B-1.0': { no: 'MIT Apache-2.0' } },
  ),
  ...byParent(
    { source: 'https://openmdw.ai/faq, question 10', relation: 'MergedFrom' },
    { 'OpenMDW-1.0': { yes: 'MIT Apache-2.0 BSD-2-Clause BSD-3-Clause OpenMDW-1.0' } },
  ),
];

/** The agreement itself goes along, however much of it another licence's terms repeat. */
const agreements = [
  ...byParent(
    { source: `${LLAMA_TEXTS}, section 1(b)(i)`, relation: 'MergedFrom', restrictions: ALL_RESTRICTIONS },
    {
      'Llama-2': { no: 'Apache-2.0' },
      'Llama-3': { no: 'Apache-2.0' },
      'Llama-3.1': { yes: 'Apache-2.0 AND LicenseRef-Llama-3.1', no: 'Apache-2.0' },
      'Llama-3.2': { no: 'Apache-2.0' },
      'Llama-3.3': { no: 'Apache-2.0' },
      'Llama-4': { yes: 'Llama-4', no: 'Apache-2.0' },
    },
  ),
  ...byParent(
    {
      source: 'https://github.com/QwenLM/Qwen, Tongyi Qianwen license agreements, 3(a)',
      relation: 'FinetunedFrom',
      restrictions: ALL_RESTRICTIONS,
      purposes: PURPOSE.research,
    },
    { Qwen: { no: 'MIT' }, 'Qwen-Research': { no: 'MIT' } },
  ),
  ...byParent(
    {
      source: 'https://github.com/Stability-AI/stable-fast-3d/blob/main/LICENSE.md, IV(a)',
      relation: 'FinetunedFrom',
      restrictions: ALL_RESTRICTIONS,
    },
    { 'Stability-AI-Community': { no: 'MIT' } },
  ),
  ...byParent(
    {
      source: 'https://github.com/facebookresearch/spiritlm/blob/main/LICENSE, 1(b)(ii)',
      relation: 'FinetunedFrom',
      restrictions: ALL_RESTRICTIONS,
      purposes: PURPOSE.research,
    },
    { 'FAIR-Noncommercial-Research': { yes: 'FAIR-Noncommercial-Research', no: 'MIT CC-BY-NC-4.0' } },
  ),
  ...byParent(
    {
      source: 'https://github.com/facebookresearch/metaseq/blob/main/projects/OPT/MODEL_LICENSE.md, 3',
      relation: 'FinetunedFrom',
      restrictions: ALL_RESTRICTIONS,
      purposes: PURPOSE.research,
    },
    { 'OPT-175B': { no: 'MIT' } },
  ),
  ...byParent(
    {
      source: 'https://huggingface.co/mistralai/Mistral-Large-Instruct-2407',
      relation: 'FinetunedFrom',
      purposes: PURPOSE.research,
    },
    { 'Mistral-Research-0.1': { no: 'MIT' } },
  ),
];

export const modelVerdicts: readonly Verdict[] = [...rail, ...deepSeek, ...llama, ...gemma, ...texts, ...agreements];
