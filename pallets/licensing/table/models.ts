/** Licences written for models. */
import { ALL_PURPOSES, PURPOSE, RESTRICTION } from '../types.ts';
import { agreement, permissive, reachWithout, spdxText } from './describe.ts';
import { type LicenceProfile, OBLIGATION, TRAIT } from './types.ts';

const { attribution, patentRetaliation, naming, threshold, policy, jurisdiction, hosting } = OBLIGATION;
const R = RESTRICTION;

/** Attachment A as all of the family have it. */
const RAIL =
  R.unlawful | R.minors | R.disinformation | R.harassment | R.legalDecisions | R.socialScoring | R.discrimination;
/** Section 4: any licence may follow, if it has the use restrictions. "Derivatives" are those by distillation too. */
const rail = (name: string, source: string, restrictions: number): LicenceProfile =>
  permissive(name, source, { spdx: false, obligations: attribution | patentRetaliation, restrictions });

const rails: readonly LicenceProfile[] = [
  rail(
    'OpenRAIL',
    'https://www.licenses.ai/blog/2022/8/18/naming-convention-of-responsible-ai-licenses',
    RAIL | R.medicalAdvice,
  ),
  rail('OpenRAIL-M', 'https://huggingface.co/spaces/bigscience/license', RAIL | R.medicalAdvice | R.impersonation),
  rail(
    'CreativeML-OpenRAIL-M',
    'https://huggingface.co/spaces/CompVis/stable-diffusion-license',
    RAIL | R.medicalAdvice,
  ),
  rail(
    'CreativeML-OpenRAIL-PP-M',
    'https://huggingface.co/stabilityai/stable-diffusion-2/blob/main/LICENSE-MODEL',
    RAIL | R.medicalAdvice,
  ),
  rail(
    'BigScience-BLOOM-RAIL-1.0',
    'https://bigscience.huggingface.co/blog/the-bigscience-rail-license',
    RAIL | R.medicalAdvice | R.impersonation,
  ),
  rail(
    'BigCode-OpenRAIL-M-v1',
    'https://huggingface.co/spaces/bigcode/bigcode-model-license-agreement',
    RAIL | R.medicalAdvice | R.impersonation,
  ),
  rail('DeepSeek-1.0', 'https://github.com/deepseek-ai/DeepSeek-V3/blob/main/LICENSE-MODEL', RAIL | R.weapons),
];

/** Meta's policy on acceptable use. */
const META =
  R.unlawful |
  R.minors |
  R.harassment |
  R.discrimination |
  R.medicalAdvice |
  R.weapons |
  R.critical |
  R.disinformation |
  R.impersonation;
const LLAMA = attribution | patentRetaliation | naming | threshold | policy | jurisdiction;
/** Section 1(b) binds what contains or modifies the model, not what was trained on what it says. */
const NOT_OUTPUTS = reachWithout('TrainedOn', 'DistilledFrom');
const llama = (version: string, restrictions: number, source: string): LicenceProfile =>
  agreement(`Llama-${version}`, source, { obligations: LLAMA, restrictions, reach: NOT_OUTPUTS });
const llamaText = (folder: string): string =>
  `https://github.com/meta-llama/llama-models/blob/main/models/${folder}/LICENSE`;

const llamas: readonly LicenceProfile[] = [
  // Section 1(b)(v): nothing of it improves another large language model.
  llama('2', META | R.competingModels, llamaText('llama2')),
  llama('3', META | R.competingModels, llamaText('llama3')),
  llama('3.1', META, llamaText('llama3_1')),
  llama('3.2', META, llamaText('llama3_2')),
  llama('3.3', META, llamaText('llama3_3')),
  llama('4', META, llamaText('llama4')),
];

const RESEARCH = PURPOSE.research | PURPOSE.education;
const qwen = (name: string, text: string, purposes: number): LicenceProfile =>
  agreement(name, `https://github.com/QwenLM/Qwen/blob/main/${text}`, {
    // Sections 3(a), 4, 5(b) and 6(c).
    obligations: attribution | patentRetaliation | (purposes === ALL_PURPOSES ? threshold : 0),
    purposes,
    restrictions: R.unlawful | R.competingModels,
    reach: NOT_OUTPUTS,
  });

const others: readonly LicenceProfile[] = [
  permissive('OpenMDW-1.0', spdxText('OpenMDW-1.0'), { obligations: attribution | patentRetaliation }),
  // Section 3.1: derivatives, those made of its output too, with the restrictions of 3.2 as an enforceable provision.
  permissive('Gemma', 'https://ai.google.dev/gemma/terms', {
    spdx: false,
    obligations: attribution | policy,
    restrictions: (META & ~R.weapons & ~R.critical) | R.surveillance | R.legalDecisions,
  }),
  agreement('Mistral-Research-0.1', 'https://mistral.ai/licenses/MRL-0.1.md', {
    obligations: attribution | jurisdiction,
    purposes: PURPOSE.research | PURPOSE.personal,
  }),
  // Sections 5 (acceptable use) and 9 (hosting).
  agreement('Falcon-180B-1.0', 'https://huggingface.co/spaces/tiiuae/falcon-180b-license/blob/main/LICENSE.txt', {
    obligations: attribution | patentRetaliation | policy | hosting,
    restrictions: R.unlawful | R.minors | R.disinformation | R.harassment,
  }),
  qwen('Qwen', 'Tongyi%20Qianwen%20LICENSE%20AGREEMENT', ALL_PURPOSES),
  qwen('Qwen-Research', 'Tongyi%20Qianwen%20RESEARCH%20LICENSE%20AGREEMENT', PURPOSE.research),
  // Section IV(b); derivative works are those made of its output too.
  agreement('Stability-AI-Community', 'https://github.com/Stability-AI/stable-fast-3d/blob/main/LICENSE.md', {
    obligations: attribution | patentRetaliation | naming | threshold | policy | jurisdiction,
    restrictions: R.unlawful | R.competingModels,
  }),
  // Section 1(b)(ii): derivative works only under this agreement; (i): results only for non-commercial research.
  permissive('FAIR-Noncommercial-Research', 'https://github.com/facebookresearch/spiritlm/blob/main/LICENSE', {
    spdx: false,
    traits: TRAIT.shareAlike,
    obligations: attribution | patentRetaliation | policy | jurisdiction,
    purposes: RESEARCH,
    restrictions: META,
  }),
  // Sections 2(a), 2(d) and 3.
  agreement('OPT-175B', 'https://github.com/facebookresearch/metaseq/blob/main/projects/OPT/MODEL_LICENSE.md', {
    obligations: attribution | jurisdiction,
    purposes: PURPOSE.research,
    restrictions: R.unlawful | R.weapons | R.surveillance | R.biometricIdentification,
  }),
];

export const modelLicences: readonly LicenceProfile[] = [...rails, ...llamas, ...others];
