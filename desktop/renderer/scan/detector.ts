import { BarcodeDetector, prepareZXingModule } from 'barcode-detector/ponyfill'
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'

/** Windows has no BarcodeDetector; ours decodes with zxing, from our own files and never from a CDN. */
export function installDetector(): void {
  prepareZXingModule({
    overrides: {
      locateFile: (path: string, folder: string) => (path.endsWith('.wasm') ? wasmUrl : `${folder}${path}`),
    },
    fireImmediately: true,
  })
  Object.assign(globalThis, { BarcodeDetector })
}
