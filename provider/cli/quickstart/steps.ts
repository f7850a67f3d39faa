/** Numbered steps with progress: in place on a terminal, plain lines anywhere else. */
export class Steps {
  private number = 0;
  private label = "";
  private begun = 0;
  private readonly started = performance.now();
  private timer?: NodeJS.Timeout;
  private readonly terminal = process.stdout.isTTY === true;

  constructor(private readonly total: number) {}

  begin(label: string): void {
    this.number++;
    this.label = label;
    this.begun = performance.now();
    console.log(`[${this.number}/${this.total}] ${label}`);
    if (!this.terminal) return;
    this.timer = setInterval(() => process.stdout.write(`\r      ${this.seconds()}`), 200);
  }

  done(result?: string): void {
    this.clear();
    const lines = result === undefined || result === "" ? [] : result.split("\n");
    for (const line of lines) console.log(`      ${line}`);
    console.log(`      done in ${this.seconds()}`);
  }

  show(text: string): void {
    this.clear();
    for (const line of text.split("\n")) console.log(`      ${line}`);
  }

  require(condition: boolean, otherwise: string): void {
    if (!condition) throw new Error(otherwise);
  }

  fail(message: string): void {
    this.clear();
    console.error(`Step ${this.number} (${this.label}) failed: ${message}`);
  }

  end(message: string): void {
    console.log(`${message} (${((performance.now() - this.started) / 1000).toFixed(1)} s)`);
  }

  private seconds(): string {
    return `${((performance.now() - this.begun) / 1000).toFixed(1)} s`;
  }

  private clear(): void {
    clearInterval(this.timer);
    if (this.terminal) process.stdout.write("\r\u001b[K");
  }
}
