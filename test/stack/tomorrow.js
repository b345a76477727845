// Moves the clock of a process forward by a day. `node --import` loads it before everything else.
const dayMs = 24 * 60 * 60 * 1000

globalThis.Date = class extends Date {
  constructor(...args) {
    if (args.length === 0) super(new.target.now())
    else super(...args)
  }

  static now() {
    return super.now() + dayMs
  }
}
