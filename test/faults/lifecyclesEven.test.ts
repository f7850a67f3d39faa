import { LIFECYCLES } from "./play";
import { every, testSeeds } from "./seeds";

// The other half is in lifecyclesOdd.test.ts.
testSeeds("a program through faults, kills and interrupts", LIFECYCLES, every(2, 2, 15));
