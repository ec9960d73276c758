// A photo is drawn anew here before it leaves: smaller, and without the place where it was taken. The
// server does the same whatever comes.
const LARGEST_SIDE = 2048;

async function redrawn(file) {
  const picture = await createImageBitmap(file);
  const ratio = Math.min(1, LARGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * ratio);
  canvas.height = Math.round(picture.height * ratio);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return blob && new File([blob], "photo.jpg", { type: "image/jpeg" });
}

async function replace(input) {
  const [file] = input.files;
  if (!file) return;
  const made = await redrawn(file).catch(() => null); // the server says what is wrong with it
  if (!made || input.files[0] !== file) return;
  const chosen = new DataTransfer();
  chosen.items.add(made);
  input.files = chosen.files;
}

export function start(inputs) {
  for (const input of inputs) {
    let drawing = Promise.resolve();
    let isDrawing = false;

    input.addEventListener("change", async () => {
      isDrawing = true;
      const own = (drawing = replace(input));
      await own;
      if (own === drawing) isDrawing = false;
    });
    // A quick finger waits for the drawing: before the listeners that let a form leave only once.
    input.form.addEventListener("submit", wait, { capture: true });

    async function wait(event) {
      if (!isDrawing) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      await drawing;
      input.form.requestSubmit(submitter);
    }
  }
}
