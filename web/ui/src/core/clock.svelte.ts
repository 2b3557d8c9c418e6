/** The present moment as a value that pages may depend on: ages grow by themselves. */

class Clock {
  now = $state(new Date());
  #started = false;

  /** Start ticking; call once per page. */
  start(every_ms = 5_000): void {
    if (this.#started) return;
    this.#started = true;
    setInterval(() => {
      this.now = new Date();
    }, every_ms);
  }
}

export const clock = new Clock();
