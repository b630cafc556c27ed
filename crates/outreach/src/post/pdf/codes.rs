//! Codes as boxes: the bars of the customer barcode and the modules of a QR code.

use super::page::Area;
use crate::post::barcode::{Bar, CustomerBarcode};
use qrcodegen::{QrCode, QrCodeEcc};

/// mm at 10 points (manual p12); other sizes in proportion, 8 to 11.5 points.
const LONG: f32 = 3.6;
const THIRD: f32 = 1.2;
const PITCH: f32 = 1.2;
const BAR: f32 = 0.6;
/// What stays white around the barcode on every side, mm (manual p13).
pub(crate) const BARCODE_MARGIN: f32 = 2.0;

/// Length and height in mm of a barcode of `points`.
pub(crate) const fn barcode_size(points: f32) -> [f32; 2] {
    let scale = points / 10.0;
    [((CustomerBarcode::BARS - 1) as f32 * PITCH + BAR) * scale, LONG * scale]
}

/// The bars from `left` and `top` on.
pub(crate) fn barcode(code: &CustomerBarcode, points: f32, left: f32, top: f32) -> Vec<Area> {
    let scale = points / 10.0;
    let bar = |(at, bar): (usize, &Bar)| {
        let (from, length) = match bar {
            Bar::Long => (0.0, LONG),
            Bar::Upper => (0.0, LONG - THIRD),
            Bar::Lower => (THIRD, LONG - THIRD),
            Bar::Timing => (THIRD, THIRD),
        };
        Area::new(left + at as f32 * PITCH * scale, top + from * scale, BAR * scale, length * scale)
    };
    code.bars().iter().enumerate().map(bar).collect()
}

/// The smallest module that telephones read from print without trouble, mm.
const FINEST: f32 = 0.33;
/// The white that a QR code needs around it, in modules (ISO/IEC 18004).
const QUIET: f32 = 4.0;

/// A QR code of a size.
pub(crate) struct Qr {
    code: QrCode,
    /// One module, mm.
    module: f32,
}

impl Qr {
    /// The code of `text`, its dark square `size` mm wide; None if it would be too fine to read.
    /// Error correction is medium (15 %), higher where it costs nothing.
    pub fn new(text: &str, size: f32) -> Option<Qr> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let module = size / code.size() as f32;
        (module >= FINEST).then_some(Qr { code, module })
    }

    /// What must stay white around it, mm.
    pub fn margin(&self) -> f32 {
        QUIET * self.module
    }

    /// The dark modules from `left` and `top` on, joined row by row.
    pub fn boxes(&self, left: f32, top: f32) -> Vec<Area> {
        let size = self.code.size();
        let at = |n: i32| n as f32 * self.module;
        let mut boxes = vec![];
        for y in 0..size {
            let mut x = 0;
            while x < size {
                let run = (x..size).take_while(|x| self.code.get_module(*x, y)).count() as i32;
                if run > 0 {
                    boxes.push(Area::new(left + at(x), top + at(y), at(run), self.module));
                }
                x += run.max(1);
            }
        }
        boxes
    }
}
