//! Fonts: which glyph a character has, how wide it is, and which characters have none.

use krilla::text::{Font, GlyphId};
use skrifa::charmap::MapVariant;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Why a font cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    #[error(
        "フォント {path} を開けません（{source}）。Debianでは fonts-noto-cjk パッケージに含まれます / the font {path} cannot be opened ({source}); on Debian it comes with fonts-noto-cjk"
    )]
    Missing { path: PathBuf, source: std::io::Error },
    #[error("{path} はOpenTypeフォントではありません / {path} is not an OpenType font (.otf, .ttf or .ttc)")]
    NotAFont { path: PathBuf },
}

/// The two weights of a print: text, and what stands out (names, headlines).
pub struct Faces {
    pub(crate) text: Face,
    pub(crate) strong: Face,
}

impl Faces {
    /// Opens two fonts; of a collection (`.ttc`) the first is taken, which in Noto CJK is the Japanese
    /// one. Both paths may be the same.
    pub fn open(text: &Path, strong: &Path) -> Result<Faces, FontError> {
        Ok(Faces { text: Face::open(text)?, strong: Face::open(strong)? })
    }
}

/// One font with the width of every character, in em.
pub(crate) struct Face {
    pub font: Font,
    glyphs: HashMap<char, Glyph>,
    variants: HashMap<(char, char), Glyph>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Glyph {
    pub id: GlyphId,
    /// em.
    pub advance: f32,
}

impl Face {
    fn open(path: &Path) -> Result<Face, FontError> {
        let data =
            std::fs::read(path).map_err(|source| FontError::Missing { path: path.to_owned(), source })?;
        let unusable = || FontError::NotAFont { path: path.to_owned() };
        let (glyphs, variants) = tables(&data).ok_or_else(unusable)?;
        let font = Font::new(data.into(), 0).ok_or_else(unusable)?;
        Ok(Face { font, glyphs, variants })
    }

    /// The glyph of a character, with the variation selector that follows it in the text if any.
    pub fn glyph(&self, c: char, selector: Option<char>) -> Option<Glyph> {
        match selector {
            Some(selector) => self.variants.get(&(c, selector)).copied(),
            None => self.glyphs.get(&c).copied(),
        }
    }
}

type Tables = (HashMap<char, Glyph>, HashMap<(char, char), Glyph>);

fn tables(data: &[u8]) -> Option<Tables> {
    let font = FontRef::from_index(data, 0).ok()?;
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let em = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
    let glyph = |id: skrifa::GlyphId| {
        let advance = metrics.advance_width(id)? / em;
        (id.to_u32() != 0).then(|| Glyph { id: GlyphId::new(id.to_u32()), advance })
    };
    let charmap = font.charmap();
    let glyphs: HashMap<char, Glyph> =
        charmap.mappings().filter_map(|(c, id)| Some((char::from_u32(c)?, glyph(id)?))).collect();
    let variants = charmap.variant_mappings().filter_map(|(c, selector, variant)| {
        let (c, selector) = (char::from_u32(c)?, char::from_u32(selector)?);
        let glyph = match variant {
            MapVariant::UseDefault => *glyphs.get(&c)?,
            MapVariant::Variant(id) => glyph(id)?,
        };
        Some(((c, selector), glyph))
    });
    let variants = variants.collect();
    (!glyphs.is_empty()).then_some((glyphs, variants))
}

/// Whether a character only chooses a form of the one before it (IVS and standardised variants).
pub(crate) fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}
