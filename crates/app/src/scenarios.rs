//! Ready Japanese scenarios, each a document under `crates/app/scenarios/`.

mod document;
#[cfg(test)]
mod tests;

pub use document::{campaign_from_toml, campaign_to_toml};

use anyhow::Result;
use model::{Campaign, Day};

/// A reusable series of steps, whole but for what only the shop can say: name, owner, first day,
/// and the slots marked `【...ここに】`.
pub struct Scenario {
    pub id: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub description_ja: &'static str,
    pub description_en: &'static str,
    /// The offer's last day, in days after the start; `None` where nothing is offered.
    pub offer_days: Option<i32>,
    /// The document with its comments, as an operator gets it.
    pub toml: &'static str,
}

impl Scenario {
    /// The campaign as it begins on a day: its offer ends some days after its last letter.
    ///
    /// # Errors
    /// Where the document cannot be read, which the suite rules out.
    pub fn starting(&self, start: Day) -> Result<Campaign> {
        let mut campaign = campaign_from_toml(self.toml, self.id)?;
        campaign.start = Some(start);
        if let Some(offer) = &mut campaign.offer {
            offer.ends = self.offer_days.map(|days| start.plus(days));
        }
        Ok(campaign)
    }
}

/// The campaign of a scenario, still without name, owner and start; `None` where no scenario has
/// that id. (The suite reads every document, so none is lost to an error here.)
pub fn scenario(id: &str) -> Option<Campaign> {
    let found = SCENARIOS.iter().find(|s| s.id == id)?;
    campaign_from_toml(found.toml, id).ok()
}

