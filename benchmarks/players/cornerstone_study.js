// Cornerstone opens a picture and tells: its frames as drawn, the lengths that its own ruler gives between pairs of places,
// the patient's name, and how long a clip lasts by the frame time vector.
import {RenderingEngine, Enums, imageLoader, init, metaData, setUseCPURendering} from '@cornerstonejs/core';
import {LengthTool, init as initTools, utilities} from '@cornerstonejs/tools';
import {init as initLoader, wadouri} from '@cornerstonejs/dicom-image-loader';

async function show(viewport, element, asked) {
  const url = new URL('/file/' + asked.picture, location.href).href;
  const dataset = await wadouri.dataSetCacheManager.load(url, undefined, 'wadouri:' + url);
  const images = Array.from({length: asked.frames}, (_, n) => `wadouri:${url}?frame=${n + 1}`);
  for (const image of images) await imageLoader.loadAndCacheImage(image);
  await viewport.setStack(images, 0);
  const answer = {frames: [], patient: metaData.get('patientModule', images[0]).patientName};
  for (let frame = 0; frame < asked.frames; frame += 1) {
    await viewport.setImageIdIndex(frame);
    const {pixels, size} = pixelsOf(viewport.getCornerstoneImage());
    answer.frames.push(drawn(pixels, size));
  }
  const image = viewport.getImageData();
  answer.lengths = asked.lines.map((line) => {
    const handles = line.map(([column, row]) => [column, row, 0]);
    const scale = utilities.getCalibratedLengthUnitsAndScale(image, handles);
    return {length: LengthTool.calculateLengthInIndex(scale, handles), unit: scale.unit};
  });
  if (asked.play) answer.lasts_s = await lasts(viewport, element, dataset);
  return answer;
}

// What becomes of an object that is no picture: whether its tags are read, and whether anything of it can be shown.
async function other(asked) {
  const url = new URL('/file/' + asked.picture, location.href).href;
  const answer = {shows: false};
  try {
    await wadouri.dataSetCacheManager.load(url, undefined, 'wadouri:' + url);
    answer.patient = metaData.get('patientModule', 'wadouri:' + url)?.patientName;
    const image = await imageLoader.loadAndCacheImage(`wadouri:${url}?frame=1`);
    answer.shows = image.getPixelData().length > 0;
  } catch (error) {
    answer.error = String(error?.error?.message ?? error?.message ?? error);
  }
  return answer;
}

// The picture as Cornerstone decoded it: its own pixel data, before any window or zoom.
function pixelsOf(image) {
  return {pixels: image.getPixelData(), size: [image.columns, image.rows]};
}

function drawn(pixels, [columns, rows]) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [columns, rows];
  const data = new ImageData(columns, rows);
  const step = pixels.length / (columns * rows);
  for (let n = 0; n < columns * rows; n += 1) {
    for (let c = 0; c < 3; c += 1) data.data[4 * n + c] = pixels[step * n + (step < 3 ? 0 : c)];
    data.data[4 * n + 3] = 255;
  }
  canvas.getContext('2d').putImageData(data, 0, 0);
  return canvas.toDataURL('image/png');
}

// Seconds from the first frame's coming to its coming again.
function lasts(viewport, element, dataset) {
  const vector = dataset.string('x00181065').split('\\').map(Number);
  return new Promise((resolve) => {
    let began;
    element.addEventListener(Enums.Events.STACK_NEW_IMAGE, () => {
      if (viewport.getCurrentImageIdIndex() !== 0) return;
      if (began !== undefined) {
        utilities.cine.stopClip(element);
        resolve((performance.now() - began) / 1000);
      }
      began = performance.now();
    });
    utilities.cine.playClip(element, {frameTimeVector: vector});
  });
}

function tell(what, words) {
  return fetch('/told/' + what, {method: 'POST', body: words});
}

async function all() {
  setUseCPURendering(true);
  init();
  initTools();
  initLoader({maxWebWorkers: 1});
  const element = document.getElementById('picture');
  const engine = new RenderingEngine('engine');
  engine.enableElement({viewportId: 'view', element, type: Enums.ViewportType.STACK});
  const answers = [];
  for (const asked of await (await fetch('/asked.json')).json()) {
    answers.push(asked.other ? await other(asked) : await show(engine.getViewport('view'), element, asked));
  }
  await tell('answer', JSON.stringify(answers));
}

all().catch((error) => tell('error', `${error} ${error.stack}`));
