/** Verdicts on licences of content and of data. */
import { byChild, byParent, type Verdict } from './kinds.ts';

const ALL = 'CC-BY-4.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 CC-BY-SA-4.0';

/** Creative Commons' adapter's licence chart: its green boxes, and those that are not. */
const adapters = byParent(
  {
    source:
      'https://creativecommons.org/faq/#if-i-derive-or-adapt-material-offered-under-a-creative-commons-license-which-cc-licenses-can-i-use',
    relation: 'FinetunedFrom',
  },
  {
    'CC0-1.0': { yes: `${ALL} CC0-1.0` },
    'CC-BY-4.0': { yes: ALL, no: 'CC0-1.0' },
    'CC-BY-NC-4.0': {
      yes: 'CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0',
      no: 'CC-BY-4.0 CC-BY-ND-4.0 CC-BY-SA-4.0 CC0-1.0',
    },
    'CC-BY-NC-SA-4.0': {
      yes: 'CC-BY-NC-SA-4.0',
      no: 'CC-BY-4.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-ND-4.0 CC-BY-SA-4.0 CC0-1.0',
    },
    'CC-BY-SA-4.0': {
      yes: 'CC-BY-SA-4.0',
      no: 'CC-BY-4.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 CC0-1.0',
    },
    'CC-BY-ND-4.0': { no: `${ALL} CC0-1.0` },
    'CC-BY-NC-ND-4.0': { no: `${ALL} CC0-1.0` },
  },
);

/** The same elements in version 3.0. "All licenses after version 1.0 also allow you to license your contributions under a later version of the same license." */
const versions = byParent(
  { source: 'https://creativecommons.org/faq/', relation: 'FinetunedFrom' },
  {
    'CC-BY-SA-3.0': { yes: 'CC-BY-SA-3.0 CC-BY-SA-4.0', no: 'CC-BY-3.0 CC-BY-4.0 CC-BY-NC-SA-3.0' },
    'CC-BY-NC-SA-3.0': { yes: 'CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0', no: 'CC-BY-NC-3.0 CC-BY-SA-3.0 CC-BY-SA-4.0' },
    'CC-BY-NC-3.0': { yes: 'CC-BY-NC-3.0 CC-BY-NC-SA-3.0', no: 'CC-BY-3.0 CC-BY-SA-3.0' },
    'CC-BY-ND-3.0': { no: 'CC-BY-ND-3.0 CC-BY-3.0' },
    'CC-BY-NC-ND-3.0': { no: 'CC-BY-NC-ND-3.0 CC-BY-NC-3.0' },
  },
);

/** The GPL 3 is the only licence of software among the compatible ones, one way. */
const compatible = byParent(
  { source: 'https://creativecommons.org/compatiblelicenses', relation: 'MergedFrom' },
  {
    'CC-BY-SA-4.0': { yes: 'GPL-3.0-only', no: 'GPL-2.0-only AGPL-3.0-only LGPL-3.0-only' },
    'GPL-3.0-only': { no: 'CC-BY-SA-4.0' },
    'CC-BY-SA-3.0': { no: 'GPL-3.0-only' },
  },
);

/** "If AI models or outputs are based on ShareAlike content and they will be shared publicly": following the condition, under the same licence. */
const training = byParent(
  { source: 'https://creativecommons.org/using-cc-licensed-works-for-ai-training-2/', relation: 'TrainedOn' },
  {
    'CC-BY-SA-4.0': { yes: 'CC-BY-SA-4.0', no: 'MIT Apache-2.0 OpenMDW-1.0' },
    'CC-BY-NC-SA-4.0': { yes: 'CC-BY-NC-SA-4.0', no: 'MIT Apache-2.0' },
  },
);

