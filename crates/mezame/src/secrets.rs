//! Passwords and keys: a file beside the data that only its owner reads, and the environment.

use anyhow::{Context, Result, bail, ensure};
use app::Secrets;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The file as it is written.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    /// SMTP password; MEZAME_SMTP_PASSWORD goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    smtp_password: String,
    /// Of the mailbox that bounces come to; MEZAME_IMAP_PASSWORD goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    imap_password: String,
    /// Token or password of the SMS provider; MEZAME_SMS_SECRET goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    sms_secret: String,
    /// What its reports are proven by, where that is another; MEZAME_SMS_HOOK_SECRET goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    sms_hook_secret: String,
    /// Access token of the LINE channel; MEZAME_LINE_TOKEN goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    line_token: String,
    /// Its channel secret, which signs what LINE tells; MEZAME_LINE_SECRET goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    line_secret: String,
    /// What calls with files prove themselves by; MEZAME_IMPORT_TOKEN goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    import_token: String,
    /// What calls with orders are signed with; MEZAME_ORDER_SECRET goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    order_secret: String,
    /// What the shop's site signs its own customer numbers with; MEZAME_VISIT_SECRET goes before it.
    #[serde(skip_serializing_if = "String::is_empty")]
    visit_secret: String,
    /// The DKIM key, as PEM.
    #[serde(skip_serializing_if = "String::is_empty")]
    dkim_key: String,
    /// SendGrid's public key of its event webhook.
    #[serde(skip_serializing_if = "String::is_empty")]
    sendgrid_key: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sns_topics: Vec<String>,
    /// The first signs links and return paths, all of them verify: a new one goes in front.
    signing: Vec<Signing>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signing {
    id: u8,
    /// 64 hexadecimal digits.
    key: String,
}

/// Where the file lies.
pub fn path(data: &Path) -> PathBuf {
    data.join("secrets.toml")
}

/// Reads the file, making it with a first signing key where it is missing.
#[allow(clippy::disallowed_methods, reason = "the binary is what reads the environment")]
pub fn load(data: &Path) -> Result<Secrets> {
    let path = path(data);
    if !path.exists() {
        std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
        write(&path, &File { signing: vec![new_key(1)?], ..File::default() })?;
    }
    let file = read(&path)?;
    let some = |text: String| (!text.is_empty()).then_some(text);
    let mut variables = vec![];
    let mut told = |variable: &'static str, text: String| {
        let value = std::env::var(variable).ok().inspect(|_| variables.push(variable));
        value.or(some(text))
    };
    let smtp_password = told("MEZAME_SMTP_PASSWORD", file.smtp_password);
    let imap_password = told("MEZAME_IMAP_PASSWORD", file.imap_password);
    let sms_secret = told("MEZAME_SMS_SECRET", file.sms_secret);
    let sms_hook_secret = told("MEZAME_SMS_HOOK_SECRET", file.sms_hook_secret);
    let line_token = told("MEZAME_LINE_TOKEN", file.line_token);
    let line_secret = told("MEZAME_LINE_SECRET", file.line_secret);
    let import_token = told("MEZAME_IMPORT_TOKEN", file.import_token);
    let order_secret = told("MEZAME_ORDER_SECRET", file.order_secret);
    let visit_secret = told("MEZAME_VISIT_SECRET", file.visit_secret);
    let signing = file.signing.iter().map(|s| Ok((s.id, bytes(&s.key)?))).collect::<Result<_>>();
    Ok(Secrets {
        signing: signing.with_context(|| format!("reading the signing keys in {}", path.display()))?,
        smtp_password,
        imap_password,
        sms_secret,
        sms_hook_secret,
        line_token,
        line_secret,
        import_token,
        order_secret,
        visit_secret,
        dkim_key: some(file.dkim_key),
        sendgrid_key: some(file.sendgrid_key),
        sns_topics: file.sns_topics,
        variables,
    })
}

/// Puts a new signing key in front; the others go on verifying. Returns its number.
pub fn rotate(data: &Path) -> Result<u8> {
    let path = path(data);
    let mut file = read(&path)?;
    let Some(id) = (1..=u8::MAX).find(|id| file.signing.iter().all(|s| s.id != *id)) else {
        bail!("there are 255 signing keys: take those of letters long gone out of {}", path.display());
    };
    file.signing.insert(0, new_key(id)?);
    write(&path, &file)?;
    Ok(id)
}

/// What a new secret is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Calls with files.
    Import,
    /// Calls with orders.
    Orders,
    /// Visits of customers whom the shop's site names.
    Visits,
}

/// Keeps a new secret for calls in place of the one before, and gives it.
pub fn new_call_secret(data: &Path, call: Call) -> Result<String> {
    let path = path(data);
    let mut file = read(&path)?;
    let secret = new_key(0)?.key;
    match call {
        Call::Import => secret.clone_into(&mut file.import_token),
        Call::Orders => secret.clone_into(&mut file.order_secret),
        Call::Visits => secret.clone_into(&mut file.visit_secret),
    }
    write(&path, &file)?;
    Ok(secret)
}

/// Keeps a DKIM key; one that is there already stays unless it is to be replaced.
pub fn keep_dkim(data: &Path, pem: &str, replace: bool) -> Result<()> {
    let path = path(data);
    let mut file = read(&path)?;
    ensure!(
        file.dkim_key.is_empty() || replace,
        "there is a DKIM key already: letters on their way are checked with its record; --replace if it must be"
    );
    pem.clone_into(&mut file.dkim_key);
    write(&path, &file)
}

/// 32 bytes nobody can foretell.
fn new_key(id: u8) -> Result<Signing> {
    let mut key = [0; 32];
    getrandom::fill(&mut key).map_err(|e| anyhow::anyhow!("the system gives no random bytes: {e}"))?;
    Ok(Signing { id, key: key.iter().map(|b| format!("{b:02x}")).collect() })
}

fn read(path: &Path) -> Result<File> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    // The error's own text quotes the line, and the line may be a secret.
    toml::from_str(&text).map_err(|e| {
        let line = e.span().map_or(0, |s| text[..s.start].matches('\n').count() + 1);
        anyhow::anyhow!("{} cannot be read: line {line} is no setting this version knows", path.display())
    })
}

fn write(path: &Path, file: &File) -> Result<()> {
    let named = || format!("writing {}", path.display());
    let text = toml::to_string_pretty(file).with_context(named)?;
    let new = path.with_extension("toml.new");
    let mut options = std::fs::OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut out = options.open(&new).with_context(named)?;
    std::io::Write::write_all(&mut out, text.as_bytes()).with_context(named)?;
    out.sync_all().with_context(named)?;
    std::fs::rename(&new, path).with_context(named)
}

fn bytes(hex: &str) -> Result<[u8; 32]> {
    ensure!(hex.len() == 64 && hex.is_ascii(), "a key is 64 hexadecimal digits");
    let mut key = [0; 32];
    for (i, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).context("a key is 64 hexadecimal digits")?;
    }
    Ok(key)
}
