import { INTERRUPTS } from "./play";
import { every, testSeeds } from "./seeds";

// `npm run fuzz -- --interrupts` plays a hundred.
testSeeds("a Ctrl-C on a slow server", INTERRUPTS, [...every(1, 1, 11), 25]);
