//! Who is writing, and whether an opt-out would be heard (L-06..L-08, L-10, L-16, L-36..L-38, L-41).

use super::document::names_advertising;
use super::{Dns, Known, Level, Remark};
use model::{Campaign, Channel, ShopProfile};

/// From so many mails a day on, Gmail asks for SPF, DKIM and DMARC together, and for the one-click opt-out.
const BULK: u64 = 5_000;

/// Mailboxes that anybody can open: no shop's own.
const OPEN_TO_ALL: [&str; 16] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.co.jp",
    "yahoo.com",
    "ymail.ne.jp",
    "outlook.com",
    "outlook.jp",
    "hotmail.com",
    "hotmail.co.jp",
    "live.jp",
    "icloud.com",
    "me.com",
    "docomo.ne.jp",
    "ezweb.ne.jp",
    "au.com",
    "softbank.ne.jp",
];

pub(super) fn remarks(campaign: &Campaign, shop: &ShopProfile, known: &Known) -> Vec<Remark> {
    let mut remarks = vec![];
    if !names_advertising(&shop.purpose) {
        remarks.push(Remark::of("L-16", "purpose"));
    }
    if !campaign.steps.iter().any(|s| s.channel == Some(Channel::Mail)) {
        return remarks;
    }
    remarks.extend(profile(shop));
    remarks.extend(opt_out(shop, known));
    remarks.extend(genuine(shop, known));
    remarks.extend(dns(known));
    if known.opt_out_waits > 48 {
        remarks.push(Remark::of("L-38", "opt_out"));
    }
    remarks
}

fn profile(shop: &ShopProfile) -> Vec<Remark> {
    let lacks = [
        ("L-06", "name", shop.sender(), "送信者の名称が未設定です", "the sender's name is not set"),
        ("L-08", "address", &shop.address, "送信者の住所が未設定です", "the sender's address is not set"),
        (
            "L-08",
            "contact",
            &shop.contact,
            "問い合わせ先が未設定です",
            "the contact for questions is not set",
        ),
    ];
    let lacks = lacks.into_iter().filter(|(_, _, set, _, _)| set.trim().is_empty());
    lacks.map(|(id, field, _, ja, en)| Remark::of(id, field).saying(ja, en)).collect()
}

fn opt_out(shop: &ShopProfile, known: &Known) -> Vec<Remark> {
    let url = shop.public_url.trim();
    if url.is_empty() && !known.mailto_opt_out {
        return vec![Remark::of("L-07", "public_url").saying(
            "配信停止の受け口がありません。公開アドレスか、停止用のメールアドレスを設定してください",
            "nobody would hear an opt-out: set the public address, or an address for opt-outs by mail",
        )];
    }
    if url.is_empty() {
        let level = if known.mails_per_day >= BULK { Level::Block } else { Level::Warn };
        return vec![Remark::of("L-37", "public_url").level(level).saying(
            "配信停止はメールでだけ受け付けます。ワンクリックの停止には公開アドレスが要ります",
            "opt-outs come by mail only: one click needs the public address",
        )];
    }
    if !url.starts_with("https://") {
        return vec![Remark::of("L-37", "public_url").saying(
            "公開アドレスは https:// で始まる必要があります",
            "the public address must begin with https://",
        )];
    }
    match known.public_answers {
        Some(true) => vec![],
        Some(false) => vec![
            Remark::of("L-07", "public_url")
                .saying("配信停止のページが応答しません", "the page for opting out does not answer"),
        ],
        None => vec![Remark::of("not_checked", "public_url").saying(
            "配信停止のページが応答するか、まだ確かめていません",
            "whether the page for opting out answers was not tried yet",
        )],
    }
}

fn genuine(shop: &ShopProfile, known: &Known) -> Vec<Remark> {
    let from = known.from_address.trim();
    let Some(domain) = domain(from) else {
        let remark = Remark::of("L-10", "from_address");
        return vec![remark.saying("差出人のアドレスを設定してください", "the From address is not set")];
    };
    let ours = [host(&shop.site), host(&shop.public_url)];
    let aligned = known.dns.is_some_and(|dns| dns.aligned && (dns.spf || dns.dkim));
    let own = |domain: &str| ours.iter().flatten().any(|host| registered(host) == registered(domain));
    let mut remarks = vec![];
    if OPEN_TO_ALL.contains(&domain.as_str()) {
        remarks.push(Remark::of("L-10", "from_address").found(vec![domain.clone()]).saying(
            "フリーメールや携帯のアドレスは差出人に使えません。お店のドメインをお使いください",
            "a mailbox that anybody can open is no sender: use the shop's own domain",
        ));
    } else if !own(&domain) && !aligned {
        remarks.push(Remark::of("L-10", "from_address").found(vec![domain.clone()]));
    }
    let reply = self::domain(known.reply_to.trim());
    if let Some(reply) = reply.filter(|r| registered(r) != registered(&domain) && !own(r)) {
        remarks.push(Remark::of("L-10", "reply_to").found(vec![reply]).saying(
            "返信先のドメインが、差出人ともお店のサイトとも違います",
            "answers would go to a domain that is neither the sender's nor the shop's",
        ));
    }
    remarks
}

fn dns(known: &Known) -> Vec<Remark> {
    let bulk = known.mails_per_day >= BULK;
    let Some(Dns { spf, dkim, dmarc, aligned }) = known.dns else {
        let (ja, en) =
            ("SPF・DKIM・DMARCをまだ確かめていません", "SPF, DKIM and DMARC were not looked at yet");
        let id = if bulk { "L-36" } else { "not_checked" };
        return vec![Remark::of(id, "dns").saying(ja, en)];
    };
    let mut remarks = vec![];
    if bulk && !(spf && dkim && dmarc && aligned) {
        remarks.push(Remark::of("L-36", "dns").found(missing(known)));
    } else if !spf && !dkim {
        remarks.push(Remark::of("L-36", "dns").level(Level::Warn).found(missing(known)));
    }
    if !(spf && dkim && dmarc) {
        remarks.push(Remark::of("L-41", "dns").found(missing(known)));
    }
    remarks
}

fn missing(known: &Known) -> Vec<String> {
    let dns = known.dns.unwrap_or_default();
    let parts = [(dns.spf, "SPF"), (dns.dkim, "DKIM"), (dns.dmarc, "DMARC"), (dns.aligned, "alignment")];
    parts.into_iter().filter(|(there, _)| !there).map(|(_, name)| name.to_owned()).collect()
}

fn domain(address: &str) -> Option<String> {
    let (name, domain) = address.rsplit_once('@')?;
    let plain = domain.contains('.') && !address.contains(|c: char| c.is_whitespace() || c.is_control());
    (plain && !name.is_empty()).then(|| domain.to_lowercase())
}

pub(super) fn host(url: &str) -> Option<String> {
    let rest = url.trim().split_once("://").map_or(url.trim(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or("").to_lowercase();
    host.contains('.').then_some(host)
}

/// The part of a domain that somebody has registered: two labels, three below `co.jp` and its like.
pub(super) fn registered(domain: &str) -> String {
    const SECOND: [&str; 10] = ["co", "or", "ne", "ac", "ad", "ed", "go", "gr", "lg", "com"];
    let labels: Vec<&str> = domain.split('.').collect();
    let second = labels.len() >= 3 && SECOND.contains(&labels[labels.len() - 2]);
    let keep = if second { 3 } else { 2 };
    labels[labels.len().saturating_sub(keep)..].join(".")
}
