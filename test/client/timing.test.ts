import { Meshery, TIMING } from "../../provider/client";
import { SHORT } from "../support/timing";

const address = { url: "http://127.0.0.1:1" };

test("a client waits as long as the table says", () => {
  expect(new Meshery(address).timing).toEqual(TIMING);
});

test("and otherwise only where it is told, one wait at a time", () => {
  expect(new Meshery({ ...address, timing: { firstRetry: 1 } }).timing).toEqual({ ...TIMING, firstRetry: 1 });
});

test("the waits of the tests are those of production, made shorter", () => {
  const { polls, ...others } = SHORT;
  expect(polls).toHaveLength(TIMING.polls.length);
  for (const [name, milliseconds] of Object.entries(others)) {
    expect(milliseconds).toBeLessThan(TIMING[name as keyof typeof others]);
  }
});
