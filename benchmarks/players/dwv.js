// dwv plays the clip at the rate that it takes from the file; the page tells when it began to.
import * as dwv from 'dwv';

if (dwv.decoderScripts) dwv.decoderScripts['jpeg-baseline'] = '/decoders/pdfjs/decode-jpegbaseline.js';
const app = new dwv.App();
app.init(new dwv.AppOptions({'*': [new dwv.ViewConfig('picture')]}));
app.addEventListener('error', (event) => tell('error', `${event.error} ${event.error?.message}`));
app.addEventListener('load', () => {
  app.getLayerGroupByDivId('picture').getActiveViewLayer().getViewController().play();
  tell('playing', '');
});
app.loadURLs([new URL('/file/clip.dcm', location.href).href]);

function tell(what, words) {
  fetch('/told/' + what, {method: 'POST', body: words});
}
