// The longest suites first, so that none of them is left alone at the end. Jest knows how long each took where it ran before; in a
// fresh clone it goes by the size of the files, and does not know these.
const { default: Sequencer } = require("@jest/test-sequencer");

const LONGEST = [
  "faults/destroyPending",
  "faults/lifecyclesOdd",
  "faults/lifecyclesEven",
  "pulumi/dynamic/randomTopologies",
  "pulumi/neverUndone/neverUndone",
  "terraform/randomTopologies",
  "terraform/neverAbsent",
  "pulumi/plugin/eras",
  "cdktf/deploy",
  "pulumi-engine/test/updates",
  "resources/randomTopologies",
  "resources/strangeAnswers",
];

module.exports = class extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined)) return sorted;
    const rank = ({ path }) => {
      const found = LONGEST.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
      return found < 0 ? LONGEST.length : found;
    };
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
};
module.exports.LONGEST = LONGEST;
