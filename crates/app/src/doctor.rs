//! What is missing or doubtful in this installation, with what to do about it.

use crate::App;
use anyhow::Result;
use clearance::RULES;
use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Good,
    Note,
    Problem,
}

/// One thing looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub level: Level,
    pub ja: String,
    pub en: String,
}

pub(crate) fn finding(level: Level, ja: String, en: String) -> Finding {
    Finding { level, ja, en }
}

impl App {
    /// Looks at the store, the imports, the data's age and quality, and the rules.
    pub fn doctor(&self) -> Result<Vec<Finding>> {
        let mut found = vec![finding(
            Level::Good,
            format!("データの置き場所: {}", self.data_dir().display()),
            format!("everything is kept in {}", self.data_dir().display()),
        )];
        found.push(self.age()?);
        found.extend(self.interrupted()?);
        found.extend(self.open_pairs()?);
        found.extend(self.keeping_findings()?);
        let unverified: Vec<&str> = RULES.iter().filter(|r| !r.verified).map(|r| r.id).collect();
        found.push(finding(
            Level::Note,
            format!("次の規則は出典を未確認です。ご自身で確認してください: {}", unverified.join(", ")),
            format!("these rules rest on common knowledge, check them yourself: {}", unverified.join(", ")),
        ));
        if self.settings()?.shop.is_empty() {
            found.push(finding(
                Level::Note,
                "店名が未設定です: mezame settings set shop 店名".to_owned(),
                "the shop has no name yet: mezame settings set shop NAME".to_owned(),
            ));
        }
        found.extend(self.sender()?);
        found.push(self.postal()?);
        Ok(found)
    }

    /// Whether postal codes can be checked before something is printed.
    fn postal(&self) -> Result<Finding> {
        Ok(match self.postal_codes()? {
            Some(known) => finding(
                Level::Good,
                format!("郵便番号簿は {} に読み込んだものです({}件)", known.loaded, known.codes),
                format!("postal codes were loaded on {} ({} of them)", known.loaded, known.codes),
            ),
            None => finding(
                Level::Note,
                "郵便番号簿がないため、宛先の郵便番号は確かめていません: mezame post codes utf_ken_all.zip"
                    .to_owned(),
                "postal codes are unchecked without Japan Post's list: mezame post codes utf_ken_all.zip"
                    .to_owned(),
            ),
        })
    }

    /// What is missing before letters can leave (M174).
    fn sender(&self) -> Result<Vec<Finding>> {
        let settings = self.settings()?;
        let (shop, sending) = (settings.shop_profile(), &settings.sending);
        let mut found = Vec::new();
        if let Some(held) = self.held()? {
            let (ja, en) = match held.restored {
                true => ("バックアップから戻した場所です", "a backup was put back here"),
                false => ("控えとデータベースが食い違っています", "journal and database disagree"),
            };
            let letters = held.forgotten.len();
            found.push(finding(
                Level::Problem,
                format!("送信を止めています: {ja}(控えだけにある送信 {letters}通): mezame work --held"),
                format!("sending is held: {en} ({letters} letters in the journal alone): mezame work --held"),
            ));
        }
        let missing: Vec<&str> = [
            (sending.host.is_empty(), "sending.host"),
            (sending.from.is_empty(), "sending.from"),
            (shop.address.is_empty(), "profile.address"),
            (shop.contact.is_empty(), "profile.contact"),
            (shop.site.is_empty(), "profile.site"),
            (shop.public_url.is_empty(), "profile.public_url"),
            (shop.purpose.is_empty(), "profile.purpose"),
        ]
        .into_iter()
        .filter_map(|(missing, key)| missing.then_some(key))
        .collect();
        if !missing.is_empty() {
            found.push(finding(
                Level::Note,
                format!("メールを送るには次の設定が要ります(mezame settings set): {}", missing.join(", ")),
                format!(
                    "to send mail these settings are needed (mezame settings set): {}",
                    missing.join(", ")
                ),
            ));
            return Ok(found);
        }
        let domain = sending.domain();
        let looked = self.inner.store.setting(&format!("dns.{domain}"))?.is_some();
        found.push(match looked {
            true => finding(
                Level::Good,
                format!("{domain} からメールを送れます"),
                format!("mail can be sent from {domain}"),
            ),
            false => finding(
                Level::Note,
                format!("{domain} のSPF・DKIM・DMARCをまだ確かめていません: mezame doctor mail {domain}"),
                format!(
                    "SPF, DKIM and DMARC of {domain} were not looked at yet: mezame doctor mail {domain}"
                ),
            ),
        });
        Ok(found)
    }

    /// Orders older than two days make every judgement a little wrong (M158).
    fn age(&self) -> Result<Finding> {
        let Some(latest) = self.inner.store.latest_order()? else {
            return Ok(finding(
                Level::Problem,
                "受注がまだありません: mezame import 受注.csv".to_owned(),
                "no orders yet: mezame import orders.csv".to_owned(),
            ));
        };
        let hours = (self.now() - latest) / 3600;
        if hours < 0 {
            return Ok(finding(
                Level::Note,
                "いまより先の日時の受注があります。取込元の時計や日付の列を確認してください".to_owned(),
                "some orders are dated later than now: look at the source's clock and date column".to_owned(),
            ));
        }
        let level = if hours > 48 { Level::Problem } else { Level::Good };
        Ok(finding(
            level,
            format!("最新の受注は{hours}時間前のものです"),
            format!("the newest order is {hours} hours old"),
        ))
    }

    fn interrupted(&self) -> Result<Option<Finding>> {
        // Newest first: a later import of the same file that finished has completed it.
        let mut finished = std::collections::BTreeSet::new();
        let mut broken = Vec::new();
        for import in self.imports(200)? {
            if import.finished {
                finished.insert(import.path);
            } else if import.interrupted && !finished.contains(&import.path) {
                broken.push(import.path);
            }
        }
        Ok((!broken.is_empty()).then(|| {
            finding(
                Level::Problem,
                format!(
                    "途中で止まった取込があります。同じファイルをもう一度取り込むと完了します: {}",
                    broken.join(", ")
                ),
                format!(
                    "imports that stopped midway; import the same file again to complete them: {}",
                    broken.join(", ")
                ),
            )
        }))
    }

    fn open_pairs(&self) -> Result<Option<Finding>> {
        let (open, _) = self.inner.store.suggestions(0, 1)?;
        Ok((open > 0).then(|| {
            finding(
                Level::Note,
                format!("同じ方かもしれない組が{open}件あります: mezame match list"),
                format!("{open} pairs of records may be one person: mezame match list"),
            )
        }))
    }
}