/** OpenStreetMap's table of licences that go into an ODbL database; CC BY does with the owner's waiver of section 2(a)(5)(B) only. */
const openStreetMap = [
  ...byChild(
    { source: 'https://wiki.openstreetmap.org/wiki/Import/ODbL_Compatibility', relation: 'MergedFrom' },
    { 'ODbL-1.0': { yes: 'CC0-1.0 OGL-UK-3.0', no: 'CC-BY-NC-4.0 CC-BY-NC-SA-4.0 CC-BY-NC-ND-4.0 CC-BY-ND-4.0' } },
  ),
  ...byChild(
    {
      source: 'https://github.com/osmlab/editor-layer-index/files/14606823/Tampere_wms_waiver.pdf',
      relation: 'MergedFrom',
    },
    { 'ODbL-1.0': { no: 'CC-BY-4.0' } },
  ),
];

const wikidata = [
  ...byChild(
    { source: 'https://www.wikidata.org/wiki/Wikidata:Licensing', relation: 'MergedFrom' },
    { 'CC0-1.0': { yes: 'PDDL-1.0', no: 'CC-BY-SA-4.0 CC-BY-4.0 ODbL-1.0 ODC-By-1.0' } },
  ),
  ...byChild(
    {
      source:
        'https://lists.wikimedia.org/hyperkitty/list/wikidata@lists.wikimedia.org/message/4MHBR7Q4GED7FOV7DFVRASAA7MFWY3WL/',
      relation: 'MergedFrom',
    },
    { 'ODbL-1.0': { no: 'CC-BY-SA-3.0' }, 'CC-BY-SA-3.0': { no: 'ODbL-1.0' } },
  ),
];

/** What the texts of data licences say themselves of results and of data that is passed on. */
const data = [
  ...byParent(
    { source: 'https://spdx.org/licenses/C-UDA-1.0.html, sections 2.2 and 5.5', relation: 'TrainedOn' },
    { 'C-UDA-1.0': { yes: 'MIT Apache-2.0 CC-BY-4.0 OpenMDW-1.0 Llama-3.1' } },
  ),
  ...byParent(
    { source: 'https://spdx.org/licenses/C-UDA-1.0.html, section 3.1.2', relation: 'MergedFrom' },
    { 'C-UDA-1.0': { yes: 'C-UDA-1.0', no: 'MIT CC-BY-4.0' } },
  ),
  ...byParent(
    { source: 'https://cdla.dev/sharing-1-0/, section 3.5', relation: 'TrainedOn' },
    { 'CDLA-Sharing-1.0': { yes: 'MIT Apache-2.0 GPL-3.0-only CC-BY-NC-4.0' } },
  ),
  ...byParent(
    { source: 'https://cdla.dev/sharing-1-0/, sections 3.1(a) and 3.3', relation: 'MergedFrom' },
    { 'CDLA-Sharing-1.0': { yes: 'CDLA-Sharing-1.0', no: 'CC-BY-4.0 CC-BY-NC-4.0 CDLA-Permissive-2.0' } },
  ),
  ...byParent(
    { source: 'https://opendatacommons.org/licenses/odbl/1-0/, section 4.4', relation: 'MergedFrom' },
    { 'ODbL-1.0': { yes: 'ODbL-1.0', no: 'ODC-By-1.0 CC-BY-4.0 MIT' } },
  ),
];

/** ModelGo (Duan et al., WWW 2024) and its successor: licences to which a derived work may be put. */
const modelGo = byParent(
  { source: 'https://github.com/Xtra-Computing/ModelGo/blob/main/licenses_description.yml', relation: 'MergedFrom' },
  {
    'CC-BY-4.0': { yes: 'CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0' },
    'CC-BY-NC-4.0': { yes: 'CC-BY-NC-SA-4.0' },
    'CC-BY-SA-4.0': { yes: 'GPL-3.0-only' },
    'GPL-3.0-only': { yes: 'AGPL-3.0-only' },
    'LGPL-3.0-only': { yes: 'GPL-3.0-only' },
    'LGPL-2.1-only': { yes: 'GPL-2.0-only' },
  },
);

export const contentVerdicts: readonly Verdict[] = [
  ...adapters,
  ...versions,
  ...compatible,
  ...training,
  ...openStreetMap,
  ...wikidata,
  ...data,
  ...modelGo,
];
