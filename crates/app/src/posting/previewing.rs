//! A step as it will print, before there is any touch of it.

use super::addressing::addressed;
use super::kept::{Kept, PrintAs, faces, paper};
use super::printing::PostFile;
use crate::campaigns::Letter;
use crate::{App, sending};
use anyhow::{Context, Result, ensure};
use model::{Campaign, Channel, ShopProfile};
use outreach::Fields;
use outreach::post::Message;
use outreach::post::pdf::print;

/// As long as a signed token is, so that the code looks as it will.
const TOKEN: &str = "previewpreviewpreviewpreviewp";

impl App {
    /// A step of post as these customers would get it, in one PDF. An error where a piece cannot be printed,
    /// with the reason.
    pub fn preview_post(
        &self,
        campaign: &Campaign,
        step: usize,
        variant: usize,
        people: &[i64],
        kind: &PrintAs,
    ) -> Result<PostFile> {
        ensure!(*kind != PrintAs::Csv, "a file for a print shop has no preview: choose postcards or letters");
        let around = self.surroundings(self.now(), true)?;
        let title = campaign.name.clone();
        let kept = Kept::new(&around.settings, kind, 0, [0, 0], title, around.settings.day_of(around.now));
        let press = paper(campaign, step, variant, &around.shop)?;
        let records = self.inner.store.records_of(people)?;
        let bought = self.bought(campaign, people)?;
        let code = crate::campaigns::sample_code(campaign, step, variant);
        let directory = self.directory()?;
        let mut pieces = vec![];
        for person in people {
            let Some(records) = records.get(person) else { continue };
            let at = records.iter().find(|r| r.record.destination(Channel::Post).is_some());
            let Some(stored) = at else { continue };
            let fields = sending::fields(records, bought.get(person), code.as_deref(), &around);
            let shop = &around.shop;
            let qr_url = match shop.public_url.trim_end_matches('/') {
                "" => press.links().first().cloned().unwrap_or_else(|| shop.site.clone()),
                door => format!("{door}/c/{TOKEN}"),
            };
            let (mut piece, _) = addressed(&stored.record, directory.as_ref());
            piece.message = press.print(&fields)?;
            piece.qr_url = qr_url;
            piece.reference = format!("0-{:04}", pieces.len() + 1);
            pieces.push(piece);
        }
        ensure!(!pieces.is_empty(), "none of these customers has a postal address");
        let job = kept.job()?.context("nothing to lay out")?;
        let printed = print(&pieces, kept.imprint(), &job, &faces(&around.settings)?)?;
        if let Some(held) = printed.held.first().filter(|_| printed.pages == 0) {
            let faults: Vec<String> = held.faults.iter().map(ToString::to_string).collect();
            anyhow::bail!("{}", faults.join("; "));
        }
        Ok(PostFile {
            name: format!("preview-{}.pdf", kind.word()),
            kind: "application/pdf",
            bytes: printed.pdf,
        })
    }
}

/// A piece's words to read on a screen: what stands on paper, and where the code leads.
pub(crate) fn as_text(
    campaign: &Campaign,
    step: usize,
    variant: usize,
    fields: &Fields,
    shop: &ShopProfile,
) -> Result<Letter, String> {
    let printed = paper(campaign, step, variant, shop).and_then(|press| Ok(press.print(fields)?));
    let Message { headline, mut paragraphs, offer, call } = printed.map_err(|why| format!("{why:#}"))?;
    paragraphs.extend(offer.map(|offer| format!("【特典】{}（{}まで）", offer.text, offer.ends)));
    paragraphs.push(format!("▣ {call}"));
    let text = paragraphs.join("\n\n");
    Ok(Letter { subject: headline, preheader: String::new(), html: String::new(), text, button: None })
}
