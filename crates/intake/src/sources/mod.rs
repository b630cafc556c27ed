//! The known shop systems: one source, one file, one line here.

mod amazon;
mod base;
mod colorme;
mod eccube;
mod ecforce;
mod eight;
mod futureshop;
mod hubspot;
mod kintone;
mod makeshop;
mod moneyforward;
mod nextengine;
mod rakuten;
mod salesforce;
mod shopify;
mod smaregi;
mod stores;
mod yahoo;

use crate::format::Format;
use model::Kind;

/// Every source's formats. A new source adds its module above and its line here.
pub static ALL: &[&[Format]] = &[
    eccube::FORMATS,
    shopify::FORMATS,
    base::FORMATS,
    nextengine::FORMATS,
    colorme::FORMATS,
    makeshop::FORMATS,
    futureshop::FORMATS,
    stores::FORMATS,
    rakuten::FORMATS,
    yahoo::FORMATS,
    amazon::FORMATS,
    ecforce::FORMATS,
    smaregi::FORMATS,
    moneyforward::FORMATS,
    eight::FORMATS,
    hubspot::FORMATS,
    salesforce::FORMATS,
    kintone::FORMATS,
];

/// A source as it is offered to people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SourceInfo {
    /// The word for `--source`.
    pub name: &'static str,
    /// Title of its first format.
    pub ja: &'static str,
    pub kinds: Vec<Kind>,
}

/// Every format of every source.
pub fn formats() -> impl Iterator<Item = &'static Format> {
    ALL.iter().flat_map(|list| list.iter())
}

/// Every source once, in the order of `ALL`.
pub fn sources() -> Vec<SourceInfo> {
    let mut list: Vec<SourceInfo> = Vec::new();
    for format in formats() {
        match list.iter_mut().find(|s| s.name == format.source) {
            Some(known) if known.kinds.contains(&format.kind) => {}
            Some(known) => known.kinds.push(format.kind),
            None => list.push(SourceInfo { name: format.source, ja: format.title, kinds: vec![format.kind] }),
        }
    }
    list
}
