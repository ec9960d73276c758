// A photo is made smaller here before it leaves; the server draws it anew whatever comes.
const LARGEST_SIDE = 2048;

async function smaller(file) {
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

export function start(inputs) {
  for (const input of inputs) {
    input.addEventListener("change", async () => {
      const [file] = input.files;
      if (!file) return;
      const made = await smaller(file).catch(() => null); // the server says what is wrong with it
      if (!made || made.size >= file.size || input.files[0] !== file) return;
      const chosen = new DataTransfer();
      chosen.items.add(made);
      input.files = chosen.files;
    });
  }
}
