// Property tests take another seed at every run, and print it where they fail; PROPERTY_SEED repeats one. Continuous integration
// takes the same one each time, so that a change is judged by what it changed.
const fc = require("fast-check");

const seed = process.env.PROPERTY_SEED ?? (process.env.CI ? "20261121" : undefined);
if (seed !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
