// dwv opens a picture and the report on it, goes to each frame, and tells what it draws there: its canvases as they are,
// the labels' once more without their words, and how long a line is by its own ruler.
//
// dwv 0.36.4 looks for a label's frame number outside the Referenced SOP Sequence, where the standard has it, and finds none;
// 'hand_frames' gives it the numbers (from 0, as it counts), as a program that is built on dwv may.
import * as dwv from 'dwv';

function begun() {
  document.getElementById('picture').replaceChildren();
  const options = new dwv.AppOptions({'*': [new dwv.ViewConfig('picture')]});
  options.viewOnFirstLoadItem = false;
  const app = new dwv.App();
  app.init(options);
  app.addEventListener('error', (event) => tell('error', `${event.error} ${event.error?.stack}`));
  app.addEventListener('loaderror', (event) => tell('error', `${event.error} ${event.error?.stack}`));
  return app;
}

function load(app, name) {
  return new Promise((resolve) => {
    const loaded = (event) => {
      app.removeEventListener('load', loaded);
      resolve(event.dataid);
    };
    app.addEventListener('load', loaded);
    app.loadURLs([new URL('/file/' + name, location.href).href]);
  });
}

async function show(asked) {
  const app = begun();
  const image = await load(app, asked.picture);
  const meta = app.getMetaData(image);
  const place = document.getElementById('picture').style;
  place.width = `${2 * meta['00280011'].value[0]}px`;
  place.height = `${2 * meta['00280010'].value[0]}px`;
  app.render(image);
  const controller = () => app.getLayerGroupByDivId('picture').getBaseViewLayer().getViewController();
  const answer = {frames: []};
  answer.patient = meta['00100010']?.value[0];
  let labels;
  if (asked.report) {
    labels = await load(app, asked.report);
    const list = app.getData(labels).annotationGroup.getList();
    if (asked.hand_frames) list.forEach((one, n) => { one.referencedFrameNumber = asked.hand_frames[n]; });
    app.render(labels);
    answer.labels = list.map((one) => ({
      name: one.trackingId, uid: one.trackingUid, picture: one.referencedSopInstanceUID,
      frame: one.referencedFrameNumber, text: one.getText(), shape: one.mathShape?.constructor.name,
      drawn: one.getFactory()?.constructor.name, quantification: one.quantification,
    }));
  }
  for (let frame = 0; frame < asked.frames; frame += 1) {
    if (asked.frames > 1) controller().setCurrentIndex(new dwv.Index([0, 0, 0, frame]));
    await new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    const [picture, ...above] = document.querySelectorAll('#picture canvas');
    const seen = {picture: picture.toDataURL('image/png'), labels: merged(above)};
    words(app, labels, false);
    seen.shapes = merged(above);
    words(app, labels, true);
    answer.frames.push(seen);
  }
  if (asked.play) answer.lasts_s = await lasts(app, controller());
  return answer;
}

// Seconds from the first frame's coming to its coming again.
function lasts(app, controller) {
  return new Promise((resolve) => {
    let began;
    app.addEventListener('positionchange', () => {
      if (controller.getCurrentPosition().get(3) !== 0) return;
      if (began !== undefined) {
        controller.stop();
        resolve((performance.now() - began) / 1000);
      }
      began = performance.now();
    });
    controller.play();
  });
}

// What becomes of an object that is no picture, beside the pictures that it is of: what dwv makes of it, or its error.
async function other(asked) {
  const options = new dwv.AppOptions({'*': [new dwv.ViewConfig('picture')]});
  options.viewOnFirstLoadItem = false;
  const app = new dwv.App();
  app.init(options);
  if (asked.beside) await load(app, asked.beside);
  return new Promise((resolve) => {
    for (const name of ['error', 'loaderror']) {
      app.addEventListener(name, (event) => resolve({error: String(event.error?.message ?? event.error)}));
    }
    app.addEventListener('load', (event) => resolve(madeOf(app, event.dataid)));
    app.loadURLs([new URL('/file/' + asked.picture, location.href).href]);
  });
}

function madeOf(app, id) {
  const {image, annotationGroup} = app.getData(id);
  return {patient: app.getMetaData(id)?.['00100010']?.value?.[0], shows: Boolean(image || annotationGroup)};
}

// Shows or hides the words beside the shapes.
function words(app, labels, shown) {
  for (const layer of labels ? app.getDrawLayersByDataId(labels) : []) {
    const drawn = layer.getKonvaLayer();
    drawn.find((node) => node.getClassName() === 'Label' || node.name() === 'connector').forEach((node) => node.visible(shown));
    drawn.draw();
  }
}

// The label layers one over the other, with nothing below.
function merged(canvases) {
  if (!canvases.length) return '';
  const all = document.createElement('canvas');
  [all.width, all.height] = [canvases[0].width, canvases[0].height];
  for (const one of canvases) all.getContext('2d').drawImage(one, 0, 0);
  return all.toDataURL('image/png');
}

function tell(what, words) {
  return fetch('/told/' + what, {method: 'POST', body: words});
}

async function all() {
  const answers = [];
  for (const asked of await (await fetch('/asked.json')).json()) answers.push(await (asked.other ? other : show)(asked));
  await tell('answer', JSON.stringify(answers));
}

all().catch((error) => tell('error', `${error} ${error.stack}`));