/// In the order in which an operator is offered them.
pub static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "r181",
        ja: "R181 休眠からのお誘い",
        en: "R181: win back the dormant",
        description_ja: "最後のご注文から181日以上の方へ、お礼とご様子伺い、使う理由、迷う理由への答え、特典、期限の順に五通。ご注文があれば以後は届きません。本文の【…ここに】に商品の理由とご質問の答えを書いてください。",
        description_en: "Five letters to those silent for 181 days or more: thanks, reasons to use it, answers to objections, an offer, its end. An order stops the rest. Fill in the slots marked 【…ここに】 with your reasons and answers.",
        offer_days: Some(35),
        toml: include_str!("../scenarios/r181.toml"),
    },
    Scenario {
        id: "resume_subscription",
        ja: "定期便のご案内",
        en: "Resume the subscription",
        description_ja: "以前定期便をご利用だった方と、三回以上くり返しお求めの方へ五通。休み方とやめ方への答えを、特典より先にお伝えします。定期便の条件を【…ここに】に書いてください。",
        description_en: "Five letters to former subscribers and to those who ordered three times or more. How to pause and how to leave comes before any offer. Write your subscription's terms into the slots 【…ここに】.",
        offer_days: Some(35),
        toml: include_str!("../scenarios/resume_subscription.toml"),
    },
    Scenario {
        id: "one_time",
        ja: "一度だけお求めの方へ",
        en: "Bought once",
        description_ja: "ご注文が一回の方へ、二週間以上の間をあけて三通。使い方を先にお伝えし、もう一度お試しいただく特典で結びます。使い方を【…ここに】に書いてください。",
        description_en: "Three letters, two weeks or more apart, to those who ordered once: thanks, how to use it, and a chance to try again. Write how to use it into the slots 【…ここに】.",
        offer_days: Some(56),
        toml: include_str!("../scenarios/one_time.toml"),
    },
    Scenario {
        id: "vip",
        ja: "上得意様のご招待",
        en: "Invitation for the best customers",
        description_ja: "ご購入額が上位二割で二回以上お求めの方へ、割引を伴わないご招待とひと足早いご案内。催しの内容を【…ここに】に書いてください。",
        description_en: "For the top fifth by spend with two orders or more: an invitation and a first look, without any discount. Write the occasion into the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/vip.toml"),
    },
    Scenario {
        id: "letter_30",
        ja: "30日のお便り",
        en: "Letter after 30 days",
        description_ja: "最後のご注文から30〜59日の方へ、お礼と使い方の二通。特典はありません。使い方を【…ここに】に書いてください。",
        description_en: "Two letters 30 to 59 days after the last order: thanks, and how to use it. No offer. Fill in the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/letter_30.toml"),
    },
    Scenario {
        id: "letter_60",
        ja: "60日のお便り",
        en: "Letter after 60 days",
        description_ja: "最後のご注文から60〜89日の方へ、買い足しのお尋ねと使う理由の二通。特典はありません。店の姿勢を【…ここに】に書いてください。",
        description_en: "Two letters 60 to 89 days after the last order: is it running low, and why people use it. No offer. Fill in the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/letter_60.toml"),
    },
    Scenario {
        id: "letter_90",
        ja: "90日のお便り",
        en: "Letter after 90 days",
        description_ja: "最後のご注文から90〜180日の方へ、お礼、使う理由、ご質問への答え、ポイントの四通。理由と答えを【…ここに】に書いてください。",
        description_en: "Four letters 90 to 180 days after the last order: thanks, reasons, answers to questions, points. Write both into the slots 【…ここに】.",
        offer_days: Some(48),
        toml: include_str!("../scenarios/letter_90.toml"),
    },
    Scenario {
        id: "letter_181",
        ja: "181日のお便り",
        en: "Letter after 181 days",
        description_ja: "最後のご注文から181〜364日の方へ、お礼、この半年の変化、送料無料の三通。変わったところを【…ここに】に書いてください。",
        description_en: "Three letters 181 to 364 days after the last order: thanks, what changed in half a year, free shipping. Write what changed into the slots 【…ここに】.",
        offer_days: Some(42),
        toml: include_str!("../scenarios/letter_181.toml"),
    },
    Scenario {
        id: "letter_365",
        ja: "365日のお便り",
        en: "Letter after 365 days",
        description_ja: "最後のご注文から365日以上の方へ、お礼とお尋ね、この一年の変化、お便りの続け方の三通。特典はありません。変わったところを【…ここに】に書いてください。",
        description_en: "Three letters 365 days or more after the last order: thanks and a question, what changed in a year, and whether to keep writing. No offer. Fill in the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/letter_365.toml"),
    },
    Scenario {
        id: "birthday",
        ja: "お誕生日のお祝い",
        en: "Birthday",
        description_ja: "お誕生日の一週間前に届く、お祝いの一通。毎日、その日を迎える方が対象になります。お祝いの言葉を【…ここに】に書いてください。",
        description_en: "One letter a week before the birthday, to whoever's day it is. Write your wishes into the slot 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/birthday.toml"),
    },
    Scenario {
        id: "replenish",
        ja: "買い足しのお尋ね",
        en: "Replenishment",
        description_ja: "手元の商品がなくなる見込みの五日前に届く一通。買った数と一個あたりの日数から、お一人ずつ見積もります。お使いの量の目安を【…ここに】に書いてください。",
        description_en: "One letter five days before the goods at home run out, reckoned for each customer from quantity and days per piece. Write how much is used into the slot 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/replenish.toml"),
    },
    Scenario {
        id: "first_arrival",
        ja: "初回のお届け後",
        en: "After the first delivery",
        description_ja: "初回のお届けから三日後と十四日後に届く二通。受注日ではなくお届けの日から数えます。使い方を【…ここに】に書いてください。",
        description_en: "Two letters three and fourteen days after the first delivery, counted from the delivery and not from the order. Write how to use it into the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/first_arrival.toml"),
    },
    Scenario {
        id: "going_quiet",
        ja: "休眠予兆のお声がけ",
        en: "Going quiet",
        description_ja: "その方のいつもの間隔を過ぎた翌日に届く一通。特典はありません。季節の話題を【…ここに】に書いてください。",
        description_en: "One letter on the day after somebody passes their usual rhythm. No offer. Write a word of the season into the slot 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/going_quiet.toml"),
    },
    Scenario {
        id: "reach_again",
        ja: "届かなくなった方へ、もう一度",
        en: "Reach them again",
        description_ja: "メールの届かない休眠の方へ、SMSでご登録の確認、はがき、メール、見込みの高い方にはお電話。ご登録を直していただけた方には、その先のメールが届きます。おすすめの言葉を【…ここに】に書いてください。",
        description_en: "For the dormant whom mail does not reach: an SMS that asks to confirm their facts, a postcard, mail once it works again, and a call to the most valuable. Write your words into the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/reach_again.toml"),
    },
    Scenario {
        id: "owner_letter",
        ja: "店長からのお手紙",
        en: "A letter from the owner",
        description_ja: "社長・店長ご本人の言葉でお礼を伝える、文章だけの一通。お名前と近況を【…ここに】に書き、ご本人が読んでから送ってください。",
        description_en: "One plain letter of thanks in the owner's own words. Write name and news into the slots 【…ここに】; let the owner read it before it goes.",
        offer_days: None,
        toml: include_str!("../scenarios/owner_letter.toml"),
    },
    Scenario {
        id: "surprise_coupon",
        ja: "思いがけないクーポン",
        en: "Surprise: a coupon",
        description_ja: "お礼のお便り、予告のないクーポン、期限のお知らせの三通。おすすめの品と使う理由を【…ここに】に書いてください。",
        description_en: "Three letters: thanks, an unannounced coupon, its end. Write what you recommend into the slot 【…ここに】.",
        offer_days: Some(28),
        toml: include_str!("../scenarios/surprise_coupon.toml"),
    },
    Scenario {
        id: "surprise_shipping",
        ja: "思いがけない送料無料",
        en: "Surprise: free shipping",
        description_ja: "お礼のお便り、送料無料のご案内、期限のお知らせの三通。おすすめの品と送料無料の対象を【…ここに】に書いてください。",
        description_en: "Three letters: thanks, free shipping, its end. Write what you recommend and what ships free into the slots 【…ここに】.",
        offer_days: Some(28),
        toml: include_str!("../scenarios/surprise_shipping.toml"),
    },
    Scenario {
        id: "surprise_gift",
        ja: "思いがけない贈り物",
        en: "Surprise: a gift",
        description_ja: "お礼のお便り、ご注文の方への贈り物、期限のお知らせの三通。贈り物の内容と条件を【…ここに】に書いてください。",
        description_en: "Three letters: thanks, a gift with the next order, its end. Write the gift and its terms into the slots 【…ここに】.",
        offer_days: Some(28),
        toml: include_str!("../scenarios/surprise_gift.toml"),
    },
    Scenario {
        id: "news",
        ja: "新着のお知らせ",
        en: "New arrivals",
        description_ja: "前回のお便りのあとに加わった品をお知らせする一通の枠。商品を【…ここに】に書いてください。",
        description_en: "The frame of one letter about what arrived since the last one. Write the products into the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/news.toml"),
    },
    Scenario {
        id: "renewal",
        ja: "リニューアルのお知らせ",
        en: "A product made new",
        description_ja: "以前お選びいただいた品の後継をお知らせし、新旧の違いにお答えする二通。その品をお求めの方に対象を絞り、違いを【…ここに】に書いてください。",
        description_en: "Two letters: what followed the product they chose, and how the two differ. Narrow it to those who bought it, and write the differences into the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/renewal.toml"),
    },
    Scenario {
        id: "expiry",
        ja: "期限の伝え方くらべ",
        en: "Two ways to say that it ends",
        description_ja: "クーポンの期限を「まだお使いいただけます」と「使えなくなります」の二通りでお知らせし、差を確かめます。近況を【…ここに】に書いてください。",
        description_en: "The same end told as something to gain and as something to lose, by lot, to learn the difference. Write your news into the slot 【…ここに】.",
        offer_days: Some(24),
        toml: include_str!("../scenarios/expiry.toml"),
    },
    Scenario {
        id: "apology",
        ja: "お詫びと訂正",
        en: "Apology and correction",
        description_ja: "誤った内容が届いた方だけにお送りする訂正の一通。保留群は取りません。対象は訂正する施策から選び、誤りと正しい内容を【…ここに】に書いてください。",
        description_en: "One correction to exactly those whom the mistake reached; nobody is held out. Choose whom by the campaign it corrects, and write both versions into the slots 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/apology.toml"),
    },
    Scenario {
        id: "subject_hour_test",
        ja: "件名・時刻・文面くらべ",
        en: "Test of subject, hour and words",
        description_ja: "基本の形と、件名、時刻、文面をそれぞれ一か所だけ変えた三つを同じ人数に届け、差を確かめます。おすすめの品を【…ここに】に書いてください。",
        description_en: "One letter, and three that differ from it in subject, hour or words alone, each to as many people. Write what you recommend into the slot 【…ここに】.",
        offer_days: None,
        toml: include_str!("../scenarios/subject_hour_test.toml"),
    },
];
