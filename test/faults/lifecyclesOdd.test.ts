import { LIFECYCLES } from "./play";
import { every, testSeeds } from "./seeds";

// The other half is in lifecyclesEven.test.ts. `npm run fuzz` plays as many as one likes.
testSeeds("a program through faults, kills and interrupts", LIFECYCLES, every(2, 1, 15));
