// Cornerstone plays the clip by the frame time vector that its own loader reads in the file. Every frame is fetched and
// decoded before, as a viewer's prefetch does. '?rate' leaves the vector out and gives the recommended rate, as viewers
// with one number for the speed do.
import {RenderingEngine, Enums, imageLoader, init, setUseCPURendering} from '@cornerstonejs/core';
import {init as initTools, utilities} from '@cornerstonejs/tools';
import {init as initLoader, wadouri} from '@cornerstonejs/dicom-image-loader';

const url = new URL('/file/clip.dcm', location.href).href;

async function play() {
  setUseCPURendering(true);
  init();
  initTools();
  initLoader({maxWebWorkers: 1});
  const dataset = await wadouri.dataSetCacheManager.load(url, undefined, 'wadouri:' + url);
  const frames = Number(dataset.string('x00280008'));
  const vector = dataset.string('x00181065').split('\\').map(Number);
  const rate = Number(dataset.string('x00082144'));
  const images = Array.from({length: frames}, (_, n) => `wadouri:${url}?frame=${n + 1}`);
  const element = document.getElementById('picture');
  const engine = new RenderingEngine('engine');
  engine.enableElement({viewportId: 'clip', element, type: Enums.ViewportType.STACK});
  const viewport = engine.getViewport('clip');
  for (const image of images) await imageLoader.loadAndCacheImage(image);
  await viewport.setStack(images, 0);
  viewport.render();
  utilities.cine.playClip(element, location.search === '?rate' ? {framesPerSecond: rate} : {frameTimeVector: vector});
  await tell('playing', '');
}

function tell(what, words) {
  return fetch('/told/' + what, {method: 'POST', body: words});
}

play().catch((error) => tell('error', `${error} ${error.stack}`));
