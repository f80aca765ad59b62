// Put into every page before its own scripts; page_clock.py calls it.
window.pageClock = {
  frame: () => new Promise((done) => requestAnimationFrame(done)),

  // Two frames after the marks were placed, the frame that drew them has been handed on; reading
  // one pixel of each canvas then waits until it has really been drawn.
  async shown(placed) {
    await placed;
    await this.frame();
    await this.frame();
    for (const canvas of document.querySelectorAll("canvas")) this.read(canvas);
    console.info("shown after", performance.now());
  },

  read(canvas) {
    const flat = canvas.getContext("2d");
    if (flat) {
      flat.getImageData(0, 0, 1, 1);
      return;
    }
    const gl = canvas.getContext("webgl2") || canvas.getContext("webgl");
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  },

  // Presses, then moves once in each frame, as a mouse does that is faster than the screen:
  // every frame that is counted had a new view to draw.
  async pan(x, y, seconds, path) {
    this.send("down", document.elementFromPoint(x, y), x, y);
    const began = await this.frame();
    for (let step = 1; ; step++) {
      const [right, down] = path[step % path.length];
      this.send("move", document.elementFromPoint(x, y), x + right, y + down);
      const now = await this.frame();
      if (now - began > seconds * 1000) return (step / (now - began)) * 1000;
    }
  },

  release(x, y) {
    this.send("up", document.elementFromPoint(x, y), x, y);
  },

  send(name, target, clientX, clientY) {
    const buttons = name === "up" ? 0 : 1;
    const event = { bubbles: true, cancelable: true, view: window, clientX, clientY, buttons };
    const pointer = { pointerId: 1, pointerType: "mouse", isPrimary: true };
    target.dispatchEvent(new PointerEvent(`pointer${name}`, { ...event, ...pointer }));
    target.dispatchEvent(new MouseEvent(`mouse${name}`, event));
  },

  count() {
    this.counted = [];
    const next = (at) => {
      this.counted.push(at);
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  },

  get counts() {
    const span = this.counted.at(-1) - this.counted[0];
    return ((this.counted.length - 1) / span) * 1000;
  },
};
