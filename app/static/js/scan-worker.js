// Reads QR codes off camera pictures, beside the page so that the page stays quick.
//   in   { decoder: "/static/dist/zxing_reader-….wasm" }   once, first
//        { pixels: ArrayBuffer, width, height }            one picture; the next after its answer
//   out  { ready: true } · { failed: true } · { text: "…" or null }
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

const OPTIONS = {
  formats: ["QRCode"],
  tryHarder: true,
  tryRotate: true,
  tryInvert: true, // a pass shown in a phone's dark mode
  tryDownscale: true,
  maxNumberOfSymbols: 1,
};

addEventListener("message", ({ data }) => (data.decoder ? prepare(data.decoder) : read(data)));

async function prepare(address) {
  try {
    await prepareZXingModule({ overrides: { locateFile: () => address }, fireImmediately: true });
    postMessage({ ready: true });
  } catch {
    postMessage({ failed: true });
  }
}

async function read({ pixels, width, height }) {
  const picture = { data: new Uint8ClampedArray(pixels), width, height, colorSpace: "srgb" };
  try {
    const [found] = await readBarcodes(picture, OPTIONS);
    postMessage({ text: found?.text || null });
  } catch {
    postMessage({ text: null }); // one bad picture; the next one comes in a moment
  }
}
