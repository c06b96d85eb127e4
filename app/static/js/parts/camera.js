// The camera and what it reads. Knows nothing of doors or passes.
const WIDTH = 1280; // small and glary codes are lost at 640

// Open the camera and call onText with every code in every picture.
export async function openCamera(video, { worker, onText, deviceId }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: wish(deviceId) });
  const track = stream.getVideoTracks()[0];
  video.srcObject = stream;
  await video.play();
  const stopReading = readPictures(video, worker, onText);
  return {
    deviceId: track.getSettings().deviceId,
    canLight: Boolean(track.getCapabilities?.().torch),
    light: (on) => track.applyConstraints({ advanced: [{ torch: on }] }),
    onLost: (tell) => track.addEventListener("ended", tell),
    stop() {
      stopReading();
      stream.getTracks().forEach((each) => each.stop());
      video.srcObject = null;
    },
  };
}

function wish(deviceId) {
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
  return { width: { ideal: WIDTH }, ...which };
}

function readPictures(video, worker, onText) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let live = true;

  const next = () => {
    if (!live) return;
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(send);
    else setTimeout(send, 66);
  };
  function send() {
    if (!live) return;
    if (!video.videoWidth) return next();
    const width = Math.min(WIDTH, video.videoWidth);
    const height = Math.round((width * video.videoHeight) / video.videoWidth);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    const { buffer } = context.getImageData(0, 0, width, height).data;
    worker.postMessage({ pixels: buffer, width, height }, [buffer]); // one picture under way at a time
  }
  function heard({ data }) {
    if (!live || !("text" in data)) return;
    if (data.text) onText(data.text);
    next();
  }

  worker.addEventListener("message", heard);
  next();
  return () => {
    live = false;
    worker.removeEventListener("message", heard);
  };
}

// The cameras of this device. Their names are known only once one of them may be used.
export async function listCameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((device) => device.kind === "videoinput");
}

// Why the camera cannot even be asked for, or "" if it can.
export function whyNoCamera() {
  if (!window.isSecureContext)
    return "The camera works only at an address that begins with https. Type the codes below, or ask the organiser for the https address.";
  if (!navigator.mediaDevices?.getUserMedia)
    return "This browser has no camera for us. Open this page in Safari or Chrome, or type the codes below.";
  return "";
}

// What to say to a person when the camera did not open.
export function sentenceFor(error) {
  return (
    {
      NotAllowedError:
        "The camera is not allowed here. Allow it in the browser's settings for this site and press Start again, or type the codes below.",
      NotFoundError: "No camera was found on this device. Type the codes below, or use a handheld scanner.",
      OverconstrainedError: "That camera is not there any more. Press Start again to use another one.",
      NotReadableError: "Another app is using the camera. Close it and press Start again.",
    }[error.name] || "The camera did not open. Press Start again, or type the codes below."
  );
}
